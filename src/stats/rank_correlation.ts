import gammaln from '@stdlib/math-base-special-gammaln';
import { DEFAULT_LEVEL, type Interval } from './interval.ts';
import { criticalZ, twoSidedP } from './normal.ts';
import { ascending, forEachTie, midranks } from './ranks.ts';
import { type Refusal, refuse } from './refusal.ts';
import { studentTTwoSidedP } from './student_t.ts';

/** How far two measures rise and fall together, by rank. */
export interface RankCorrelation {
  readonly kind: 'estimated';
  /** From -1 (one falls where the other rises) to 1. */
  readonly correlation: number;
  /** Of no connection, two-sided, for large samples; never below 2 / n!, the least that n pairs can give. */
  readonly p: number;
  /** By Fisher's transformation; null with fewer than 5 pairs and where the correlation is -1 or 1. */
  readonly interval: Interval | null;
}

const MIN_PAIRS = 3;
const MIN_PAIRS_OF_INTERVAL = 5;

/**
 * Spearman's rank correlation.
 *
 * Shape: one pair a row; equal values share their mean rank. p by Student's t.
 * Refuses: fewer than 3 pairs, or a measure that never varies (refusals); NaN, lengths that differ (throws).
 * Source: Spearman 1904; as R cor.test(method = 'spearman', exact = FALSE); interval by Bonett and Wright 2000,
 * Psychometrika 65, 23-28.
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>, level = DEFAULT_LEVEL): RankCorrelation | Refusal {
  const refusal = refusalOf(x, y);
  if (refusal !== null) return refusal;
  const rows = x.length;
  const a = midranks(x);
  const b = midranks(y);
  const mean = (rows + 1) / 2;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let row = 0; row < rows; row++) {
    const da = (a[row] as number) - mean;
    const db = (b[row] as number) - mean;
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  const correlation = Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb)));
  const t = correlation * Math.sqrt((rows - 2) / (1 - correlation * correlation));
  const spread = (1 + (correlation * correlation) / 2) / (rows - 3);
  return {
    kind: 'estimated',
    correlation,
    p: Math.max(leastP(rows), studentTTwoSidedP(t, rows - 2)),
    interval: intervalOf(correlation, spread, rows, level),
  };
}

/**
 * Kendall's rank correlation tau-b.
 *
 * Shape: one pair a row; a pair of rows tied in either counts for neither. p by the normal approximation that allows
 * for ties.
 * Refuses: as `spearman`.
 * Source: Kendall 1945; as R cor.test(method = 'kendall', exact = FALSE); counted in n log n by Knight 1966, J. Am.
 * Stat. Assoc. 61, 436-439; interval by Fieller, Hartley and Pearson 1957.
 */
export function kendall(x: ArrayLike<number>, y: ArrayLike<number>, level = DEFAULT_LEVEL): RankCorrelation | Refusal {
  const refusal = refusalOf(x, y);
  if (refusal !== null) return refusal;
  const n = x.length;
  const pairs = (n * (n - 1)) / 2;
  const tiesX = tiesOf(x);
  const tiesY = tiesOf(y);
  const { discordant, tiedInBoth } = countPairs(x, y);
  const score = pairs - tiesX.pairs - tiesY.pairs + tiedInBoth - 2 * discordant;
  const root = Math.sqrt((pairs - tiesX.pairs) * (pairs - tiesY.pairs));
  const correlation = Math.max(-1, Math.min(1, score / root));
  const variance =
    (n * (n - 1) * (2 * n + 5) - tiesX.ofVariance - tiesY.ofVariance) / 18 +
    (2 * tiesX.pairs * tiesY.pairs) / (n * (n - 1)) +
    (tiesX.triples * tiesY.triples) / (9 * n * (n - 1) * (n - 2));
  return {
    kind: 'estimated',
    correlation,
    p: Math.max(leastP(n), twoSidedP(score / Math.sqrt(variance))),
    interval: intervalOf(correlation, 0.437 / (n - 4), n, level),
  };
}

function refusalOf(x: ArrayLike<number>, y: ArrayLike<number>): Refusal | null {
  if (x.length !== y.length) throw new Error(`${x.length} x for ${y.length} y`);
  for (let row = 0; row < x.length; row++) {
    if (Number.isNaN(x[row]) || Number.isNaN(y[row])) throw new Error(`row ${row} has NaN: leave such rows out`);
  }
  if (x.length < MIN_PAIRS) return refuse(`${x.length} pairs: ${MIN_PAIRS} or more are needed`);
  const isConstant = (values: ArrayLike<number>): boolean => Array.from(values).every((value) => value === values[0]);
  return isConstant(x) || isConstant(y) ? refuse('one of the two never varies') : null;
}

/** The p of the one best order of n and its reverse: no test of ranks can give less. */
function leastP(rows: number): number {
  return Math.exp(Math.LN2 - gammaln(rows + 1));
}

function intervalOf(correlation: number, spread: number, rows: number, level: number): Interval | null {
  const z = criticalZ(level);
  if (rows < MIN_PAIRS_OF_INTERVAL || Math.abs(correlation) === 1) return null;
  const centre = Math.atanh(correlation);
  const reach = z * Math.sqrt(spread);
  return [Math.tanh(centre - reach), Math.tanh(centre + reach)];
}

function tiesOf(values: ArrayLike<number>): {
  readonly pairs: number;
  readonly triples: number;
  readonly ofVariance: number;
} {
  let pairs = 0;
  let triples = 0;
  let ofVariance = 0;
  forEachTie(values, ascending(values), (start, end) => {
    const tied = end - start;
    pairs += (tied * (tied - 1)) / 2;
    triples += tied * (tied - 1) * (tied - 2);
    ofVariance += tied * (tied - 1) * (2 * tied + 5);
  });
  return { pairs, triples, ofVariance };
}

/** Pairs of rows that x and y order differently, and pairs that neither orders. */
function countPairs(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): { readonly discordant: number; readonly tiedInBoth: number } {
  const byX = ascending(x);
  const inOrder = new Float64Array(x.length);
  let tiedInBoth = 0;
  forEachTie(x, byX, (start, end) => {
    const ys = Float64Array.from(byX.subarray(start, end), (row) => y[row] as number).sort();
    inOrder.set(ys, start);
    tiedInBoth += tiesOf(ys).pairs;
  });
  return { discordant: inversions(inOrder), tiedInBoth };
}

/** How many pairs of a list stand in falling order, by merging ever longer runs. */
function inversions(list: Float64Array): number {
  let from = list.slice();
  let to = new Float64Array(list.length);
  let count = 0;
  for (let width = 1; width < list.length; width *= 2) {
    for (let start = 0; start < list.length; start += 2 * width) {
      const middle = Math.min(start + width, list.length);
      const end = Math.min(start + 2 * width, list.length);
      let left = start;
      let right = middle;
      for (let place = start; place < end; place++) {
        const takesLeft = right === end || (left < middle && (from[left] as number) <= (from[right] as number));
        if (!takesLeft) count += middle - left;
        to[place] = from[takesLeft ? left++ : right++] as number;
      }
    }
    [from, to] = [to, from];
  }
  return count;
}
