/**
 * Places of the values from the smallest to the largest; equal values keep their order. Refuses NaN (throws).
 *
 * Why: the values are sorted natively and each looks up its place, which is several times faster than a comparator.
 */
export function ascending(values: ArrayLike<number>): Int32Array {
  const sorted = Float64Array.from(values).sort();
  if (Number.isNaN(sorted.at(-1))) throw new Error('NaN cannot be ranked: leave such rows out');
  const taken = new Int32Array(sorted.length);
  const order = new Int32Array(sorted.length);
  for (let row = 0; row < order.length; row++) {
    const first = firstAtLeast(sorted, values[row] as number);
    order[first + (taken[first] as number)] = row;
    taken[first] = (taken[first] as number) + 1;
  }
  return order;
}

/** The first place of an ascending list whose value is at least `value`; its length where none is. */
export function firstAtLeast(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Runs of equal values in sorted order: from `start` up to, not including, `end`. */
export function forEachTie(
  values: ArrayLike<number>,
  order: Int32Array,
  visit: (start: number, end: number) => void,
): void {
  for (let start = 0; start < order.length; ) {
    const value = values[order[start] as number];
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === value) end++;
    visit(start, end);
    start = end;
  }
}

/** Ranks from 1; equal values share the mean of their ranks. Refuses NaN (throws). */
export function midranks(values: ArrayLike<number>): Float64Array {
  const order = ascending(values);
  const ranks = new Float64Array(order.length);
  forEachTie(values, order, (start, end) => {
    for (let place = start; place < end; place++) ranks[order[place] as number] = (start + end + 1) / 2;
  });
  return ranks;
}
