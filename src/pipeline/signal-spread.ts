import type { NullReason } from '../model/signal.ts';
import type { Tally } from './tally.ts';

/** How the values of a signal lie among those who are counted, as of an instant. Unknown is never zero. */
export interface Spread {
  /** Everybody who is counted: known and unknown together. */
  readonly of: number;
  readonly known: number;
  readonly unknown: Readonly<Record<NullReason, number>>;
  /** Of numbers, by linear interpolation; null: none is known. */
  readonly quantiles: Quantiles | null;
  /** Of numbers: how many lie in each of the bins that both sides of a comparison share; null: none is known. */
  readonly bins: Bins | null;
  /** Of texts: the most frequent. */
  readonly values: readonly { readonly value: string; readonly count: number }[] | null;
}

/** Quantiles of what is known. */
interface Quantiles {
  readonly least: number;
  readonly p10: number;
  readonly p25: number;
  readonly median: number;
  readonly p75: number;
  readonly p90: number;
  readonly most: number;
}

/** Bins of equal width from `low` to `high`, each with its lower edge and without its upper; the last has both. */
interface Bins {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
  /** How many lie above `high`: a long tail is counted and not drawn to scale. */
  readonly above: number;
}

type Numbers = NonNullable<Tally['numbers']>;

const MOST_BINS = 24;
const MOST_VALUES = 12;
/** A tail is cut off where it is this many times as long as what holds nineteen of twenty. */
const LONG_TAIL = 4;
/** Share of a bin by which the largest value may miss the last edge. */
const ROUNDING = 1e-9;

/** The spread of a tally alone. Pure. */
export function spreadOf(tally: Tally): Spread {
  return spreadIn(tally, edgesOf([tally]));
}

/** The spreads of two tallies of one signal, in bins that both share. Pure. */
export function spreadsOfBoth(before: Tally | null, after: Tally | null) {
  const edges = edgesOf([before, after].filter((tally) => tally !== null));
  return {
    before: before === null ? null : spreadIn(before, edges),
    after: after === null ? null : spreadIn(after, edges),
  };
}

/** Whether two tallies say the same. */
export function isSameTally(one: Tally, other: Tally): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function spreadIn({ of, unknown, numbers, texts }: Tally, edges: Edges | null): Spread {
  const known = (numbers ?? texts ?? []).reduce((sum, [, count]) => sum + count, 0);
  return {
    ...{ of, known, unknown },
    quantiles: numbers === null || numbers.length === 0 ? null : quantilesOf(numbers),
    bins: numbers === null || numbers.length === 0 || edges === null ? null : binsOf(numbers, edges),
    values: texts === null ? null : texts.slice(0, MOST_VALUES).map(([value, count]) => ({ value, count })),
  };
}

function quantilesOf(numbers: Numbers): Quantiles {
  const at = (share: number): number => quantileOf(numbers, share);
  return {
    ...{ least: at(0), p10: at(0.1), p25: at(0.25), median: at(0.5) },
    ...{ p75: at(0.75), p90: at(0.9), most: at(1) },
  };
}

/** Quantile by linear interpolation between order statistics (definition 7 of Hyndman and Fan, 1996). */
function quantileOf(numbers: Numbers, share: number): number {
  const all = numbers.reduce((sum, [, count]) => sum + count, 0);
  const place = share * (all - 1);
  const [low, high] = [orderStatistic(numbers, Math.floor(place)), orderStatistic(numbers, Math.ceil(place))];
  return low + (high - low) * (place - Math.floor(place));
}

function orderStatistic(numbers: Numbers, place: number): number {
  let passed = 0;
  for (const [value, count] of numbers) {
    passed += count;
    if (place < passed) return value;
  }
  return numbers.at(-1)?.[0] ?? Number.NaN;
}

interface Edges {
  readonly low: number;
  readonly width: number;
  readonly count: number;
  readonly isWhole: boolean;
}

/** Bins for all of some tallies: whole numbers have bins of whole width, so that each is in the middle of its own. */
function edgesOf(tallies: readonly Tally[]): Edges | null {
  const all = tallies.flatMap(({ numbers }) => (numbers === null || numbers.length === 0 ? [] : [numbers]));
  if (all.length === 0) return null;
  const low = Math.min(...all.map((numbers) => numbers[0]?.[0] ?? 0));
  const high = Math.max(...all.map(lastDrawn));
  const isWhole = all.every((numbers) => numbers.every(([value]) => Number.isInteger(value)));
  if (isWhole) {
    const width = Math.ceil((high - low + 1) / MOST_BINS);
    return { low, width, isWhole, count: Math.ceil((high - low + 1) / width) };
  }
  return {
    low,
    isWhole,
    ...(low === high ? { width: 1, count: 1 } : { width: (high - low) / MOST_BINS, count: MOST_BINS }),
  };
}

/** The last value that is drawn: the largest, unless few values make a long tail. */
function lastDrawn(numbers: Numbers): number {
  const [least, main, most] = [quantileOf(numbers, 0), quantileOf(numbers, 0.95), quantileOf(numbers, 1)];
  return main > least && most - least > LONG_TAIL * (main - least) ? main : most;
}

function binsOf(numbers: Numbers, { low, width, count, isWhole }: Edges): Bins {
  const counts = new Array<number>(count).fill(0);
  const high = low + width * count;
  let above = 0;
  for (const [value, n] of numbers) {
    const isAbove = isWhole ? value >= high : value > high + width * ROUNDING;
    const bin = Math.min(count - 1, Math.floor((value - low) / width));
    if (isAbove) above += n;
    else counts[bin] = (counts[bin] ?? 0) + n;
  }
  return { low, high, counts, above };
}
