import { describe, expect, test } from 'vitest';
import { brierScore, calibrationLine, reliabilityTable } from '../../src/stats/calibration.ts';
import { wilsonInterval } from '../../src/stats/proportion.ts';
import { randomStream } from '../../src/stats/random.ts';
import { distance, estimated, reference } from './references/reference.ts';

const infert = reference('calibration');

test(infert.title, () => {
  const line = estimated(calibrationLine(infert.input('p'), infert.input('y')));
  const { intercept, slope } = line;
  expect(distance([intercept.estimate, intercept.standardError], infert.list('intercept'))).toBeLessThan(1e-7);
  expect(distance([slope!.estimate, slope!.standardError], infert.list('slope'))).toBeLessThan(1e-7);
  expect(estimated(brierScore(infert.input('p'), infert.input('y'))).score).toBeCloseTo(infert.number('brier'), 12);
});

function world(rows: number, told: (logit: number) => number) {
  const random = randomStream(1, 'calibration');
  const logits = Array.from({ length: rows }, () => 1.3 * random.normal() - 1);
  return {
    outcomes: logits.map((logit): number => (random.next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0)),
    predictions: logits.map((logit) => 1 / (1 + Math.exp(-told(logit)))),
  };
}

describe('what it tells', () => {
  test.each([
    ['right', (logit: number) => logit, 0, 1],
    ['too low', (logit: number) => logit - 0.5, 0.5, 1],
    ['too extreme', (logit: number) => 2 * logit, null, 0.5],
  ] as const)('%s', (_, told, intercept, slope) => {
    const { predictions, outcomes } = world(20_000, told);
    const line = estimated(calibrationLine(predictions, outcomes));
    if (intercept !== null) {
      expect(line.intercept.interval[0]).toBeLessThan(intercept);
      expect(line.intercept.interval[1]).toBeGreaterThan(intercept);
    }
    expect(line.slope!.interval[0]).toBeLessThan(slope);
    expect(line.slope!.interval[1]).toBeGreaterThan(slope);
  });

  test('clusters widen where rows repeat', () => {
    const { predictions, outcomes } = world(300, (logit) => logit);
    const twice = <T>(values: readonly T[]): T[] => [...values, ...values];
    const clusters = twice(outcomes.map((_, row) => row));
    const told = estimated(calibrationLine(twice(predictions), twice(outcomes), { clusters }));
    const naive = estimated(calibrationLine(twice(predictions), twice(outcomes)));
    expect(told.slope!.standardError / naive.slope!.standardError).toBeCloseTo(Math.SQRT2, 0);
  });
});

test('few distinct predictions: the parts of the score add up with nothing within bins', () => {
  const random = randomStream(2);
  const predictions = Array.from({ length: 500 }, (_, row) => [0.1, 0.4, 0.7][row % 3]!);
  const outcomes = predictions.map((p): number => (random.next() < p ? 1 : 0));
  const found = estimated(brierScore(predictions, outcomes));
  expect(found.score).toBeCloseTo(found.reliability - found.resolution + found.uncertainty, 12);
  expect(found.withinBins).toBeCloseTo(0, 12);
  expect(found.resolution).toBeGreaterThan(0.03);
});

test('the table counts every row once, with the Wilson interval of each bin', () => {
  const { predictions, outcomes } = world(1003, (logit) => logit);
  const table = reliabilityTable(predictions, outcomes, { bins: 5, level: 0.9 });
  expect(table).toHaveLength(5);
  expect(table.reduce((sum, { rows }) => sum + rows, 0)).toBe(1003);
  for (const [place, bin] of table.entries()) {
    const successes = Math.round(bin.observed * bin.rows);
    expect(bin.interval).toEqual(wilsonInterval({ successes, trials: bin.rows }, { level: 0.9 }));
    expect(bin.meanPredicted).toBeGreaterThan(bin.leastPredicted);
    expect(bin.greatestPredicted).toBeLessThan(table[place + 1]?.leastPredicted ?? 2);
  }
  expect(reliabilityTable([0.2, 0.2], [0, 1])).toHaveLength(1);
});

test('too little', () => {
  expect(brierScore([], [])).toEqual({ kind: 'refused', reason: 'no rows' });
  expect(reliabilityTable([], [])).toEqual([]);
  expect(calibrationLine([0.2, 0.3], [1, 1])).toMatchObject({ kind: 'refused' });
  expect(calibrationLine([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])).toMatchObject({ kind: 'refused' });
  expect(estimated(calibrationLine([0.2, 0.2, 0.2, 0.2], [0, 1, 0, 1])).slope).toBeNull();
  expect(calibrationLine([0, 1, 1, 0, 1, 0], [0, 1, 0, 1, 1, 0]).kind).toBe('estimated');
});

test('impossible input is refused', () => {
  expect(() => brierScore([0.1], [0, 1])).toThrow('1 predictions for 2 outcomes');
  expect(() => reliabilityTable([1.1], [1])).toThrow('prediction 1.1 of row 0 is no chance');
  expect(() => calibrationLine([0.1], [2])).toThrow('outcome 2 of row 0');
});
