/** A square matrix of `size` rows, row after row. */
export interface SquareMatrix {
  readonly size: number;
  readonly values: Float64Array;
}

/** A lower triangle L with L L' = the matrix, and the columns that are sums of earlier ones (within a tolerance). */
export interface Triangle {
  readonly lower: SquareMatrix;
  readonly dependent: readonly number[];
}

const DEPENDENT_BELOW = 1e-11;

/**
 * The Cholesky triangle of a symmetric matrix that has no negative direction.
 *
 * Shape: a column that the earlier ones explain (all but 1e-11 of its own diagonal) is listed as dependent and has a
 * zero column in the triangle.
 */
export function cholesky({ size, values }: SquareMatrix): Triangle {
  const lower = new Float64Array(size * size);
  const dependent: number[] = [];
  for (let column = 0; column < size; column++) {
    const own = values[column * size + column] as number;
    let pivot = own;
    for (let k = 0; k < column; k++) pivot -= (lower[column * size + k] as number) ** 2;
    if (!(pivot > DEPENDENT_BELOW * own)) {
      dependent.push(column);
      continue;
    }
    const root = Math.sqrt(pivot);
    lower[column * size + column] = root;
    for (let row = column + 1; row < size; row++) {
      let sum = values[row * size + column] as number;
      for (let k = 0; k < column; k++) sum -= (lower[row * size + k] as number) * (lower[column * size + k] as number);
      lower[row * size + column] = sum / root;
    }
  }
  return { lower: { size, values: lower }, dependent };
}

/** Solves A x = b by the triangle of A, which must have no dependent columns. */
export function solve({ lower: { size, values } }: Triangle, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b);
  for (let row = 0; row < size; row++) {
    let sum = x[row] as number;
    for (let k = 0; k < row; k++) sum -= (values[row * size + k] as number) * (x[k] as number);
    x[row] = sum / (values[row * size + row] as number);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = x[row] as number;
    for (let k = row + 1; k < size; k++) sum -= (values[k * size + row] as number) * (x[k] as number);
    x[row] = sum / (values[row * size + row] as number);
  }
  return x;
}

/** The inverse of A by the triangle of A, which must have no dependent columns. */
export function inverse(triangle: Triangle): SquareMatrix {
  const { size } = triangle.lower;
  const values = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const unit = new Float64Array(size);
    unit[column] = 1;
    const solved = solve(triangle, unit);
    for (let row = 0; row < size; row++) values[row * size + column] = solved[row] as number;
  }
  return { size, values };
}

/** A B for matrices of the same size. */
export function product(a: SquareMatrix, b: SquareMatrix): SquareMatrix {
  const { size } = a;
  const values = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < size; k++) {
      const factor = a.values[row * size + k] as number;
      for (let column = 0; column < size; column++) {
        values[row * size + column] =
          (values[row * size + column] as number) + factor * (b.values[k * size + column] as number);
      }
    }
  }
  return { size, values };
}
