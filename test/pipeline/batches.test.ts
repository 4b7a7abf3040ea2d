import { expect, test } from 'vitest';
import { batchesOf } from '../../src/pipeline/batches.ts';

const days = (count: number): readonly number[] => Array.from({ length: count }, (_, day) => day);

test('days are computed together while the profiles fit, never fewer than fourteen, each once and in their order', () => {
  expect(batchesOf([], 10)).toEqual([]);
  expect(batchesOf(days(57), 0)).toEqual([days(57)]);
  expect(batchesOf(days(57), 2_000).map(({ length }) => length)).toEqual([57]);
  expect(batchesOf(days(57), 5_000).map(({ length }) => length)).toEqual([28, 28, 1]);
  expect(batchesOf(days(57), 1_000_000).map(({ length }) => length)).toEqual([14, 14, 14, 14, 1]);
  expect(batchesOf(days(57), 7_777).flat()).toEqual(days(57));
});
