import { expect, test } from 'vitest';
import { randomStream } from '../../src/stats/random.ts';
import { standardisedDifference } from '../../src/stats/standardised_difference.ts';
import { estimated, reference } from './references/reference.ts';

const cars = reference('cohen_d');

test(cars.title, () => {
  const found = estimated(standardisedDifference(cars.input('treated'), cars.input('control')));
  expect(found.d).toBeCloseTo(cars.number('d'), 10);
  expect(found.g).toBeCloseTo(cars.number('g'), 10);
  const [low, high] = found.interval;
  expect((low + high) / 2).toBeCloseTo(found.g, 12);
  expect(estimated(standardisedDifference(cars.input('control'), cars.input('treated'))).g).toBeCloseTo(-found.g, 12);
});

test('the 95% interval covers', () => {
  const random = randomStream(1, 'standardised');
  const trials = 3000;
  for (const [n, m, truth] of [
    [20, 40, 0.5],
    [100, 100, 0],
    [30, 200, 1.2],
  ] as const) {
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const first = Array.from({ length: n }, () => 10 + 3 * (random.normal() + truth));
      const second = Array.from({ length: m }, () => 10 + 3 * random.normal());
      const [low, high] = estimated(standardisedDifference(first, second)).interval;
      if (low <= truth && truth <= high) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.93);
    expect(covered / trials).toBeLessThan(0.97);
  }
});

test('too little and impossible input', () => {
  expect(standardisedDifference([1], [1, 2])).toEqual({
    kind: 'refused',
    reason: '1 values against 2: two or more of each are needed',
  });
  expect(standardisedDifference([0.1, 0.1, 0.1], [0.3, 0.3])).toEqual({
    kind: 'refused',
    reason: 'no spread within the groups',
  });
  expect(() => standardisedDifference([1, Number.NaN], [1, 2])).toThrow('value 1 is NaN');
});
