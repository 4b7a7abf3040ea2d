import { expect, test } from 'vitest';
import { spreadOf, spreadsOfBoth } from '../../src/pipeline/signal-spread.ts';
import type { Tally } from '../../src/pipeline/tally.ts';

const tally = (values: readonly number[], missing = 0): Tally => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return {
    of: values.length + missing,
    numbers: [...counts].sort((a, b) => a[0] - b[0]),
    texts: null,
    unknown: { missing, not_yet: 0, none: 0 },
  };
};

test('quantiles are those of definition 7 of Hyndman and Fan, worked by hand', () => {
  const { quantiles, known, of } = spreadOf(tally([1, 2, 2, 3, 10], 4));
  // Of n = 5 in order, the share p lies at place 4p from the first: p10 at 0.4 (1 + 0.4 x 1), p90 at 3.6 (3 + 0.6 x 7).
  const { least, p10, p25, median, p75, p90, most } = quantiles ?? {
    ...{ least: 0, p10: 0, p25: 0, median: 0, p75: 0, p90: 0, most: 0 },
  };
  expect([least, p25, median, p75, most]).toEqual([1, 2, 2, 3, 10]);
  expect(p10).toBeCloseTo(1.4, 12);
  expect(p90).toBeCloseTo(7.2, 12);
  expect([known, of]).toEqual([5, 9]);
});

test('every known value is in one bin or above the last, and unknown ones in none', () => {
  const worlds = [
    Array.from({ length: 200 }, (_, index) => index % 7),
    Array.from({ length: 200 }, (_, index) => index / 13),
    [...Array.from({ length: 99 }, (_, index) => index % 5), 4_000],
    [...Array.from({ length: 99 }, (_, index) => index / 50), 700.5],
    [3, 3, 3],
    [0.25],
    [-2.5, 0, 1.75],
  ];
  for (const values of worlds) {
    const { bins, known } = spreadOf(tally(values, 11));
    const drawn = bins?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
    expect(drawn + (bins?.above ?? 0)).toBe(values.length);
    expect(known).toBe(values.length);
    expect(values.filter((value) => value > (bins?.high ?? 0)).length).toBeLessThanOrEqual(bins?.above ?? 0);
  }
});

test('a long tail is counted beside the bars, and whole numbers have bins of their own', () => {
  const { bins } = spreadOf(tally([...Array.from({ length: 99 }, (_, index) => index % 5), 4_000]));
  expect(bins).toEqual({ low: 0, high: 5, counts: [20, 20, 20, 20, 19], above: 1 });
});

test('both sides of a comparison share their bins; nobody known is told as null', () => {
  const { before, after } = spreadsOfBoth(tally([1, 2, 3]), tally([5, 6]));
  expect(before?.bins).toEqual({ low: 1, high: 7, counts: [1, 1, 1, 0, 0, 0], above: 0 });
  expect(after?.bins).toEqual({ low: 1, high: 7, counts: [0, 0, 0, 0, 1, 1], above: 0 });
  const nobody = spreadOf(tally([], 8));
  expect([nobody.known, nobody.of, nobody.quantiles, nobody.bins]).toEqual([0, 8, null, null]);
});
