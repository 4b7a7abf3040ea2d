import { expect, test } from 'vitest';
import { indexClusters, rowsByCluster } from '../../src/stats/clusters.ts';
import { ascending, firstAtLeast, midranks } from '../../src/stats/ranks.ts';

test('equal values keep their order and share their mean rank; infinities and signed zeros have a place', () => {
  expect([...ascending([3, 1, 3, 2])]).toEqual([1, 3, 0, 2]);
  expect([...midranks([3, 1, 3, 2, 3])]).toEqual([4, 1, 4, 2, 4]);
  expect([...midranks([0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])]).toEqual([2.5, 2.5, 4, 1]);
  expect([...ascending([])]).toEqual([]);
  expect(() => midranks([1, Number.NaN])).toThrow('NaN');
});

test('the first place of at least a value', () => {
  expect([0, 1, 1.5, 2, 3].map((value) => firstAtLeast([1, 2, 2], value))).toEqual([0, 0, 1, 1, 3]);
});

test('clusters are numbered as they come, each with its rows', () => {
  const index = indexClusters(['b', 'a', 'b'], 3);
  expect([...index.of]).toEqual([0, 1, 0]);
  expect(rowsByCluster(index).map((rows) => [...rows])).toEqual([[0, 2], [1]]);
  expect(() => indexClusters([1], 2)).toThrow('1 cluster keys for 2 rows');
});
