/** Places of the values from the smallest to the largest. Refuses NaN (throws). */
export function ascending(values: ArrayLike<number>): Int32Array {
  const sorted = Float64Array.from(values);
  if (sorted.some(Number.isNaN)) throw new Error('NaN cannot be ranked: leave such rows out');
  const order = Int32Array.from(sorted, (_, place) => place);
  return order.sort((a, b) => (sorted[a] as number) - (sorted[b] as number) || a - b);
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
