import { chiSquareLogUpperTail, chiSquareUpperTail } from './chi_square.ts';
import { checkFollowUp, checkLength, countLabels, type FollowUp, orderBy } from './follow_up.ts';
import { normalUpperTail, twoSidedP } from './normal.ts';
import type { Refusal } from './refusal.ts';
import { factor, quadraticForm } from './symmetric_matrix.ts';

/**
 * Follow-up of subjects in groups.
 *
 * Shape: `group` and `strata` are whole numbers from 0. Groups are compared within strata only.
 */
export interface GroupedFollowUp extends FollowUp {
  readonly group: ArrayLike<number>;
  readonly strata?: ArrayLike<number> | undefined;
}

/** What one group had, and what it would have had if groups did not differ. */
interface ObservedAndExpected {
  readonly subjects: number;
  readonly observed: number;
  readonly expected: number;
}

/**
 * Result of a log-rank test.
 *
 * Shape: `variance` is that of observed less expected, groups x groups by rows. `logP` is the natural logarithm of `p`,
 * for tails that no double holds.
 */
export interface LogRank {
  readonly kind: 'tested';
  readonly groups: readonly ObservedAndExpected[];
  readonly variance: Float64Array;
  readonly chiSquare: number;
  readonly df: number;
  readonly p: number;
  readonly logP: number;
}

/** A log-rank test that cannot be made; the groups' counts are told nevertheless. */
export interface LogRankRefusal extends Refusal<'no_events' | 'no_comparison'> {
  readonly groups: readonly ObservedAndExpected[];
}

/** Result of a test for trend over ordered groups: z is positive where higher scores have more events than expected. */
export interface LogRankTrend {
  readonly kind: 'tested';
  readonly groups: readonly ObservedAndExpected[];
  readonly z: number;
  readonly chiSquare: number;
  readonly p: number;
  readonly oneSidedP: number;
}

/**
 * Do groups have the event at different rates?
 *
 * Refuses: `no_events`, and `no_comparison` where no event happened while two groups were at risk in one stratum. The
 * expected counts under no difference are in `groups` in either case; callers refuse on few of them beforehand.
 *
 * Source: Mantel 1966, Peto and Peto 1972. As R `survdiff(Surv(time, event) ~ group + strata(...))`; with delayed entry
 * the same sums over risk sets of entry < t <= time.
 */
export function logRank(rows: GroupedFollowUp): LogRank | LogRankRefusal {
  const { groups, variance, difference } = compare(rows);
  if (groups.every(({ observed }) => observed === 0)) return { kind: 'refused', reason: 'no_events', groups };
  const factored = factor(variance, groups.length);
  const df = groups.length - factored.redundant.length;
  if (df === 0) return { kind: 'refused', reason: 'no_comparison', groups };
  const chiSquare = Math.max(0, quadraticForm(factored, difference));
  const p = chiSquareUpperTail(chiSquare, df);
  return { kind: 'tested', groups, variance, chiSquare, df, p, logP: chiSquareLogUpperTail(chiSquare, df) };
}

/**
 * Does the rate of the event rise or fall with the scores of ordered groups?
 *
 * Refuses as `logRank`, and `no_comparison` where all groups that could be compared have one score. Throws where scores
 * are not one finite number per group.
 *
 * Source: Tarone 1975: scores times observed less expected, over its standard error from the log-rank variance.
 */
export function logRankTrend(rows: GroupedFollowUp, scores: readonly number[]): LogRankTrend | LogRankRefusal {
  const { groups, variance, difference } = compare(rows);
  if (scores.length < groups.length)
    throw new Error(`${groups.length} groups need as many scores; got ${scores.length}`);
  if (!scores.every(Number.isFinite)) throw new Error(`scores are finite numbers; got ${scores.join(', ')}`);
  if (groups.every(({ observed }) => observed === 0)) return { kind: 'refused', reason: 'no_events', groups };
  const size = groups.length;
  let sum = 0;
  let spread = 0;
  let scale = 0;
  for (let row = 0; row < size; row += 1) {
    sum += (scores[row] as number) * (difference[row] as number);
    scale += (scores[row] as number) ** 2 * (variance[row * size + row] as number);
    for (let column = 0; column < size; column += 1) {
      spread += (scores[row] as number) * (scores[column] as number) * (variance[row * size + column] as number);
    }
  }
  if (!(spread > 1e-12 * scale)) return { kind: 'refused', reason: 'no_comparison', groups };
  const z = sum / Math.sqrt(spread);
  return { kind: 'tested', groups, z, chiSquare: z * z, p: twoSidedP(z), oneSidedP: normalUpperTail(Math.abs(z)) };
}

interface Sums {
  readonly size: number;
  readonly subjects: Float64Array;
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly variance: Float64Array;
  readonly atRisk: Float64Array;
  readonly died: Float64Array;
}

function compare(rows: GroupedFollowUp) {
  checkFollowUp(rows);
  checkLength('group', rows.group, rows.time.length);
  const size = countLabels('group', rows.group);
  const strata = rows.strata ?? new Uint8Array(rows.time.length);
  checkLength('strata', strata, rows.time.length);
  countLabels('strata', strata);
  const sums = emptySums(size);
  const byEnd = orderBy(strata, rows.time);
  const byEntry = rows.entry === undefined ? null : orderBy(strata, rows.entry);
  for (let last = byEnd.length; last > 0; ) {
    const first = firstOfStratum(strata, byEnd, last);
    addStratum(rows, byEnd.subarray(first, last), byEntry?.subarray(first, last) ?? null, sums);
    last = first;
  }
  const groups = Array.from({ length: size }, (_, group) => ({
    subjects: sums.subjects[group] as number,
    observed: sums.observed[group] as number,
    expected: sums.expected[group] as number,
  }));
  const difference = sums.observed.map((observed, group) => observed - (sums.expected[group] as number));
  return { groups, variance: sums.variance, difference };
}

function emptySums(size: number): Sums {
  return {
    size,
    subjects: new Float64Array(size),
    observed: new Float64Array(size),
    expected: new Float64Array(size),
    variance: new Float64Array(size * size),
    atRisk: new Float64Array(size),
    died: new Float64Array(size),
  };
}

function firstOfStratum(strata: ArrayLike<number>, order: Uint32Array, last: number): number {
  const stratum = strata[order[last - 1] as number];
  let first = last - 1;
  while (first > 0 && strata[order[first - 1] as number] === stratum) first -= 1;
  return first;
}

/** Adds the risk sets of one stratum, from the last time back to the first. */
function addStratum(rows: GroupedFollowUp, byEnd: Uint32Array, byEntry: Uint32Array | null, sums: Sums): void {
  const { time, event, entry, group } = rows;
  const { atRisk, died } = sums;
  atRisk.fill(0);
  let notYet = byEnd.length - 1;
  for (let last = byEnd.length - 1; last >= 0; ) {
    const now = time[byEnd[last] as number] as number;
    let deaths = 0;
    died.fill(0);
    for (; last >= 0 && time[byEnd[last] as number] === now; last -= 1) {
      const row = byEnd[last] as number;
      const its = group[row] as number;
      atRisk[its] = (atRisk[its] as number) + 1;
      sums.subjects[its] = (sums.subjects[its] as number) + 1;
      if (event[row] !== 1) continue;
      deaths += 1;
      died[its] = (died[its] as number) + 1;
    }
    if (deaths === 0) continue;
    for (; byEntry !== null && notYet >= 0; notYet -= 1) {
      const row = byEntry[notYet] as number;
      if ((entry?.[row] ?? 0) < now) break;
      const its = group[row] as number;
      atRisk[its] = (atRisk[its] as number) - 1;
    }
    addRiskSet(sums, deaths);
  }
}

function addRiskSet({ size, observed, expected, variance, atRisk, died }: Sums, deaths: number): void {
  let n = 0;
  for (let g = 0; g < size; g += 1) n += atRisk[g] as number;
  const factor = n > 1 ? (deaths * (n - deaths)) / (n - 1) : 0;
  for (let g = 0; g < size; g += 1) {
    const share = (atRisk[g] as number) / n;
    observed[g] = (observed[g] as number) + (died[g] as number);
    expected[g] = (expected[g] as number) + deaths * share;
    for (let h = 0; h < size; h += 1) {
      const both = (g === h ? share : 0) - (share * (atRisk[h] as number)) / n;
      variance[g * size + h] = (variance[g * size + h] as number) + factor * both;
    }
  }
}
