import { firstAtLeast } from './ranks.ts';

/**
 * Upper ends of bins that hold about equally many of the values; the last bin, above the last cut, has none.
 *
 * Shape: ascending and distinct; equal values share a bin, so heavy ties give fewer bins than asked for. No cut at or
 * above the greatest value, so that the last bin is never empty of the values themselves.
 */
export function quantileCuts(values: ArrayLike<number>, bins: number): Float64Array {
  if (!(Number.isInteger(bins) && bins >= 1)) throw new Error(`${bins} bins: it takes one or more`);
  const sorted = Float64Array.from(values).sort();
  const greatest = sorted.at(-1);
  if (greatest === undefined) return new Float64Array();
  const cuts = Array.from(
    { length: bins - 1 },
    (_, bin) => sorted[Math.ceil(((bin + 1) * sorted.length) / bins) - 1] as number,
  );
  return Float64Array.from(new Set(cuts.filter((cut) => cut < greatest)));
}

/** The bin of a value, from 0: above the cut before it, up to and including its own. */
export function binOf(cuts: Float64Array, value: number): number {
  return firstAtLeast(cuts, value);
}
