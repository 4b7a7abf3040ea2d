import betainc from '@stdlib/math-base-special-betainc';
import type { ClusterKeys } from './clusters.ts';
import { permutationTest } from './permutation.ts';
import { type Refusal, refuse } from './refusal.ts';

/** How p is found: by shuffling the bands among clusters. */
export interface ShuffleOptions {
  readonly seed: number | string;
  /** Default 999. */
  readonly permutations?: number;
  /** Rows of one key move together; their band must be the same. */
  readonly clusters?: ClusterKeys;
}

/** How much of a measure's variance lies between bands. */
export interface VarianceExplained {
  readonly kind: 'estimated';
  /** Share of the variance between bands, in this data. */
  readonly etaSquared: number;
  /** The same without what chance alone puts between bands; 0 where that is all. */
  readonly omegaSquared: number;
  readonly f: number;
  /** Of the F test; it takes rows for independent. */
  readonly fTestP: number;
  /** By shuffling; null where no shuffle was asked for. */
  readonly p: number | null;
}

/** How much better a category is guessed by who knows the band. */
export interface MixExplained {
  readonly kind: 'estimated';
  /** Goodman and Kruskal's tau: share of wrong guesses (drawn by the known shares) that the band saves. */
  readonly tau: number;
  /** Uncertainty coefficient: share of the category's entropy that the band takes away. */
  readonly uncertainty: number;
  /** Tau less the mean tau of shuffled bands, by what is left of 1: about 0 where the band says nothing. */
  readonly tauAboveChance: number | null;
  /** Of tau, by shuffling; null where no shuffle was asked for, as `tauAboveChance`. */
  readonly p: number | null;
}

/**
 * How much of a measure is explained by the band an account is in: analysis of variance in one way.
 *
 * Shape: one value and one band a row; shares in [0, 1].
 * Refuses: fewer than two bands, no more rows than bands, values that are all the same (refusals); NaN, lengths that
 * differ, bands that differ within a cluster (throws).
 * Source: Fisher 1925; omega squared by Hays 1963; as R aov.
 */
export function varianceExplained(
  values: ArrayLike<number>,
  bands: readonly string[],
  shuffle?: ShuffleOptions,
): VarianceExplained | Refusal {
  checkLengths(values.length, bands.length);
  for (let row = 0; row < values.length; row++) {
    if (!Number.isFinite(values[row])) throw new Error(`value ${row} is ${values[row]}: it must be finite`);
  }
  const { codes, count: groups } = codesOf(bands);
  const rows = values.length;
  if (groups < 2) return refuse(`${groups} bands: two or more are needed`);
  if (rows <= groups) return refuse(`${rows} rows in ${groups} bands: more rows than bands are needed`);
  const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / rows;
  const centred = Float64Array.from(values, (value) => value - mean);
  const total = centred.reduce((sum, value) => sum + value * value, 0);
  if (!(total > 1e-24 * rows * mean * mean)) return refuse('all values are the same');
  const between = betweenSquares(centred, codes, groups);
  const within = Math.max(0, total - between);
  const withinMean = within / (rows - groups);
  const f = between / (groups - 1) / withinMean;
  const statistic = (drawn: Float64Array): number => betweenSquares(centred, drawn, groups);
  const shuffled = shuffle === undefined ? null : permutationTest({ labels: codes, statistic, ...shuffle });
  if (shuffled?.kind === 'refused') return shuffled;
  return {
    kind: 'estimated',
    etaSquared: between / total,
    omegaSquared: Math.max(0, (between - (groups - 1) * withinMean) / (total + withinMean)),
    f,
    fTestP: fUpperTail(f, groups - 1, rows - groups),
    p: shuffled?.p ?? null,
  };
}

/**
 * How much of a category (the cohort) is explained by the band an account is in.
 *
 * Shape: one category and one band a row; shares in [0, 1], where 0 is what a band that says nothing would have in an
 * endless sample. Many small bands raise tau by chance alone: `tauAboveChance` and p tell.
 * Refuses: fewer than two bands or two categories (refusals); lengths that differ, bands that differ within a cluster
 * (throws).
 * Source: Goodman and Kruskal 1954, J. Am. Stat. Assoc. 49, 732-764; Theil 1970 for the uncertainty coefficient.
 */
export function mixExplained(
  categories: readonly string[],
  bands: readonly string[],
  shuffle?: ShuffleOptions,
): MixExplained | Refusal {
  checkLengths(categories.length, bands.length);
  const outcome = codesOf(categories);
  const band = codesOf(bands);
  if (band.count < 2) return refuse(`${band.count} bands: two or more are needed`);
  if (outcome.count < 2) return refuse(`${outcome.count} categories: two or more are needed`);
  const table = (drawn: Float64Array): Table => tableOf(drawn, band.count, outcome.codes, outcome.count);
  const seen = table(band.codes);
  const base = { kind: 'estimated', tau: tauOf(seen), uncertainty: uncertaintyOf(seen) } as const;
  if (shuffle === undefined) return { ...base, tauAboveChance: null, p: null };
  let sum = 0;
  let calls = 0;
  const statistic = (drawn: Float64Array): number => {
    const tau = tauOf(table(drawn));
    sum += tau;
    calls += 1;
    return tau;
  };
  const shuffled = permutationTest({ labels: band.codes, statistic, ...shuffle });
  if (shuffled.kind === 'refused') return shuffled;
  const byChance = (sum - base.tau) / Math.max(1, calls - 1);
  return { ...base, tauAboveChance: (base.tau - byChance) / (1 - byChance), p: shuffled.p };
}

function checkLengths(values: number, bands: number): void {
  if (values !== bands) throw new Error(`${bands} bands for ${values} rows`);
}

function codesOf(labels: readonly string[]): { readonly codes: Float64Array; readonly count: number } {
  const codes = new Map<string, number>();
  for (const label of labels) if (!codes.has(label)) codes.set(label, codes.size);
  return { codes: Float64Array.from(labels, (label) => codes.get(label) ?? 0), count: codes.size };
}

function betweenSquares(centred: Float64Array, codes: Float64Array, groups: number): number {
  const sums = new Float64Array(groups);
  const counts = new Float64Array(groups);
  for (let row = 0; row < centred.length; row++) {
    const group = codes[row] as number;
    sums[group] = (sums[group] as number) + (centred[row] as number);
    counts[group] = (counts[group] as number) + 1;
  }
  return sums.reduce((total, sum, group) => total + (sum * sum) / (counts[group] as number), 0);
}

function fUpperTail(f: number, between: number, within: number): number {
  if (f === Number.POSITIVE_INFINITY) return 0;
  return betainc(within / (within + between * f), within / 2, between / 2);
}

/** Shares of rows by band and category. */
interface Table {
  readonly cells: Float64Array;
  readonly bands: Float64Array;
  readonly categories: Float64Array;
}

function tableOf(band: Float64Array, bandCount: number, category: Float64Array, categoryCount: number): Table {
  const cells = new Float64Array(bandCount * categoryCount);
  const bands = new Float64Array(bandCount);
  const categories = new Float64Array(categoryCount);
  const share = 1 / band.length;
  for (let row = 0; row < band.length; row++) {
    const i = band[row] as number;
    const j = category[row] as number;
    cells[i * categoryCount + j] = (cells[i * categoryCount + j] as number) + share;
    bands[i] = (bands[i] as number) + share;
    categories[j] = (categories[j] as number) + share;
  }
  return { cells, bands, categories };
}

function tauOf({ cells, bands, categories }: Table): number {
  const guessed = categories.reduce((sum, share) => sum + share * share, 0);
  const known = cells.reduce((sum, share, cell) => {
    const band = bands[Math.floor(cell / categories.length)] as number;
    return sum + (share * share) / band;
  }, 0);
  return Math.max(0, (known - guessed) / (1 - guessed));
}

function uncertaintyOf({ cells, bands, categories }: Table): number {
  const entropy = (shares: Float64Array): number =>
    shares.reduce((sum, share) => sum - (share > 0 ? share * Math.log(share) : 0), 0);
  const own = entropy(categories);
  return Math.max(0, (own + entropy(bands) - entropy(cells)) / own);
}
