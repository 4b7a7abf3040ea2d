import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FourfoldTable, fisherExact } from '../../src/stats/fisher.ts';
import { reference } from './references/reference.ts';

function tablesOf(name: string): readonly FourfoldTable[] {
  const { input } = reference(name);
  return input('a').map((a, place) => ({
    a,
    b: input('b')[place]!,
    c: input('c')[place]!,
    d: input('d')[place]!,
  }));
}

describe('against R and SciPy', () => {
  const fisher = reference('fisher');
  test.each([
    ['two-sided', 'two_sided'],
    ['greater', 'greater'],
    ['less', 'less'],
  ] as const)(`${fisher.title}: %s`, (alternative, key) => {
    for (const [place, table] of tablesOf('fisher').entries()) {
      const theirs = fisher.list(key)[place]!;
      expect(Math.abs(fisherExact(table, alternative) / theirs - 1)).toBeLessThan(1e-6);
    }
  });

  const scipy = reference('fisher_scipy');
  test(scipy.title, () => {
    for (const [place, table] of tablesOf('fisher_scipy').entries()) {
      expect(Math.abs(fisherExact(table) / scipy.list('two_sided')[place]! - 1)).toBeLessThan(1e-6);
    }
  });

  test('the tea of Fisher 1935: three of four told right', () => {
    expect(fisherExact({ a: 3, b: 1, c: 1, d: 3 }, 'greater')).toBeCloseTo(17 / 70, 12);
    expect(fisherExact({ a: 4, b: 0, c: 0, d: 4 }, 'greater')).toBeCloseTo(1 / 70, 12);
  });
});

const count = fc.integer({ min: 0, max: 30 });

test('turning the table over, or swapping both its rows and its columns, changes nothing', () => {
  fc.assert(
    fc.property(count, count, count, count, (a, b, c, d) => {
      const p = fisherExact({ a, b, c, d });
      expect(fisherExact({ a, b: c, c: b, d })).toBeCloseTo(p, 10);
      expect(fisherExact({ a: d, b: c, c: b, d: a })).toBeCloseTo(p, 10);
      expect(fisherExact({ a: c, b: d, c: a, d: b })).toBeCloseTo(p, 10);
      expect(fisherExact({ a: c, b: d, c: a, d: b }, 'less')).toBeCloseTo(fisherExact({ a, b, c, d }, 'greater'), 10);
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThanOrEqual(1);
    }),
  );
});

test('an empty margin leaves one possible table', () => {
  expect(fisherExact({ a: 0, b: 0, c: 4, d: 6 })).toBe(1);
  expect(fisherExact({ a: 0, b: 0, c: 0, d: 0 })).toBe(1);
});

test('what is no count is refused', () => {
  expect(() => fisherExact({ a: 1.5, b: 0, c: 0, d: 0 })).toThrow('1.5 is no count');
  expect(() => fisherExact({ a: 1, b: -1, c: 0, d: 0 })).toThrow('-1 is no count');
});
