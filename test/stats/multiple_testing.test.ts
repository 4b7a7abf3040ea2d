import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { benjaminiHochberg, holm } from '../../src/stats/multiple_testing.ts';
import { distance, reference } from './references/reference.ts';

const numbers = (values: readonly (number | null)[]): number[] => values.map((value) => value ?? Number.NaN);
const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('against R', () => {
  for (const name of ['p_adjust_bh95', 'p_adjust_ties']) {
    const { title, input, list } = reference(name);
    test(title, () => {
      expect(distance(numbers(benjaminiHochberg(input('p'))), list('bh'))).toBeLessThan(1e-12);
      expect(distance(numbers(holm(input('p'))), list('holm'))).toBeLessThan(1e-12);
    });
  }

  test('the example of Benjamini and Hochberg 1995: four of fifteen at 0.05, where Bonferroni finds three', () => {
    const p = reference('p_adjust_bh95').input('p');
    expect(benjaminiHochberg(p).filter((q) => q !== null && q <= 0.05)).toHaveLength(4);
    expect(holm(p).filter((each) => each !== null && each <= 0.05)).toHaveLength(3);
  });
});

describe('from the definitions', () => {
  test('q is the least of p m / k over all p at or above', () => {
    fc.assert(
      fc.property(pValues, (p) => {
        const naive = p.map((own) =>
          Math.min(1, ...p.filter((x) => x >= own).map((x) => (x * p.length) / p.filter((y) => y <= x).length)),
        );
        expect(distance(numbers(benjaminiHochberg(p)), naive)).toBeLessThan(1e-12);
      }),
    );
  });

  test('Holm is the largest of (m - k + 1) p over all p at or below', () => {
    fc.assert(
      fc.property(pValues, (p) => {
        const naive = p.map((own) =>
          Math.min(1, Math.max(...p.filter((x) => x <= own).map((x) => x * p.filter((y) => y >= x).length))),
        );
        expect(distance(numbers(holm(p)), naive)).toBeLessThan(1e-12);
      }),
    );
  });
});

test('what was not tested stays null and does not count', () => {
  expect(benjaminiHochberg([null, 0.01, null, 0.04])).toEqual([null, 0.02, null, 0.04]);
  expect(holm([0.03, null, 0.01])).toEqual([0.03, null, 0.02]);
  expect(benjaminiHochberg([])).toEqual([]);
});

test('what is no probability is refused', () => {
  expect(() => holm([0.1, 1.2])).toThrow('p-value 1 is 1.2');
  expect(() => benjaminiHochberg([Number.NaN])).toThrow('p-value 0 is NaN');
});
