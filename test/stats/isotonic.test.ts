import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitIsotonic, isotonicAt } from '../../src/stats/isotonic.ts';
import { distance, reference } from './references/reference.ts';

const iso = reference('isotonic');

test(iso.title, () => {
  const curve = fitIsotonic(iso.input('x'), iso.input('y'));
  const fitted = iso.input('x').map((x) => isotonicAt(curve, x)!);
  expect(distance(fitted, iso.list('fitted'))).toBeLessThan(1e-12);
});

const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: -9, max: 9 })), {
  minLength: 1,
  maxLength: 40,
});

test('never falls, changes nothing when fitted again, keeps the mean, and lies in the greatest-of-least-means', () => {
  fc.assert(
    fc.property(points, (drawn) => {
      const x = drawn.map(([each]) => each);
      const y = drawn.map(([, each]) => each);
      const curve = fitIsotonic(x, y);
      const fitted = x.map((each) => isotonicAt(curve, each)!);
      for (let knot = 1; knot < curve.y.length; knot++)
        expect(curve.y[knot]).toBeGreaterThanOrEqual(curve.y[knot - 1]!);
      const again = fitIsotonic(x, fitted);
      expect(
        distance(
          x.map((each) => isotonicAt(again, each)!),
          fitted,
        ),
      ).toBeLessThan(1e-9);
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean(fitted)).toBeCloseTo(mean(y), 9);
      const distinct = [...new Set(x)];
      const minimax = x.map((own) =>
        Math.max(
          ...distinct
            .filter((low) => low <= own)
            .map((low) =>
              Math.min(
                ...distinct
                  .filter((high) => high >= own)
                  .map((high) => mean(y.filter((_, row) => x[row]! >= low && x[row]! <= high))),
              ),
            ),
        ),
      );
      expect(distance(fitted, minimax)).toBeLessThan(1e-9);
    }),
  );
});

test('weights count as repeated points; between knots the curve is straight, outside it is level', () => {
  const weighted = fitIsotonic([1, 2, 3], [3, 0, 4], [1, 2, 1]);
  const repeated = fitIsotonic([1, 2, 2, 3], [3, 0, 0, 4]);
  expect([...weighted.y]).toEqual([...repeated.y]);
  expect([...weighted.x]).toEqual([1, 2, 3]);
  expect([0, 1.5, 2.5, 9].map((x) => isotonicAt(weighted, x))).toEqual([1, 1, 2.5, 4]);
});

test('no points, no curve; impossible input is refused', () => {
  expect(isotonicAt(fitIsotonic([], []), 1)).toBeNull();
  expect(() => fitIsotonic([1], [1, 2])).toThrow('1 x for 2 y');
  expect(() => fitIsotonic([1], [1], [0])).toThrow('weight 0 of point 0');
  expect(() => fitIsotonic([1], [1], [])).toThrow('0 weights');
  expect(() => fitIsotonic([1], [Number.NaN])).toThrow('y of point 0 is NaN');
  expect(() => fitIsotonic([Number.NaN], [1])).toThrow('NaN');
  expect(() => fitIsotonic([1, Number.POSITIVE_INFINITY], [1, 2])).toThrow('an x is Infinity');
  expect(() => isotonicAt(fitIsotonic([1], [1]), Number.NaN)).toThrow('NaN');
});
