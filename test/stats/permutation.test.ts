import { expect, test } from 'vitest';
import { fisherExact } from '../../src/stats/fisher.ts';
import { permutationTest } from '../../src/stats/permutation.ts';
import { randomStream } from '../../src/stats/random.ts';
import { estimated } from './references/reference.ts';

const gapOf = (values: readonly number[]) => (labels: Float64Array) => {
  const sums = [0, 0];
  const counts = [0, 0];
  for (const [row, label] of labels.entries()) {
    sums[label]! += values[row]!;
    counts[label]! += 1;
  }
  return Math.abs(sums[1]! / counts[1]! - sums[0]! / counts[0]!);
};

test('of a 2 x 2 table it is near the exact p', () => {
  const labels = Array.from({ length: 30 }, (_, row) => (row < 15 ? 1 : 0));
  const values = labels.map((label, row) => (label === 1 ? (row < 11 ? 1 : 0) : row < 20 ? 1 : 0));
  const { p } = estimated(permutationTest({ labels, statistic: gapOf(values), seed: 1, permutations: 4999 }));
  expect(Math.abs(p - fisherExact({ a: 11, b: 4, c: 5, d: 10 }))).toBeLessThan(0.015);
});

test('by cluster it keeps its level where rows repeat; by row it does not', () => {
  const random = randomStream(2, 'null');
  const trials = 250;
  const found = { cluster: 0, row: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const clusters = Array.from({ length: 120 }, (_, row) => row % 24);
    const effects = Array.from({ length: 24 }, () => random.normal());
    const values = clusters.map((cluster) => effects[cluster]! + random.normal());
    const input = {
      labels: clusters.map((cluster) => cluster % 2),
      statistic: gapOf(values),
      seed: trial,
      permutations: 99,
    };
    if (estimated(permutationTest({ ...input, clusters })).p <= 0.05) found.cluster++;
    if (estimated(permutationTest(input)).p <= 0.05) found.row++;
  }
  expect(found.cluster / trials).toBeLessThan(0.08);
  expect(found.cluster / trials).toBeGreaterThan(0.02);
  expect(found.row / trials).toBeGreaterThan(0.15);
});

test('p is never 0, and shuffles without a value count against', () => {
  const labels = Array.from({ length: 40 }, (_, row) => (row < 20 ? 1 : 0));
  expect(permutationTest({ labels, statistic: gapOf(labels), seed: 1, permutations: 99 })).toEqual({
    kind: 'estimated',
    observed: 1,
    p: 0.01,
    permutations: 99,
  });
  const only = (drawn: Float64Array) => (drawn.every((label, row) => label === labels[row]) ? 1 : null);
  expect(estimated(permutationTest({ labels, statistic: only, seed: 1, permutations: 9 })).p).toBe(1);
});

test('too little and impossible input', () => {
  const statistic = () => 1;
  expect(permutationTest({ labels: [1, 1], statistic, seed: 1 })).toEqual({
    kind: 'refused',
    reason: 'all 2 clusters have the same label',
  });
  expect(permutationTest({ labels: [1, 0], statistic: () => null, seed: 1 })).toMatchObject({ kind: 'refused' });
  expect(() => permutationTest({ labels: [1, 0], clusters: ['a', 'a'], statistic, seed: 1 })).toThrow('cluster a');
  expect(() => permutationTest({ labels: [1, Number.NaN], statistic, seed: 1 })).toThrow('row 1 is NaN');
});
