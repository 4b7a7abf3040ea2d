import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factor, inverse, product, quadraticForm, solve } from '../../src/stats/symmetric_matrix.ts';
import { expectAllClose, expectClose } from './reference.ts';

const SIZE = 4;
const root = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: SIZE * SIZE, maxLength: SIZE * SIZE });

/** A'A of A by rows. */
function gram(a: readonly number[], size: number): number[] {
  return Array.from({ length: size * size }, (_, cell) => {
    const [row, column] = [Math.floor(cell / size), cell % size];
    let sum = 0;
    for (let k = 0; k < a.length / size; k += 1) sum += a[k * size + row]! * a[k * size + column]!;
    return sum;
  });
}

function times(matrix: ArrayLike<number>, x: ArrayLike<number>): number[] {
  return Array.from({ length: SIZE }, (_, row) =>
    Array.from({ length: SIZE }, (__, k) => matrix[row * SIZE + k]! * x[k]!).reduce((a, b) => a + b, 0),
  );
}

test('solves, inverts and measures what it can', () => {
  fc.assert(
    fc.property(root, (a) => {
      const shifted = a.map((value, cell) => value + (cell % (SIZE + 1) === 0 ? 20 : 0));
      const matrix = gram(shifted, SIZE);
      const factored = factor(matrix, SIZE);
      fc.pre(factored.redundant.length === 0 && factored.pivots.every((pivot) => pivot > 1e-3));
      const right = [1, -2, 3, 0.5];
      const solved = solve(factored, right);
      expectAllClose(times(matrix, solved), right, 1e-6);
      expectAllClose(times(inverse(factored), right), [...solved], 1e-8);
      const unit = product(Float64Array.from(matrix), inverse(factored), SIZE);
      expectAllClose(
        [...unit],
        Array.from(unit, (_, cell) => (cell % (SIZE + 1) === 0 ? 1 : 0)),
        1e-6,
      );
      expectClose(
        quadraticForm(factored, right),
        right.reduce((sum, value, at) => sum + value * solved[at]!, 0),
        1e-8,
      );
    }),
  );
});

test('names columns that others explain, and answers 0 there', () => {
  const matrix = gram([1, 2, 3, 0, 1, 1, 2, 1, 3], 3);
  const factored = factor(matrix, 3);
  expect(factored.redundant).toEqual([2]);
  expect(solve(factored, [1, 1, 2])[2]).toBe(0);
  expect([...inverse(factored).slice(6)]).toEqual([0, 0, 0]);
  expect(factor([0, 0, 0, 1], 2).redundant).toEqual([0]);
  expect(() => factor([1, 2], 2)).toThrow('a matrix of size 2 has 4 cells');
});
