import { chiSquareQuantile, chiSquareUpperTail } from './chi_square.ts';
import { DEFAULT_LEVEL } from './interval.ts';
import { binOf, quantileCuts } from './quantile_bins.ts';
import { type Refusal, refuse } from './refusal.ts';

/** One bin of the comparison. */
interface StabilityBin {
  /** The range, the category, or `missing`. */
  readonly label: string;
  readonly referenceShare: number;
  readonly currentShare: number;
  /** What it adds to the index. */
  readonly contribution: number;
}

/** How far a distribution has moved, and how far it would seem to have moved if it had not. */
export interface PopulationStability {
  readonly kind: 'estimated';
  readonly psi: number;
  /** The index to be expected of two samples of this size from one population. */
  readonly expected: number;
  /** What the index exceeds only once in twenty (at level 0.95) if nothing moved. */
  readonly threshold: number;
  /** The chance of an index as great if nothing moved. */
  readonly p: number;
  readonly bins: readonly StabilityBin[];
}

/** Number of bins (numeric only, default 10) and level of the threshold. */
export interface StabilityOptions {
  readonly bins?: number;
  readonly level?: number;
}

const DEFAULT_BINS = 10;
const MIN_ROWS_PER_BIN = 5;
const ADDED_TO_EMPTY = 0.5;

/**
 * How far a number's distribution has moved from a reference: the population stability index.
 *
 * Shape: bins from the reference's quantiles, equal values in one bin; NaN is missing, a bin of its own. Of a reference
 * that is one value alone the bins are below, at and above it. Where a bin is empty on one side, half a row is added to
 * every bin of both, since the index would be infinite.
 * Refuses: fewer than five rows a bin on either side (a refusal).
 * Why not the usual 0.1 and 0.25: they mean nothing without the numbers of rows; of 100 rows against 100 an unmoved
 * distribution exceeds 0.1 four times in five.
 * Source: Yurdakul 2018, Statistical Properties of Population Stability Index, Western Michigan University: under no
 * change it is (1/n + 1/m) times a chi-square of one degree less than bins.
 */
export function numericStability(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  options: StabilityOptions = {},
): PopulationStability | Refusal {
  const present = Float64Array.from(reference).filter((value) => !Number.isNaN(value));
  const only = present.length > 0 && present.every((value) => value === present[0]) ? present[0] : undefined;
  const cuts = quantileCuts(present, options.bins ?? DEFAULT_BINS);
  const labelOf = (value: number): string => {
    if (Number.isNaN(value)) return 'missing';
    if (only !== undefined) return value < only ? `below ${only}` : value > only ? `above ${only}` : `${only}`;
    const bin = binOf(cuts, value);
    if (cuts.length === 0) return 'any';
    if (bin === 0) return `to ${cuts[0]}`;
    return bin === cuts.length ? `above ${cuts[bin - 1]}` : `above ${cuts[bin - 1]} to ${cuts[bin]}`;
  };
  const places =
    only === undefined
      ? [...cuts, Number.POSITIVE_INFINITY]
      : [Number.NEGATIVE_INFINITY, only, Number.POSITIVE_INFINITY];
  const order = places.map(labelOf);
  const found = stability(Array.from(reference, labelOf), Array.from(current, labelOf), order, options);
  if (found.kind === 'refused') return found;
  const written = shortened(found.bins.map(({ label }) => label));
  return { ...found, bins: found.bins.map((bin, index) => ({ ...bin, label: written[index] ?? bin.label })) };
}

const DIGITS = 4;

/** Labels with as many digits as people read; as they were where that would make two of them the same. */
function shortened(labels: readonly string[]): readonly string[] {
  const short = labels.map((label) =>
    label.replaceAll(/-?\d[\d.]*(?:e[+-]?\d+)?/g, (number) => String(Number(Number(number).toPrecision(DIGITS)))),
  );
  return new Set(short).size < labels.length ? labels : short;
}

/**
 * How far the mix of categories has moved from a reference: the population stability index.
 *
 * Shape: one bin a category seen on either side; null is missing, a bin of its own. Empty bins as `numericStability`.
 * Refuses: fewer than five rows a bin on either side (a refusal).
 * Source: as `numericStability`.
 */
export function categoricalStability(
  reference: readonly (string | null)[],
  current: readonly (string | null)[],
  options: Omit<StabilityOptions, 'bins'> = {},
): PopulationStability | Refusal {
  const labelOf = (category: string | null): string => category ?? 'missing';
  return stability(reference.map(labelOf), current.map(labelOf), [], options);
}

function stability(
  reference: readonly string[],
  current: readonly string[],
  order: readonly string[],
  options: StabilityOptions,
): PopulationStability | Refusal {
  const seen = new Set([...reference, ...current]);
  const labels = [...new Set([...order.filter((label) => seen.has(label)), ...[...seen].toSorted()])];
  const n = reference.length;
  const m = current.length;
  const needed = MIN_ROWS_PER_BIN * Math.max(2, labels.length);
  if (Math.min(n, m) < needed)
    return refuse(`${n} rows against ${m}: ${labels.length} bins need ${needed} on each side`);
  const counts = { reference: countsOf(reference), current: countsOf(current) };
  const hasEmpty = labels.some((label) => !(counts.reference.has(label) && counts.current.has(label)));
  const added = hasEmpty ? ADDED_TO_EMPTY : 0;
  const share = (own: ReadonlyMap<string, number>, label: string, rows: number): number =>
    ((own.get(label) ?? 0) + added) / (rows + added * labels.length);
  const bins = labels.map((label) => {
    const referenceShare = share(counts.reference, label, n);
    const currentShare = share(counts.current, label, m);
    const contribution = (currentShare - referenceShare) * Math.log(currentShare / referenceShare);
    return { label, referenceShare, currentShare, contribution };
  });
  const psi = bins.reduce((sum, { contribution }) => sum + contribution, 0);
  return { kind: 'estimated', psi, ...underNoChange(psi, 1 / n + 1 / m, bins.length - 1, options.level), bins };
}

function underNoChange(psi: number, scale: number, df: number, level = DEFAULT_LEVEL) {
  if (df === 0) return { expected: 0, threshold: 0, p: 1 };
  return {
    expected: df * scale,
    threshold: chiSquareQuantile(level, df) * scale,
    p: chiSquareUpperTail(Math.max(0, psi) / scale, df),
  };
}

function countsOf(labels: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
