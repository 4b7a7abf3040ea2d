import { describe, expect, test } from 'vitest';
import { wilsonInterval } from '../../src/stats/proportion.ts';
import { randomStream } from '../../src/stats/random.ts';
import { shrinkRates } from '../../src/stats/shrinkage.ts';
import { distance, reference } from './references/reference.ts';

const rats = reference('beta_binomial_rats');

test(rats.title, () => {
  const trials = rats.input('n');
  const found = shrinkRates(rats.input('x').map((successes, place) => ({ successes, trials: trials[place]! })));
  expect(found.kind).toBe('shrunk');
  expect(found.overall).toBeCloseTo(rats.number('mean'), 5);
  expect(found.weight! / rats.number('size')).toBeCloseTo(1, 3);
  expect(
    distance(
      found.groups.map(({ estimate }) => estimate!),
      rats.list('rates'),
    ),
  ).toBeLessThan(2e-5);
  expect(
    distance(
      found.groups.map(({ interval }) => interval![0]),
      rats.list('low'),
    ),
  ).toBeLessThan(2e-5);
  expect(
    distance(
      found.groups.map(({ interval }) => interval![1]),
      rats.list('high'),
    ),
  ).toBeLessThan(2e-5);
});

test('a small group is drawn further than a large one with the same rate; one without trials gets the overall', () => {
  const found = shrinkRates([
    { successes: 4, trials: 5 },
    { successes: 400, trials: 500 },
    { successes: 100, trials: 500 },
    { successes: 260, trials: 500 },
    { successes: 0, trials: 0 },
  ]);
  const [small, large, , , none] = found.groups;
  expect(small!.estimate).toBeLessThan(0.75);
  expect(large!.estimate).toBeGreaterThan(0.79);
  expect(none).toMatchObject({ raw: null });
  expect(none!.estimate).toBeCloseTo(found.overall!, 12);
});

test('groups that do not differ get about the pooled rate, with an interval between the pooled and their own', () => {
  const found = shrinkRates(Array.from({ length: 6 }, () => ({ successes: 20, trials: 100 })));
  const [pooledLow, pooledHigh] = wilsonInterval({ successes: 120, trials: 600 })!;
  const [ownLow, ownHigh] = wilsonInterval({ successes: 20, trials: 100 })!;
  for (const { estimate, interval } of found.groups) {
    expect(estimate).toBeCloseTo(0.2, 2);
    expect(interval![0]).toBeGreaterThan(ownLow);
    expect(interval![0]).toBeLessThan(pooledLow);
    expect(interval![1]).toBeGreaterThan(pooledHigh);
    expect(interval![1]).toBeLessThan(ownHigh);
  }
});

test('estimates are nearer to the truth than the raw rates, and the intervals cover on average', () => {
  const random = randomStream(1, 'jobs');
  let raw = 0;
  let shrunk = 0;
  let covered = 0;
  const worlds = 40;
  const groups = 15;
  for (let world = 0; world < worlds; world++) {
    const truths = Array.from({ length: groups }, () => 1 / (1 + Math.exp(1 + 0.5 * random.normal())));
    const counts = truths.map((truth, group) => {
      const trials = 8 + 6 * (group % 5);
      return { successes: Array.from({ length: trials }, () => random.next() < truth).filter(Boolean).length, trials };
    });
    for (const [place, group] of shrinkRates(counts).groups.entries()) {
      const truth = truths[place]!;
      raw += (group.raw! - truth) ** 2;
      shrunk += (group.estimate! - truth) ** 2;
      if (group.interval![0] <= truth && truth <= group.interval![1]) covered++;
    }
  }
  expect(shrunk).toBeLessThan(0.6 * raw);
  expect(covered / (worlds * groups)).toBeGreaterThan(0.93);
  expect(covered / (worlds * groups)).toBeLessThan(0.97);
});

describe('too little', () => {
  test('fewer than three groups with trials keep their own rate and Wilson interval', () => {
    const counts = [
      { successes: 1, trials: 4 },
      { successes: 3, trials: 4 },
      { successes: 0, trials: 0 },
    ];
    expect(shrinkRates(counts)).toEqual({
      kind: 'plain',
      overall: 0.5,
      weight: null,
      groups: [
        { raw: 0.25, estimate: 0.25, interval: wilsonInterval(counts[0]!) },
        { raw: 0.75, estimate: 0.75, interval: wilsonInterval(counts[1]!) },
        { raw: null, estimate: null, interval: null },
      ],
    });
    expect(shrinkRates([])).toEqual({ kind: 'plain', overall: null, weight: null, groups: [] });
  });

  test('so do groups where nobody or everybody succeeded', () => {
    const none = Array.from({ length: 4 }, () => ({ successes: 0, trials: 10 }));
    expect(shrinkRates(none)).toMatchObject({ kind: 'plain', overall: 0 });
    expect(shrinkRates(none.map(({ trials }) => ({ successes: trials, trials })))).toMatchObject({ kind: 'plain' });
  });
});

test('impossible counts are refused', () => {
  expect(() => shrinkRates([{ successes: 2, trials: 1 }])).toThrow('2 successes of 1 trials');
});
