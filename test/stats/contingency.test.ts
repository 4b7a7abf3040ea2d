import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { association, commonOdds } from '../../src/stats/contingency.ts';
import { distance, estimated, reference } from './references/reference.ts';

const rowsOf = (values: readonly number[], columns: number): number[][] =>
  Array.from({ length: values.length / columns }, (_, row) => values.slice(row * columns, (row + 1) * columns));

describe('against R', () => {
  const hair = reference('chisq_hair_eye');
  test(hair.title, () => {
    const found = estimated(association(rowsOf(hair.input('rows'), 4)));
    expect(found.statistic).toBeCloseTo(hair.number('statistic'), 9);
    expect(found.df).toBe(hair.number('df'));
    expect(found.p / hair.number('p')).toBeCloseTo(1, 7);
    expect(found.cramersV).toBeCloseTo(hair.number('v'), 10);
    expect(distance(found.expected.flat(), hair.list('expected'))).toBeLessThan(1e-9);
    expect(found.leastExpected).toBe(Math.min(...found.expected.flat()));
  });

  const yates = reference('chisq_yates');
  test(yates.title, () => {
    const table = rowsOf(yates.input('rows'), 2);
    const plain = estimated(association(table));
    const corrected = estimated(association(table, { isCorrected: true }));
    expect(distance([plain.statistic, plain.p], yates.list('plain'))).toBeLessThan(1e-10);
    expect(distance([corrected.statistic, corrected.p], yates.list('corrected'))).toBeLessThan(1e-10);
    expect(corrected.cramersV).toBe(plain.cramersV);
  });

  const close = reference('chisq_yates_close');
  test(close.title, () => {
    const found = estimated(association(rowsOf(close.input('rows'), 2), { isCorrected: true }));
    expect(distance([found.statistic, found.p], close.list('corrected'))).toBeLessThan(1e-10);
  });

  const strata = reference('cochran_mantel_haenszel');
  test(strata.title, () => {
    const tables = strata.input('a').map((a, place) => ({
      a,
      b: strata.input('b')[place]!,
      c: strata.input('c')[place]!,
      d: strata.input('d')[place]!,
    }));
    const plain = estimated(commonOdds(tables, { isCorrected: false }));
    const corrected = estimated(commonOdds(tables));
    expect(distance([plain.statistic, plain.p], strata.list('plain'))).toBeLessThan(1e-9);
    expect(distance([corrected.statistic, corrected.p], strata.list('corrected'))).toBeLessThan(1e-9);
    expect(plain.oddsRatio).toBeCloseTo(strata.number('odds_ratio'), 10);
    expect(distance(plain.interval!, strata.list('interval'))).toBeLessThan(1e-9);
  });
});

test('corrected V of independent tables is near 0 where the plain one is not; of a perfect table it is 1', () => {
  const independent = estimated(
    association([
      [3, 4, 3, 2, 3],
      [4, 3, 3, 3, 2],
      [3, 3, 4, 2, 3],
    ]),
  );
  expect(independent.cramersV).toBeGreaterThan(0.1);
  expect(independent.cramersVCorrected).toBe(0);
  const perfect = estimated(
    association([
      [5, 0, 0],
      [0, 5, 0],
      [0, 0, 5],
    ]),
  );
  expect(distance([perfect.cramersV, perfect.cramersVCorrected!], [1, 1])).toBeLessThan(1e-12);
  expect(
    estimated(
      association([
        [1, 0],
        [0, 1],
      ]),
    ).cramersVCorrected,
  ).toBeNull();
});

const cell = fc.integer({ min: 0, max: 20 });

test('empty rows and columns change nothing, and V lies in [0, 1]', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 2, maxLength: 4 }), (table) => {
      const found = association(table);
      const padded = association([...table.map((row) => [...row, 0]), [0, 0, 0, 0]]);
      expect(padded.kind).toBe(found.kind);
      if (found.kind === 'refused' || padded.kind === 'refused') return;
      expect(padded.statistic).toBeCloseTo(found.statistic, 9);
      expect(padded.df).toBe(found.df);
      expect(found.cramersV).toBeGreaterThanOrEqual(0);
      expect(found.cramersV).toBeLessThanOrEqual(1);
    }),
  );
});

describe('too little', () => {
  test('one row or one column with counts', () => {
    expect(
      association([
        [1, 2],
        [0, 0],
      ]),
    ).toMatchObject({ kind: 'refused' });
    expect(association([])).toEqual({
      kind: 'refused',
      reason: '0 rows and 0 columns have counts: two of each are needed',
    });
  });

  test('no stratum that says anything', () => {
    expect(
      commonOdds([
        { a: 1, b: 2, c: 0, d: 0 },
        { a: 1, b: 0, c: 0, d: 0 },
      ]),
    ).toMatchObject({ kind: 'refused' });
  });

  test('an empty diagonal in every stratum: a test, but no odds ratio', () => {
    expect(commonOdds([{ a: 3, b: 0, c: 0, d: 4 }])).toMatchObject({ oddsRatio: null, interval: null });
  });
});

test('impossible counts are refused', () => {
  expect(() => association([[1, 2], [3]])).toThrow('a row of 1 counts beside one of 2');
  expect(() =>
    association([
      [1, -2],
      [3, 4],
    ]),
  ).toThrow('-2 is no count');
  expect(() => commonOdds([{ a: Number.NaN, b: 1, c: 1, d: 1 }])).toThrow('NaN is no count');
});
