import { clusteredBootstrap } from '../stats/bootstrap.ts';
import type { MatchedCase } from './divergence_match.ts';
import { DAY_MS } from './history.ts';

/** Days before churn at which half of the difference was there, and where that probably lies. */
export interface Half {
  readonly days: number;
  readonly interval: readonly [number, number] | null;
}

/** How far back to look, and the draws of cases for the interval. */
export interface HalfOptions {
  readonly weeks: number;
  readonly resamples: number;
  readonly seed: number;
  /** Keeps the draws of one signal apart from those of others. */
  readonly label: string;
}

const FEWEST_SETS = 20;
const WEEK_DAYS = 7;

/**
 * How many days before a churn was half of the difference there that is there at its end?
 *
 * Case less the mean of its controls, averaged over cases, week by week back from the churn: the first week in which that is
 * half of what it is in the last one, straight lines between weeks. Null where it is not reached in weeks of 20 cases, or
 * the last week has none. Interval: percentiles of drawing whole accounts anew; null where it cannot be drawn.
 *
 * Why: "earliest" moves with the number of churns, this does not. Where each account falls once and for good, it is the
 * median of when they had fallen.
 * Source: percentile bootstrap over matched sets (Davison and Hinkley 1997, 5.3).
 */
export function halfOf(cases: readonly MatchedCase[], column: Float64Array, options: HalfOptions): Half | null {
  const gaps = cases.map((one) => gapsOf(one, column, options.weeks));
  const lags = cases.map(({ churnMs, lastMs }) => (churnMs - lastMs) / DAY_MS);
  const statistic = (rows: ArrayLike<number>): number | null => {
    const weeks = weeksToHalf(gaps, rows, options.weeks);
    return weeks === null ? null : WEEK_DAYS * weeks + meanOf(lags, rows);
  };
  const days = statistic(Int32Array.from(cases.keys()));
  if (days === null) return null;
  const { seed, label, resamples } = options;
  const clusters = cases.map(({ accountId }) => accountId);
  const drawn = clusteredBootstrap({ clusters, statistic, seed: `${seed} half ${label}`, resamples });
  return { days, interval: drawn.kind === 'estimated' ? drawn.percentileInterval : null };
}

/** Case less the mean of its controls by weeks before the last landmark; NaN where either is unknown. */
function gapsOf({ track, controls, lastMs }: MatchedCase, column: Float64Array, weeks: number): Float64Array {
  return Float64Array.from({ length: weeks + 1 }, (_, week) => {
    const atMs = lastMs - week * WEEK_DAYS * DAY_MS;
    const at = (of: MatchedCase['track']): number => column[of.get(atMs)?.index ?? -1] ?? Number.NaN;
    const others = controls.map(at).filter((value) => !Number.isNaN(value));
    return at(track) - others.reduce((sum, value) => sum + value, 0) / others.length;
  });
}

function weeksToHalf(gaps: readonly Float64Array[], rows: ArrayLike<number>, weeks: number): number | null {
  const last = differenceIn(gaps, rows, 0);
  if (last === null || last === 0) return null;
  let nearer = 1;
  for (let week = 1; week <= weeks; week += 1) {
    const difference = differenceIn(gaps, rows, week);
    if (difference === null) return null;
    const share = difference / last;
    if (share <= 0.5) return week - (0.5 - share) / (nearer - share);
    nearer = share;
  }
  return null;
}

function differenceIn(gaps: readonly Float64Array[], rows: ArrayLike<number>, week: number): number | null {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < rows.length; at += 1) {
    const gap = gaps[rows[at] as number]?.[week] ?? Number.NaN;
    if (Number.isNaN(gap)) continue;
    sum += gap;
    count += 1;
  }
  return count < FEWEST_SETS ? null : sum / count;
}

function meanOf(values: readonly number[], rows: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < rows.length; at += 1) sum += values[rows[at] as number] as number;
  return sum / rows.length;
}
