import { describe, expect, test } from 'vitest';
import { bcaInterval, clusteredBootstrap, percentileInterval } from '../../src/stats/bootstrap.ts';
import { type RandomStream, randomStream } from '../../src/stats/random.ts';
import { distance, estimated, reference } from './references/reference.ts';

const boot = reference('boot_ci');

test(boot.title, () => {
  const replicates = boot.input('replicates');
  const estimate = boot.number('estimate');
  expect(distance(percentileInterval(replicates), boot.list('percentile'))).toBeLessThan(1e-9);
  const bca = bcaInterval({ estimate, replicates, jackknife: boot.input('jackknife') })!;
  expect(distance(bca, boot.list('bca'))).toBeLessThan(1e-9);
});

const meanOf = (values: readonly number[]) => (rows: Int32Array) =>
  rows.length === 0 ? null : rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length;

function accountRows(random: RandomStream, accounts: number, rowsEach: number) {
  const values: number[] = [];
  const clusters: number[] = [];
  for (let account = 0; account < accounts; account++) {
    const effect = random.exponential();
    for (let row = 0; row < rowsEach; row++) {
      values.push(effect + random.normal());
      clusters.push(account);
    }
  }
  return { values, clusters };
}

test('the spread of the replicates is that of cluster means', () => {
  const { values, clusters } = accountRows(randomStream(1), 200, 4);
  const found = estimated(clusteredBootstrap({ clusters, statistic: meanOf(values), seed: 2, resamples: 2000 }));
  const means = Array.from(
    { length: 200 },
    (_, account) => meanOf(values)(Int32Array.of(0, 1, 2, 3).map((row) => row + 4 * account))!,
  );
  const variance = means.reduce((sum, mean) => sum + (mean - found.estimate) ** 2, 0) / 200 / 200;
  const spread = found.replicates.reduce((sum, value) => sum + (value - found.estimate) ** 2, 0) / 2000;
  expect(spread / variance).toBeGreaterThan(0.9);
  expect(spread / variance).toBeLessThan(1.1);
});

test('the same seed, the same intervals; another seed, others', () => {
  const { values, clusters } = accountRows(randomStream(1), 30, 2);
  const run = (seed: number) => clusteredBootstrap({ clusters, statistic: meanOf(values), seed, resamples: 99 });
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});

test('more clusters than are left out one by one: the acceleration is much the same in groups', () => {
  const { values, clusters } = accountRows(randomStream(3), 400, 1);
  const statistic = meanOf(values);
  const found = estimated(clusteredBootstrap({ clusters, statistic, seed: 4, resamples: 499 }));
  const total = values.reduce((sum, value) => sum + value, 0);
  const jackknife = values.map((value) => (total - value) / (values.length - 1));
  const bca = bcaInterval({ estimate: found.estimate, replicates: found.replicates, jackknife })!;
  expect(distance(bca, found.bcaInterval!)).toBeLessThan(0.01);
});

test('95% intervals of repeated rows cover', () => {
  const random = randomStream(5, 'samples');
  const replicates = 500;
  const covered = { percentile: 0, bca: 0 };
  for (let replicate = 0; replicate < replicates; replicate++) {
    const { values, clusters } = accountRows(random, 80, 2);
    const found = estimated(
      clusteredBootstrap({ clusters, statistic: meanOf(values), seed: replicate, resamples: 299 }),
    );
    const holds = ([low, high]: readonly [number, number]): number => (low <= 1 && 1 <= high ? 1 : 0);
    covered.percentile += holds(found.percentileInterval);
    covered.bca += holds(found.bcaInterval!);
  }
  for (const share of Object.values(covered).map((count) => count / replicates)) {
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.97);
  }
});

describe('too little', () => {
  const clusters = Array.from({ length: 20 }, (_, row) => row);

  test('few clusters, no statistic, resamples without one', () => {
    const statistic = () => 1;
    expect(clusteredBootstrap({ clusters: clusters.slice(0, 9), statistic, seed: 1 })).toEqual({
      kind: 'refused',
      reason: '9 clusters: resampling needs 10 or more',
    });
    expect(clusteredBootstrap({ clusters, statistic: () => null, seed: 1 })).toMatchObject({ kind: 'refused' });
    const fickle = (rows: Int32Array) => (rows.includes(0) ? 1 : null);
    expect(clusteredBootstrap({ clusters, statistic: fickle, seed: 1 })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('of 999 resamples do not give the statistic'),
    });
  });

  test('a statistic that never moves has no bias-corrected interval', () => {
    const found = estimated(clusteredBootstrap({ clusters, statistic: () => 1, seed: 1, resamples: 19 }));
    expect(found).toMatchObject({ percentileInterval: [1, 1], bcaInterval: null, failed: 0 });
  });
});

test('impossible input is refused', () => {
  expect(() => percentileInterval([])).toThrow('no resampled values');
  expect(() => percentileInterval([1, Number.NaN])).toThrow('NaN');
  expect(() => percentileInterval([1], 95)).toThrow('level');
  expect(() => bcaInterval({ estimate: 1, replicates: [1], jackknife: [], level: 0 })).toThrow('level');
});
