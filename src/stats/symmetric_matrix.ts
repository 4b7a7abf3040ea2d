/**
 * A symmetric, non-negative definite matrix as L D L', columns that others explain left out.
 *
 * Shape: `lower` is size x size by rows with a unit diagonal; `pivots` are D, 0 in the columns left out, which
 * `redundant` names.
 */
export interface Factored {
  readonly size: number;
  readonly lower: Float64Array;
  readonly pivots: Float64Array;
  readonly redundant: readonly number[];
}

const REDUNDANT = 1e-11;

/**
 * Factors a symmetric matrix given by rows (size x size).
 *
 * A column is redundant where the columns before it leave less than 1e-11 of its diagonal.
 * Throws where the matrix is not size x size.
 *
 * Source: Cholesky without square roots (Golub and Van Loan 4.1).
 */
export function factor(matrix: ArrayLike<number>, size: number): Factored {
  if (matrix.length !== size * size) throw new Error(`a matrix of size ${size} has ${size * size} cells`);
  const lower = new Float64Array(size * size);
  const pivots = new Float64Array(size);
  const redundant: number[] = [];
  for (let column = 0; column < size; column += 1) {
    const diagonal = matrix[column * size + column] as number;
    const pivot = diagonal - partial(lower, pivots, size, column, column);
    lower[column * size + column] = 1;
    if (!(pivot > REDUNDANT * diagonal)) {
      redundant.push(column);
      continue;
    }
    pivots[column] = pivot;
    for (let row = column + 1; row < size; row += 1) {
      const cell = matrix[row * size + column] as number;
      lower[row * size + column] = (cell - partial(lower, pivots, size, row, column)) / pivot;
    }
  }
  return { size, lower, pivots, redundant };
}

function partial(lower: Float64Array, pivots: Float64Array, size: number, row: number, column: number): number {
  let sum = 0;
  for (let k = 0; k < column; k += 1) {
    sum += (lower[row * size + k] as number) * (lower[column * size + k] as number) * (pivots[k] as number);
  }
  return sum;
}

/** Solves a factored matrix times x = right; x is 0 in redundant columns. */
export function solve({ size, lower, pivots }: Factored, right: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(right);
  for (let row = 0; row < size; row += 1) {
    let value = x[row] as number;
    for (let k = 0; k < row; k += 1) value -= (lower[row * size + k] as number) * (x[k] as number);
    x[row] = pivots[row] === 0 ? 0 : value;
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    if (pivots[row] === 0) continue;
    let value = (x[row] as number) / (pivots[row] as number);
    for (let k = row + 1; k < size; k += 1) value -= (lower[k * size + row] as number) * (x[k] as number);
    x[row] = value;
  }
  return x;
}

/** The inverse of a factored matrix by rows; redundant rows and columns are 0. */
export function inverse(factored: Factored): Float64Array {
  const { size, pivots } = factored;
  const result = new Float64Array(size * size);
  for (let column = 0; column < size; column += 1) {
    if (pivots[column] === 0) continue;
    const unit = new Float64Array(size);
    unit[column] = 1;
    const solved = solve(factored, unit);
    for (let row = 0; row < size; row += 1) result[row * size + column] = solved[row] as number;
  }
  return result;
}

/** x' M^-1 x of a factored M, over the columns that are not redundant. */
export function quadraticForm(factored: Factored, x: ArrayLike<number>): number {
  const solved = solve(factored, x);
  let sum = 0;
  for (let at = 0; at < solved.length; at += 1) sum += (solved[at] as number) * (x[at] as number);
  return sum;
}

/** A B of two matrices of one size, by rows. */
export function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const cells = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let k = 0; k < size; k += 1) {
      const share = a[row * size + k] as number;
      for (let column = 0; column < size; column += 1) {
        const at = row * size + column;
        cells[at] = (cells[at] as number) + share * (b[k * size + column] as number);
      }
    }
  }
  return cells;
}
