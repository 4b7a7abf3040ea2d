import { coxModel } from '../stats/cox.ts';
import { type LogRank, logRank } from '../stats/log_rank.ts';
import { strataOf } from './age_landmark.ts';
import { type Candidate, reachedAt } from './candidate.ts';
import { DAY_MS, type History } from './history.ts';
import type { MilestoneLandmark, MilestoneOutcome, MilestoneSubject, Population } from './milestone_population.ts';
import { tooLittle } from './verdict.ts';

type Pair = readonly [number, number];

/** One candidate at one age, before correction for all that were tried. */
export interface Tested {
  readonly candidate: Candidate;
  readonly landmark: MilestoneLandmark;
  readonly exposed: Int8Array;
  readonly logRank: LogRank | null;
  readonly hazard: { readonly ratio: number; readonly interval: Pair } | null;
  readonly isSameLater: boolean | null;
  readonly reason: string | null;
}

/**
 * Compares who had reached a candidate at a landmark with who had not, within the bands.
 *
 * Refuses (with the reason) fewer than 20 events in all, or fewer than 5 expected on a side if the sides did not differ.
 */
export function compareReached(
  history: History,
  { claimed }: Population,
  landmark: MilestoneLandmark,
  candidate: Candidate,
): Tested {
  const { rows } = landmark;
  const exposed = exposedTo(candidate, landmark);
  const follow = followUp(rows);
  const group = exposed.map((value) => 1 - value);
  const strata = strataOf(rows);
  const test = logRank({ ...follow, group, strata });
  const events = follow.event.reduce((sum, event) => sum + event, 0);
  const few = tooLittle(events, test.groups.length < 2 ? [0] : test.groups.map(({ expected }) => expected));
  if (few !== null || test.kind === 'refused') {
    const reason = few?.reason ?? 'no outcome while both sides could be compared within a band';
    return { candidate, landmark, exposed, logRank: null, hazard: null, isSameLater: null, reason };
  }
  const cox = coxModel({ ...follow, strata, covariates: [exposed] });
  const effect = cox.kind === 'fitted' ? cox.coefficients[0] : undefined;
  return {
    candidate,
    landmark,
    exposed,
    logRank: test,
    hazard: effect === undefined ? null : { ratio: effect.hazardRatio, interval: effect.interval },
    isSameLater: isSameLater(history, rows, { exposed, strata, claimed }),
    reason: effect === undefined ? 'one side had no outcome at all, so no ratio can be told' : null,
  };
}

/** By row of a landmark: 1 where the account had reached the candidate before it, and by `ageDays` if that is sooner; else 0. */
export function exposedTo(
  candidate: Candidate,
  { rows }: MilestoneLandmark,
  ageDays = Number.POSITIVE_INFINITY,
): Int8Array {
  return Int8Array.from(rows, ({ account, createdMs, landmarkMs }) => {
    const at = reachedAt(account, candidate);
    return at !== null && at < Math.min(landmarkMs, createdMs + ageDays * DAY_MS) ? 1 : 0;
  });
}

/** Columns of follow-up of rows, in days after the landmark. */
export function followUp(rows: readonly { readonly outcome: Pick<MilestoneOutcome, 'days' | 'isEvent'> }[]): {
  readonly time: Float64Array;
  readonly event: Uint8Array;
} {
  return {
    time: Float64Array.from(rows, ({ outcome }) => outcome.days),
    event: Uint8Array.from(rows, ({ outcome }) => (outcome.isEvent ? 1 : 0)),
  };
}

const LATER_SHARE = 0.75;

/** Whether the exposed have the event as claimed, less or more often than expected, in the last quarter of the time in which anybody was watched. */
function isSameLater(
  history: History,
  rows: readonly MilestoneSubject[],
  { exposed, strata, claimed }: { readonly exposed: Int8Array; readonly strata: Int32Array; readonly claimed: -1 | 1 },
): boolean | null {
  const first = Math.min(...rows.map(({ landmarkMs }) => landmarkMs));
  const from = first + LATER_SHARE * (history.followedMs - first);
  const later = rows.flatMap((row, index) => {
    const entry = Math.max(0, (from - row.landmarkMs) / DAY_MS);
    return row.outcome.days > entry ? [{ index, entry }] : [];
  });
  const pick = (value: (index: number) => number) => later.map(({ index }) => value(index));
  const test = logRank({
    time: pick((index) => rows[index]?.outcome.days ?? 0),
    event: pick((index) => (rows[index]?.outcome.isEvent === true ? 1 : 0)),
    entry: later.map(({ entry }) => entry),
    group: pick((index) => 1 - (exposed[index] ?? 0)),
    strata: pick((index) => strata[index] ?? 0),
  });
  const [reached] = test.groups;
  if (test.kind === 'refused' || reached === undefined) return null;
  return claimed * (reached.observed - reached.expected) > 0;
}
