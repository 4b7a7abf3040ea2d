import { factor } from './symmetric_matrix.ts';

/** A column by its name, one finite number a row. */
export interface NamedColumn {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/**
 * Columns as a regression iterates on them: an intercept, then each column less its mean, in its standard deviations.
 *
 * Why: columns of very different size (a year, a share) would make the equations badly conditioned.
 */
export interface LogisticDesign {
  /** The intercept and the columns that were kept. */
  readonly names: readonly string[];
  /** Constant columns and sums of earlier ones. */
  readonly dropped: readonly string[];
  readonly means: Float64Array;
  readonly scales: Float64Array;
  readonly x: Float64Array;
}

const INTERCEPT = '(intercept)';

/** The design of columns; dependent ones are left out where `dropsDependent`. Rows of weight 0 have no say. */
export function designOf(
  columns: readonly NamedColumn[],
  rows: number,
  weights: ArrayLike<number> | null,
  dropsDependent: boolean,
): LogisticDesign {
  for (const column of columns) checkColumn(column, rows);
  if (new Set(columns.map(({ name }) => name)).size < columns.length) throw new Error('two columns have the same name');
  const measured = columns.map((column) => ({ column, ...momentsOf(column.values, weights) }));
  const varied = dropsDependent ? measured.filter(({ isConstant }) => !isConstant) : measured;
  const full = fill(varied, rows);
  const dependent = dropsDependent ? redundantOf(full, varied.length + 1, weights) : [];
  const kept = varied.filter((_, place) => !dependent.includes(place + 1));
  const names = kept.map(({ column }) => column.name);
  return {
    names: [INTERCEPT, ...names],
    dropped: columns.map(({ name }) => name).filter((name) => !names.includes(name)),
    means: Float64Array.from([0, ...kept.map(({ mean }) => mean)]),
    scales: Float64Array.from([1, ...kept.map(({ scale }) => scale)]),
    x: kept.length === varied.length ? full : fill(kept, rows),
  };
}

/** Coefficients and their covariance (by rows) in the units of the columns as they were given. */
export function inOriginalUnits(
  { means, scales }: LogisticDesign,
  coefficients: Float64Array,
  values: Float64Array,
): { readonly estimates: Float64Array; readonly covariance: Float64Array } {
  const size = coefficients.length;
  const estimates = coefficients.map((value, place) => value / (scales[place] as number));
  const slopes = estimates.slice();
  for (let j = 1; j < size; j++) estimates[0] = (estimates[0] as number) - (slopes[j] as number) * (means[j] as number);
  const turn = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    turn[j * size + j] = 1 / (scales[j] as number);
    if (j > 0) turn[j] = -(means[j] as number) / (scales[j] as number);
  }
  const covariance = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (let j = 0; j < size; j++) {
        const left = turn[row * size + j] as number;
        if (left === 0) continue;
        for (let k = 0; k < size; k++)
          sum += left * (values[j * size + k] as number) * (turn[column * size + k] as number);
      }
      covariance[row * size + column] = sum;
    }
  }
  return { estimates, covariance };
}

interface Measured {
  readonly column: NamedColumn;
  readonly mean: number;
  readonly scale: number;
  readonly isConstant: boolean;
}

function checkColumn({ name, values }: NamedColumn, rows: number): void {
  if (values.length !== rows) throw new Error(`column ${name} has ${values.length} values for ${rows} rows`);
  for (let row = 0; row < rows; row++) {
    if (!Number.isFinite(values[row])) throw new Error(`column ${name} is ${values[row]} in row ${row}: not finite`);
  }
}

function momentsOf(values: ArrayLike<number>, weights: ArrayLike<number> | null): Omit<Measured, 'column'> {
  let total = 0;
  let sum = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  const weightOf = (row: number): number => (weights === null ? 1 : (weights[row] as number));
  for (let row = 0; row < values.length; row++) {
    const weight = weightOf(row);
    if (weight === 0) continue;
    const value = values[row] as number;
    total += weight;
    sum += weight * value;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const mean = sum / total;
  let squares = 0;
  for (let row = 0; row < values.length; row++) squares += weightOf(row) * ((values[row] as number) - mean) ** 2;
  const isConstant = least === most;
  return { mean, scale: isConstant ? 1 : Math.sqrt(squares / total), isConstant };
}

function fill(columns: readonly Measured[], rows: number): Float64Array {
  const width = columns.length + 1;
  const x = new Float64Array(rows * width);
  for (let at = 0; at < x.length; at += width) x[at] = 1;
  for (const [place, { column, mean, scale }] of columns.entries()) {
    const { values } = column;
    for (let row = 0, at = place + 1; row < rows; row++, at += width) x[at] = ((values[row] as number) - mean) / scale;
  }
  return x;
}

function redundantOf(x: Float64Array, width: number, weights: ArrayLike<number> | null): readonly number[] {
  const values = new Float64Array(width * width);
  for (let at = 0, row = 0; at < x.length; at += width, row++) {
    const weight = weights === null ? 1 : (weights[row] as number);
    for (let j = 0; j < width; j++) {
      const scaled = weight * (x[at + j] as number);
      for (let k = 0; k <= j; k++)
        values[j * width + k] = (values[j * width + k] as number) + scaled * (x[at + k] as number);
    }
  }
  for (let j = 0; j < width; j++) for (let k = 0; k < j; k++) values[k * width + j] = values[j * width + k] as number;
  return factor(values, width).redundant;
}
