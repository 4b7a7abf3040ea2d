import {
  cumulativeIncidence,
  type IncidenceDifference,
  incidenceAt,
  incidenceDifference,
} from '../stats/cumulative_incidence.ts';
import { type AgeRow, strataOf } from './age_landmark.ts';
import { type Contrast, contrastGroups } from './contrast.ts';
import { churnStretch, expansionStretch, type Landmark, type Stretch } from './stretch.ts';
import { type Verdict, verdictOf, WORTH_ACTING } from './verdict.ts';

type Pair = readonly [number, number];

/** Accounts of an age in two groups, one row each. First of a pair: those that did what is asked about. */
export interface AgeContrast extends Contrast {
  /** Share that had the event by the horizon; null where a side is not watched so long. */
  readonly shares: Pair | null;
  readonly intervals: readonly [Pair, Pair] | null;
  /** The first share less the second. */
  readonly difference: number | null;
  readonly differenceInterval: Pair | null;
}

/** Who did it, which outcome, until when; `strata` beside the bands where likes are compared within something more. */
export interface AgeQuestion {
  readonly isExposed: (row: AgeRow) => boolean;
  readonly outcome: 'churn' | 'expansion';
  readonly horizonDays: number;
  readonly followedMs: number;
  readonly stratumOf?: (row: AgeRow) => string;
}

/**
 * Do accounts of an age that did something have an outcome more often within a horizon than those that did not?
 *
 * Cox within the bands; shares by Aalen-Johansen (churn competes with expansion). Refusals: see `contrastGroups`.
 */
export function contrastAtAge(rows: readonly AgeRow[], question: AgeQuestion): AgeContrast {
  const { isExposed, outcome, horizonDays, followedMs } = question;
  const stratumOf = question.stratumOf ?? (({ stratum }: AgeRow) => stratum);
  const watched = rows.flatMap((row, cluster) => {
    const stretch = watch({ cluster, landmarkMs: row.landmarkMs, outcome: row.outcome }, outcome, horizonDays);
    return stretch === null ? [] : [{ stretch, stratum: stratumOf(row), side: isExposed(row) ? 1 : 0 }];
  });
  const side = Uint8Array.from(watched, (one) => one.side);
  const stretches = watched.map(({ stretch }) => stretch);
  const contrast = contrastGroups(stretches, { side, strata: strataOf(watched), followedMs });
  return { ...contrast, ...sharesOf(stretches, side, horizonDays) };
}

function watch(landmark: Landmark, outcome: AgeQuestion['outcome'], horizonDays: number): Stretch | null {
  return outcome === 'churn' ? churnStretch(landmark, horizonDays) : expansionStretch(landmark, horizonDays);
}

function sharesOf(stretches: readonly Stretch[], side: Uint8Array, horizonDays: number) {
  const curves = [1, 0].map((wanted) => {
    const own = stretches.filter((_, row) => side[row] === wanted);
    return cumulativeIncidence({ time: own.map(({ days }) => days), cause: own.map(({ cause }) => cause) }, 1);
  });
  const [first, second] = curves;
  const difference =
    first === undefined || second === undefined ? null : incidenceDifference(first, second, horizonDays);
  const at = curves.map((curve) => incidenceAt(curve, horizonDays));
  if (difference === null || difference.kind === 'refused' || at[0] == null || at[1] == null) {
    return { shares: null, intervals: null, difference: null, differenceInterval: null };
  }
  return told(difference, [at[0].interval, at[1].interval]);
}

function told({ incidence, difference, interval }: IncidenceDifference, intervals: readonly [Pair, Pair]) {
  return { shares: incidence, intervals, difference, differenceInterval: interval };
}

/** The verdict on a claim of one direction: the group has the event less often (-1), or more often (1). */
export function verdictOnClaim(
  { hazardRatio, interval, isSameLater }: Contrast,
  q: number | null,
  sign: -1 | 1,
): Verdict {
  if (hazardRatio === null || interval === null || q === null) return 'too_little_data';
  const ends = interval.map((end) => sign * Math.log(end)).sort((a, b) => a - b);
  const isClaimed = sign * Math.log(hazardRatio) > 0;
  const later = isSameLater === null ? null : isSameLater === isClaimed;
  const worth = -Math.log(WORTH_ACTING.hazardRatio);
  return verdictOf({ q, interval: [ends[0] ?? 0, ends[1] ?? 0], worth, isSameLater: later });
}
