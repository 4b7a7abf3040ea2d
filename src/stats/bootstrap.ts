import { type ClusterIndex, type ClusterKeys, indexClusters, rowsByCluster } from './clusters.ts';
import { DEFAULT_LEVEL, type Interval } from './interval.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { randomStream } from './random.ts';
import { type Refusal, refuse } from './refusal.ts';

/** A number computed from rows, told by their numbers (a row may come several times); null where they do not give one. */
type RowStatistic = (rows: Int32Array) => number | null;

/** What is resampled. */
export interface BootstrapInput {
  /** One key a row: clusters are drawn whole. */
  readonly clusters: ClusterKeys;
  readonly statistic: RowStatistic;
  readonly seed: number | string;
  /** Default 999. */
  readonly resamples?: number;
  readonly level?: number;
}

/** A statistic with the intervals that resampling gives it. */
export interface Bootstrap {
  readonly kind: 'estimated';
  readonly estimate: number;
  /** Between the quantiles of the resampled values. */
  readonly percentileInterval: Interval;
  /** Corrected for bias and for a spread that changes with the value; null where every resample is on one side. */
  readonly bcaInterval: Interval | null;
  readonly replicates: Float64Array;
  /** Resamples that gave no number; they are left out. */
  readonly failed: number;
}

const DEFAULT_RESAMPLES = 999;
const MAX_FAILED_SHARE = 0.1;
const MIN_CLUSTERS = 10;
const MAX_JACKKNIFE_GROUPS = 200;

/**
 * How far a statistic would vary with other accounts: bootstrap of whole clusters.
 *
 * Shape: replicates in the order drawn. A cluster drawn twice brings its rows twice, under their own numbers.
 * Refuses: fewer than 10 clusters, a statistic that all rows do not give, more than a tenth of resamples without one
 * (refusals).
 * Source: Efron 1987, J. Am. Stat. Assoc. 82, 171-200; Davison and Hinkley 1997, sections 3.8 and 5.3. The acceleration
 * comes from leaving out clusters one by one, or in 200 groups of clusters where there are more.
 */
export function clusteredBootstrap(input: BootstrapInput): Bootstrap | Refusal {
  const index = indexClusters(input.clusters, input.clusters.length);
  if (index.count < MIN_CLUSTERS) return refuse(`${index.count} clusters: resampling needs ${MIN_CLUSTERS} or more`);
  const members = rowsByCluster(index);
  const estimate = input.statistic(Int32Array.from(index.of, (_, row) => row));
  if (estimate === null) return refuse('the rows as they are do not give the statistic');
  const resamples = input.resamples ?? DEFAULT_RESAMPLES;
  const random = randomStream(input.seed, 'bootstrap');
  const values: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    const value = input.statistic(rowsOf(members, random.draws(index.count, index.count)));
    if (value !== null) values.push(value);
  }
  const failed = resamples - values.length;
  if (failed > MAX_FAILED_SHARE * resamples)
    return refuse(`${failed} of ${resamples} resamples do not give the statistic`);
  const replicates = Float64Array.from(values);
  const level = input.level ?? DEFAULT_LEVEL;
  return {
    kind: 'estimated',
    estimate,
    percentileInterval: percentileInterval(replicates, level),
    bcaInterval: bcaInterval({ estimate, replicates, jackknife: jackknife(index, input.statistic), level }),
    replicates,
    failed,
  };
}

/**
 * The interval between the quantiles of resampled values.
 *
 * Refuses: no values, or a level that is not between 0 and 1 (throws).
 * Source: Davison and Hinkley 1997, equation 5.6; as R boot.ci(type = 'perc').
 */
export function percentileInterval(replicates: ArrayLike<number>, level = DEFAULT_LEVEL): Interval {
  checkLevel(level);
  const sorted = sortedValues(replicates);
  return [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)];
}

/**
 * The bias-corrected and accelerated interval from resampled values and the values with one cluster left out each.
 *
 * Shape: null where no resampled value, or every one, is below the estimate: the bias cannot be told then.
 * Refuses: no resampled values, or a level that is not between 0 and 1 (throws).
 * Source: Efron 1987; as R boot.ci(type = 'bca').
 */
export function bcaInterval(input: {
  readonly estimate: number;
  readonly replicates: ArrayLike<number>;
  readonly jackknife: ArrayLike<number>;
  readonly level?: number;
}): Interval | null {
  const level = input.level ?? DEFAULT_LEVEL;
  checkLevel(level);
  const sorted = sortedValues(input.replicates);
  const below = sorted.filter((value) => value < input.estimate).length;
  if (below === 0 || below === sorted.length) return null;
  const bias = normalQuantile(below / sorted.length);
  const acceleration = accelerationOf(Float64Array.from(input.jackknife));
  const at = (p: number): number => {
    const shifted = bias + normalQuantile(p);
    return quantile(sorted, normalCdf(bias + shifted / (1 - acceleration * shifted)));
  };
  return [at((1 - level) / 2), at((1 + level) / 2)];
}

function rowsOf(members: readonly Int32Array[], clusters: Int32Array): Int32Array {
  let size = 0;
  for (const cluster of clusters) size += (members[cluster] as Int32Array).length;
  const rows = new Int32Array(size);
  let at = 0;
  for (const cluster of clusters) {
    const own = members[cluster] as Int32Array;
    rows.set(own, at);
    at += own.length;
  }
  return rows;
}

function jackknife({ of, count }: ClusterIndex, statistic: RowStatistic): Float64Array {
  const groups = Math.min(count, MAX_JACKKNIFE_GROUPS);
  const all = Int32Array.from(of, (_, row) => row);
  const values: number[] = [];
  for (let group = 0; group < groups; group++) {
    const value = statistic(all.filter((row) => (of[row] as number) % groups !== group));
    if (value !== null) values.push(value);
  }
  return Float64Array.from(values);
}

function accelerationOf(jackknife: Float64Array): number {
  const mean = jackknife.reduce((sum, value) => sum + value, 0) / jackknife.length;
  let squares = 0;
  let cubes = 0;
  for (const value of jackknife) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}

function sortedValues(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) throw new Error('no resampled values');
  if (Number.isNaN(sorted.at(-1))) throw new Error('a resampled value is NaN: the statistic must return null instead');
  return sorted;
}

function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new Error(`the level of an interval lies between 0 and 1; got ${level}`);
}

/** Interpolated on the scale of normal quantiles; the least or greatest value where p lies outside them. */
function quantile(sorted: Float64Array, p: number): number {
  const count = sorted.length;
  const place = Math.min(count, Math.max(0, Math.floor((count + 1) * p + 1e-9)));
  const lower = sorted[Math.max(0, place - 1)] as number;
  if (place === 0 || place === count || Math.abs((count + 1) * p - place) < 1e-9) return lower;
  const from = normalQuantile(place / (count + 1));
  const to = normalQuantile((place + 1) / (count + 1));
  return lower + ((normalQuantile(p) - from) / (to - from)) * ((sorted[place] as number) - lower);
}
