import { describe, expect, test } from 'vitest';
import {
  clopperPearsonInterval,
  moverDifference,
  proportionDifference,
  type WilsonOptions,
  wilsonInterval,
} from '../../src/stats/proportion.ts';
import { randomStream } from '../../src/stats/random.ts';
import { distance, reference } from './references/reference.ts';

const countsOf = (x: readonly number[], n: readonly number[]) =>
  x.map((successes, place) => ({ successes, trials: n[place]! }));

function compare(name: string, interval: (count: { successes: number; trials: number }) => readonly number[] | null) {
  const { title, input, list } = reference(name);
  test(title, () => {
    const found = countsOf(input('x'), input('n')).map((count) => interval(count)!);
    expect(
      distance(
        found.map(([low]) => low!),
        list('low'),
      ),
    ).toBeLessThan(1e-8);
    expect(
      distance(
        found.map(([, high]) => high!),
        list('high'),
      ),
    ).toBeLessThan(1e-8);
  });
}

describe('against R and SciPy', () => {
  compare('wilson', (count) => wilsonInterval(count));
  compare('wilson_corrected', (count) => wilsonInterval(count, { isCorrected: true }));
  compare('clopper_pearson', (count) => clopperPearsonInterval(count));
  compare('clopper_pearson_90', (count) => clopperPearsonInterval(count, 0.9));
  compare('proportion_wilson', (count) => wilsonInterval(count));
  compare('proportion_wilsoncc', (count) => wilsonInterval(count, { isCorrected: true }));
  compare('proportion_exact', (count) => clopperPearsonInterval(count));
});

describe('Newcombe 1998, as printed', () => {
  test.each([
    [81, 263, false, 0.2553, 0.3662],
    [15, 148, false, 0.0624, 0.1605],
    [0, 20, false, 0, 0.1611],
    [1, 29, false, 0.0061, 0.1718],
    [81, 263, true, 0.2535, 0.3682],
    [15, 148, true, 0.0598, 0.1644],
    [0, 20, true, 0, 0.2005],
    [1, 29, true, 0.0018, 0.1963],
  ])('one proportion, table I: %i of %i, corrected %s', (successes, trials, isCorrected, low, high) => {
    const interval = wilsonInterval({ successes, trials }, { isCorrected })!;
    expect(distance(interval, [low, high])).toBeLessThan(5.1e-5);
  });

  test.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('difference, table II method 10: %i/%i and %i/%i', (x1, n1, x2, n2, low, high) => {
    const { interval } = proportionDifference({ successes: x1, trials: n1 }, { successes: x2, trials: n2 })!;
    expect(distance(interval, [low, high])).toBeLessThan(5.1e-5);
  });
});

describe('coverage of 95% intervals', () => {
  const REPLICATES = 4000;

  function binomial(random: { next: () => number }, trials: number, p: number): number {
    let successes = 0;
    for (let trial = 0; trial < trials; trial++) if (random.next() < p) successes++;
    return successes;
  }

  test.each([
    [40, 0.1],
    [60, 0.85],
    [200, 0.5],
  ])('Wilson, %i trials at %d', (trials, p) => {
    const random = randomStream(1, 'wilson', trials);
    let covered = 0;
    for (let replicate = 0; replicate < REPLICATES; replicate++) {
      const [low, high] = wilsonInterval({ successes: binomial(random, trials, p), trials })!;
      if (low <= p && p <= high) covered++;
    }
    expect(covered / REPLICATES).toBeGreaterThan(0.93);
    expect(covered / REPLICATES).toBeLessThan(0.97);
  });

  test.each([
    [40, 0.8, 60, 0.65],
    [150, 0.1, 80, 0.1],
  ])('Newcombe, %i at %d and %i at %d', (n1, p1, n2, p2) => {
    const random = randomStream(1, 'newcombe', n1);
    let covered = 0;
    for (let replicate = 0; replicate < REPLICATES; replicate++) {
      const first = { successes: binomial(random, n1, p1), trials: n1 };
      const second = { successes: binomial(random, n2, p2), trials: n2 };
      const [low, high] = proportionDifference(first, second)!.interval;
      if (low <= p1 - p2 && p1 - p2 <= high) covered++;
    }
    expect(covered / REPLICATES).toBeGreaterThan(0.93);
    expect(covered / REPLICATES).toBeLessThan(0.97);
  });
});

test('the difference from given intervals is that of Newcombe for Wilson intervals', () => {
  const first = { successes: 56, trials: 70 };
  const second = { successes: 48, trials: 80 };
  const options: WilsonOptions = { level: 0.9 };
  const mover = moverDifference(
    { estimate: 0.8, interval: wilsonInterval(first, options)! },
    { estimate: 0.6, interval: wilsonInterval(second, options)! },
  );
  expect(distance(mover.interval, proportionDifference(first, second, options)!.interval)).toBeLessThan(1e-12);
});

test('no trials, no interval', () => {
  const none = { successes: 0, trials: 0 };
  expect(wilsonInterval(none)).toBeNull();
  expect(clopperPearsonInterval(none)).toBeNull();
  expect(proportionDifference(none, { successes: 1, trials: 2 })).toBeNull();
  expect(proportionDifference({ successes: 1, trials: 2 }, none)).toBeNull();
});

test('impossible counts, levels and intervals are refused', () => {
  expect(() => wilsonInterval({ successes: 3, trials: 2 })).toThrow('3 successes of 2 trials');
  expect(() => clopperPearsonInterval({ successes: Number.NaN, trials: 2 })).toThrow('NaN successes');
  expect(() => clopperPearsonInterval({ successes: 1, trials: 2 }, 1)).toThrow('level');
  expect(() => wilsonInterval({ successes: 1, trials: 2 }, { level: 95 })).toThrow('level');
  expect(() => moverDifference({ estimate: 2, interval: [0, 1] }, { estimate: 0, interval: [0, 1] })).toThrow(
    'outside',
  );
});
