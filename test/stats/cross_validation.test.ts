import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auc } from '../../src/stats/auc.ts';
import { crossValidate, groupedFolds } from '../../src/stats/cross_validation.ts';
import { fitLogistic, predictLogistic } from '../../src/stats/logistic.ts';
import { randomStream } from '../../src/stats/random.ts';
import { estimated } from './references/reference.ts';

const SEED = 11;

function world(accounts: number, rowsEach: number, strength: number) {
  const random = randomStream(SEED, 'world', accounts, rowsEach, strength);
  const groups: string[] = [];
  const outcomes: number[] = [];
  const signal: number[] = [];
  const identity: number[] = [];
  for (let account = 0; account < accounts; account++) {
    const value = random.normal();
    const mark = random.normal();
    const event = random.next() < 1 / (1 + Math.exp(1 - strength * value)) ? 1 : 0;
    for (let row = 0; row < rowsEach; row++) {
      groups.push(`account ${account}`);
      outcomes.push(event);
      signal.push(value);
      identity.push(mark);
    }
  }
  return { groups, outcomes, signal, identity };
}

describe('folds', () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 25 }), fc.constantFrom(0, 1)), { maxLength: 150 });

  test('no group is in two folds, and groups with and without an event are spread evenly', () => {
    fc.assert(
      fc.property(rows, fc.integer(), (drawn, seed) => {
        const groups = drawn.map(([group]) => group);
        const outcomes = drawn.map(([, outcome]) => outcome);
        const split = groupedFolds(outcomes, groups, { folds: 3, seed });
        const held = new Set(groups.filter((_, row) => outcomes[row] === 1));
        const spared = new Set(groups.filter((group) => !held.has(group)));
        if (split.kind === 'refused') {
          expect(Math.min(held.size, spared.size)).toBeLessThan(3);
          return;
        }
        const foldOf = new Map(groups.map((group, row) => [group, split.foldOf[row]!]));
        expect(groups.map((group) => foldOf.get(group))).toEqual([...split.foldOf]);
        for (const stratum of [held, spared]) {
          const sizes = [0, 1, 2].map((fold) => [...stratum].filter((group) => foldOf.get(group) === fold).length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(2);
        }
      }),
    );
  });

  test('the same seed, the same folds; another seed, others', () => {
    const { outcomes, groups } = world(60, 3, 1);
    const folds = (seed: number) => groupedFolds(outcomes, groups, { seed });
    expect(folds(1)).toEqual(folds(1));
    expect(folds(1)).not.toEqual(folds(2));
  });
});

test('a column that only tells accounts apart predicts nothing out of fold; a signal does', () => {
  const { groups, outcomes, signal, identity } = world(300, 6, 1.5);
  const marks = Array.from({ length: 12 }, (_, place) => ({
    name: `mark ${place}`,
    values: identity.map((mark) => Math.sin(mark * (place + 1) * 37)),
  }));
  const clusters = groups;
  const blind = estimated(crossValidate({ outcomes, groups, seed: SEED, columns: marks }));
  const [low, high] = estimated(auc(blind.predictions, outcomes, { clusters })).interval!;
  expect(low).toBeLessThan(0.5);
  expect(high).toBeLessThan(0.65);
  const seeing = estimated(crossValidate({ outcomes, groups, seed: SEED, columns: [{ name: 's', values: signal }] }));
  expect(estimated(auc(seeing.predictions, outcomes, { clusters })).interval![0]).toBeGreaterThan(0.65);
});

test('a row is predicted by the fit of the other folds, standardised and imputed by their figures', () => {
  const { groups, outcomes, signal } = world(80, 2, 1);
  const values = signal.map((value, row) => (row % 7 === 0 ? Number.NaN : value * 100 + 5));
  const found = estimated(crossValidate({ outcomes, groups, seed: SEED, columns: [{ name: 's', values }], ridge: 2 }));
  const inFold = outcomes.map((_, row) => found.foldOf[row] === 0);
  const training = values.filter((_, row) => !inFold[row]);
  const present = training.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  const median = (present[(present.length - 1) >> 1]! + present[present.length >> 1]!) / 2;
  const missing = (list: readonly number[]) => list.map((value) => (Number.isNaN(value) ? 1 : 0));
  const imputed = (list: readonly number[]) => list.map((value) => (Number.isNaN(value) ? median : value));
  const scaler = (list: readonly number[]) => {
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
    const deviation = Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
    return (other: readonly number[]) => other.map((value) => (value - mean) / deviation);
  };
  const scaleValue = scaler(imputed(training));
  const scaleMissing = scaler(missing(training));
  const columnsOf = (list: readonly number[]) => [
    { name: 's', values: scaleValue(imputed(list)) },
    { name: 'm', values: scaleMissing(missing(list)) },
  ];
  const fit = estimated(
    fitLogistic({ outcomes: outcomes.filter((_, row) => !inFold[row]), columns: columnsOf(training), ridge: 2 }),
  );
  const held = values.filter((_, row) => inFold[row]);
  const expected = predictLogistic(fit, columnsOf(held), held.length);
  const rows = outcomes.map((_, row) => row).filter((row) => inFold[row]);
  for (const [place, row] of rows.entries()) expect(found.predictions[row]).toBeCloseTo(expected[place]!, 10);
});

test('of listed penalties, noise chooses a strong one and signal a weak one', () => {
  const noise = world(150, 1, 0);
  const columns = Array.from({ length: 25 }, (_, place) => {
    const random = randomStream(SEED, 'noise', place);
    return { name: `n${place}`, values: noise.outcomes.map(() => random.normal()) };
  });
  const ridge = [0.1, 10, 1000];
  const dull = estimated(crossValidate({ ...noise, seed: SEED, columns, ridge }));
  expect(dull.ridges.filter((each) => each === 1000).length).toBeGreaterThanOrEqual(4);
  const clear = world(300, 1, 2);
  const keen = estimated(
    crossValidate({ ...clear, seed: SEED, columns: [{ name: 's', values: clear.signal }], ridge }),
  );
  expect(keen.ridges.every((each) => each < 1000)).toBe(true);
});

test('columns that are wholly missing or constant are as if they were not there', () => {
  const { groups, outcomes, signal } = world(60, 1, 1);
  const columns = [{ name: 's', values: signal }];
  const empty = { name: 'empty', values: signal.map(() => Number.NaN) };
  const constant = { name: 'constant', values: signal.map(() => 0.3) };
  const base = estimated(crossValidate({ outcomes, groups, seed: SEED, columns })).predictions;
  const more = crossValidate({ outcomes, groups, seed: SEED, columns: [...columns, empty, constant] });
  expect(estimated(more).predictions).toEqual(base);
});

test('too few groups with an event are a refusal', () => {
  const groups = ['a', 'b', 'c', 'd', 'e', 'f'];
  const input = { groups, columns: [], seed: 1, folds: 2 };
  expect(crossValidate({ ...input, outcomes: [1, 0, 0, 0, 0, 0] })).toEqual({
    kind: 'refused',
    reason: '1 groups with an event for 2 folds',
  });
  expect(crossValidate({ ...input, outcomes: [1, 1, 1, 1, 1, 0] })).toMatchObject({ kind: 'refused' });
});

test('without a penalty a training fold that the columns separate is a refusal', () => {
  const { groups, outcomes } = world(40, 1, 1);
  const found = crossValidate({ outcomes, groups, seed: 1, columns: [{ name: 'x', values: outcomes }], ridge: 0 });
  expect(found).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('a fold could not be fitted: x tell'),
  });
});

test('impossible input is refused', () => {
  const input = { outcomes: [1, 1, 0, 0], groups: [1, 2, 3, 4], seed: 1, folds: 2, columns: [] };
  expect(() => crossValidate({ ...input, folds: 1 })).toThrow('1 folds');
  expect(() => crossValidate({ ...input, groups: [1] })).toThrow('1 cluster keys');
  expect(() => crossValidate({ ...input, ridge: [] })).toThrow('no ridge penalty');
  expect(() => crossValidate({ ...input, columns: [{ name: 'x', values: [1] }] })).toThrow('column x has 1 values');
});
