import { expect, test } from 'vitest';
import { differenceOf } from '../../src/stats/difference_interval.ts';
import { expectClose } from './reference.ts';

/** A share with Wilson's limits. */
function share(events: number, n: number) {
  const estimate = events / n;
  return {
    estimate,
    limitsAtZ: (z: number) => {
      const middle = (estimate + (z * z) / (2 * n)) / (1 + (z * z) / n);
      const reach = (z / (1 + (z * z) / n)) * Math.sqrt((estimate * (1 - estimate)) / n + (z * z) / (4 * n * n));
      return [middle - reach, middle + reach] as const;
    },
  };
}

test('examples (a), (c) and (g) of Newcombe 1998, table II, method 10', () => {
  for (const [first, second, low, high] of [
    [share(56, 70), share(48, 80), 0.0524, 0.3339],
    [share(6, 7), share(2, 7), 0.0582, 0.8062],
    [share(10, 10), share(0, 20), 0.6791, 1],
  ] as const) {
    const { interval } = differenceOf(first, second);
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  }
});

test('p is the level at which the interval touches 0; none of a difference is p 1', () => {
  const [first, second] = [share(56, 70), share(48, 80)];
  const { p } = differenceOf(first, second);
  expectClose(differenceOf(first, second, 1 - p).interval[0], 0, 1e-6);
  expect(differenceOf(first, first)).toMatchObject({ difference: 0, p: 1 });
  expect(() => differenceOf(first, second, 95)).toThrow('the level of an interval lies between 0 and 1; got 95');
});
