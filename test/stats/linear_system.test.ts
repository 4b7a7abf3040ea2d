import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cholesky, inverse, product, type SquareMatrix, solve } from '../../src/stats/linear_system.ts';
import { distance } from './references/reference.ts';

const matrix = (size: number, values: readonly number[]): SquareMatrix => ({ size, values: Float64Array.from(values) });

/** B B' and a little more on the diagonal: symmetric and positive. */
const positive = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 9, maxLength: 9 }).map((b) =>
  matrix(
    3,
    b.map((_, cell) => {
      const [row, column] = [Math.floor(cell / 3), cell % 3];
      const inner = [0, 1, 2].reduce((sum, k) => sum + b[3 * row + k]! * b[3 * column + k]!, 0);
      return inner + (row === column ? 0.5 : 0);
    }),
  ),
);

test('solving and multiplying lead back', () => {
  fc.assert(
    fc.property(positive, (a) => {
      const triangle = cholesky(a);
      expect(triangle.dependent).toEqual([]);
      const x = solve(triangle, [1, -2, 3]);
      const back = [0, 1, 2].map((row) => [0, 1, 2].reduce((sum, k) => sum + a.values[3 * row + k]! * x[k]!, 0));
      expect(distance(back, [1, -2, 3])).toBeLessThan(1e-9);
      expect(distance([...product(a, inverse(triangle)).values], [1, 0, 0, 0, 1, 0, 0, 0, 1])).toBeLessThan(1e-9);
    }),
  );
});

test('a column that earlier ones explain is listed', () => {
  expect(cholesky(matrix(3, [1, 0, 2, 0, 1, 3, 2, 3, 13])).dependent).toEqual([2]);
  expect(cholesky(matrix(2, [0, 0, 0, 1])).dependent).toEqual([0]);
});
