import { checkFollowUp, checkLength, countLabels, type FollowUp, orderBy } from './follow_up.ts';

/**
 * Follow-up with covariates, for a Cox model.
 *
 * Shape: `covariates` is one column per covariate. `strata` and `cluster` are whole numbers from 0: hazards are
 * proportional within strata only; rows of one cluster (an account) are not independent. `offset` is a known part of
 * the log hazard.
 */
export interface CoxRows extends FollowUp {
  readonly covariates: readonly ArrayLike<number>[];
  readonly strata?: ArrayLike<number> | undefined;
  readonly offset?: ArrayLike<number> | undefined;
  readonly cluster?: ArrayLike<number> | undefined;
}

/**
 * Rows of a Cox model put in order: strata together, times ascending within; covariates centred and scaled.
 *
 * Shape: `x` is rows x covariates; `byEntry` holds positions in that order, entries ascending within strata; `starts`
 * are the first positions of strata, and the number of rows. `row` is the position before the ordering.
 */
export interface OrderedRows {
  readonly count: number;
  readonly width: number;
  readonly row: Uint32Array;
  readonly x: Float64Array;
  readonly time: Float64Array;
  readonly event: Uint8Array;
  readonly entry: Float64Array | null;
  readonly byEntry: Uint32Array | null;
  readonly offset: Float64Array;
  readonly starts: readonly number[];
  readonly center: Float64Array;
  readonly scale: Float64Array;
}

/** Checks rows (throws, see `checkFollowUp`) and puts them in order; a constant covariate keeps scale 1. */
export function orderRows(rows: CoxRows): OrderedRows {
  checkFollowUp(rows);
  const count = rows.time.length;
  const strata = rows.strata ?? new Uint8Array(count);
  checkColumns(rows, strata);
  const row = orderBy(strata, rows.time);
  const pick = (column: ArrayLike<number>): Float64Array =>
    Float64Array.from(row, (original) => column[original] as number);
  const ordered = pick(strata);
  const starts: number[] = [];
  ordered.forEach((stratum, at) => {
    if (at === 0 || stratum !== ordered[at - 1]) starts.push(at);
  });
  const entry = rows.entry === undefined ? null : pick(rows.entry);
  const offset = rows.offset === undefined ? new Float64Array(count) : pick(rows.offset);
  const middle = offset.reduce((sum, value) => sum + value / count, 0);
  return {
    count,
    width: rows.covariates.length,
    row,
    ...standardise(rows.covariates.map(pick), count),
    time: pick(rows.time),
    event: Uint8Array.from(row, (original) => rows.event[original] as number),
    entry,
    byEntry: entry === null ? null : orderBy(ordered, entry),
    offset: offset.map((value) => value - middle),
    starts: [...starts, count],
  };
}

function checkColumns({ time, covariates, offset, cluster }: CoxRows, strata: ArrayLike<number>): void {
  checkLength('strata', strata, time.length);
  countLabels('strata', strata);
  if (cluster !== undefined) {
    checkLength('cluster', cluster, time.length);
    countLabels('cluster', cluster);
  }
  if (covariates.length === 0) throw new Error('a Cox model needs a covariate');
  const named = covariates.map((column, index) => [`covariate ${index}`, column] as const);
  for (const [name, column] of offset === undefined ? named : [...named, ['offset', offset] as const]) {
    checkLength(name, column, time.length);
    for (let row = 0; row < column.length; row += 1) {
      if (!Number.isFinite(column[row])) throw new Error(`row ${row}: ${name} is a finite number; got ${column[row]}`);
    }
  }
}

function standardise(columns: readonly Float64Array[], count: number) {
  const width = columns.length;
  const x = new Float64Array(count * width);
  const center = new Float64Array(width);
  const scale = new Float64Array(width).fill(1);
  columns.forEach((column, j) => {
    let sum = 0;
    for (let at = 0; at < count; at += 1) sum += column[at] as number;
    const mean = sum / count;
    let distance = 0;
    for (let at = 0; at < count; at += 1) distance += Math.abs((column[at] as number) - mean);
    const unit = distance > 1e-12 * count * Math.abs(mean) ? distance / count : 1;
    center[j] = mean;
    scale[j] = unit;
    for (let at = 0; at < count; at += 1) x[at * width + j] = ((column[at] as number) - mean) / unit;
  });
  return { x, center, scale };
}
