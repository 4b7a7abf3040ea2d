import { type ClusterKeys, indexClusters } from './clusters.ts';
import { fitLogistic, predictLogistic } from './logistic.ts';
import type { NamedColumn } from './logistic_design.ts';
import { randomStream } from './random.ts';
import { type Refusal, refuse } from './refusal.ts';

/** How rows are split into folds. */
export interface FoldOptions {
  /** Number of folds; default 5. */
  readonly folds?: number;
  readonly seed: number | string;
}

/** Rows to be predicted, each by a model that never saw its account. */
export interface CrossValidationInput extends FoldOptions {
  readonly outcomes: ArrayLike<number>;
  /** NaN is missing: imputed by the training median, with an indicator column of its own. */
  readonly columns: readonly NamedColumn[];
  /** Rows of one key stay in one fold. */
  readonly groups: ClusterKeys;
  /** The ridge penalty, or the ones from which each training fold chooses by folds of its own. Default 1. */
  readonly ridge?: number | readonly number[];
}

/** Out-of-fold predictions. */
export interface CrossValidation {
  readonly kind: 'estimated';
  /** The chance of the outcome, one a row. */
  readonly predictions: Float64Array;
  /** The fold in which each row was left out. */
  readonly foldOf: Int32Array;
  /** The penalty that each fold's model used. */
  readonly ridges: readonly number[];
}

/** A penalty of 1 on standardised columns is the belief that their log odds ratios are normal around 0, deviation 1. */
const DEFAULT_RIDGE = 1;
const DEFAULT_FOLDS = 5;

/**
 * Splits rows into folds so that no group is in two, and groups with an event are spread evenly.
 *
 * Shape: the fold of each row, from 0; folds differ by at most one group with and one group without an event.
 * Refuses: fewer groups with an event, or without one, than folds (a refusal); fewer than two folds (throws).
 */
export function groupedFolds(
  outcomes: ArrayLike<number>,
  groups: ClusterKeys,
  options: FoldOptions,
): { readonly kind: 'folds'; readonly foldOf: Int32Array } | Refusal {
  const folds = options.folds ?? DEFAULT_FOLDS;
  if (!(Number.isInteger(folds) && folds >= 2)) throw new Error(`${folds} folds: it takes two or more`);
  const { of, count } = indexClusters(groups, outcomes.length);
  const hasEvent = new Uint8Array(count);
  for (let row = 0; row < of.length; row++) if (outcomes[row] === 1) hasEvent[of[row] as number] = 1;
  const foldOfGroup = new Int32Array(count);
  for (const stratum of [1, 0]) {
    const members = Int32Array.from(hasEvent, (_, group) => group).filter((group) => hasEvent[group] === stratum);
    if (members.length < folds) {
      return refuse(`${members.length} groups ${stratum === 1 ? 'with' : 'without'} an event for ${folds} folds`);
    }
    randomStream(options.seed, 'folds', stratum).shuffle(members);
    for (const [place, group] of members.entries()) {
      foldOfGroup[group] = stratum === 1 ? place % folds : folds - 1 - (place % folds);
    }
  }
  return { kind: 'folds', foldOf: Int32Array.from(of, (group) => foldOfGroup[group] as number) };
}

/**
 * What a ridge logistic regression on the columns predicts for rows of accounts it has not seen.
 *
 * Shape: one chance a row, in (0, 1). Medians, means and deviations are the training rows' own, so nothing of a row
 * left out reaches its prediction; a column that never varies in training predicts nothing.
 * Refuses: fewer groups with an event, or without one, than folds, and without a penalty also a training fold that the
 * columns separate (refusals); columns of another length (throws).
 * Why a fixed penalty by default: with a few hundred accounts, choosing it costs more than it gains; where penalties
 * are listed, the one of least out-of-fold deviance within the training rows wins (nested cross-validation).
 */
export function crossValidate(input: CrossValidationInput): CrossValidation | Refusal {
  const { outcomes } = input;
  for (const { name, values } of input.columns) {
    if (values.length !== outcomes.length) {
      throw new Error(`column ${name} has ${values.length} values for ${outcomes.length} rows`);
    }
  }
  const split = groupedFolds(outcomes, input.groups, input);
  if (split.kind === 'refused') return split;
  const { foldOf } = split;
  const predictions = new Float64Array(outcomes.length);
  const ridges: number[] = [];
  for (let fold = 0; fold < (input.folds ?? DEFAULT_FOLDS); fold++) {
    const training = rowsWhere(foldOf, (other) => other !== fold);
    const held = rowsWhere(foldOf, (other) => other === fold);
    const ridge = penaltyFor(input, training);
    const predicted = predictHeld(input, training, held, ridge);
    if ('kind' in predicted) return predicted;
    for (const [place, row] of held.entries()) predictions[row] = predicted[place] as number;
    ridges.push(ridge);
  }
  return { kind: 'estimated', predictions, foldOf, ridges };
}

function rowsWhere(foldOf: Int32Array, holds: (fold: number) => boolean): Int32Array {
  return Int32Array.from(foldOf, (_, row) => row).filter((row) => holds(foldOf[row] as number));
}

function penaltyFor(input: CrossValidationInput, training: Int32Array): number {
  const listed = input.ridge ?? DEFAULT_RIDGE;
  if (typeof listed === 'number') return listed;
  const [first] = listed;
  if (first === undefined) throw new Error('no ridge penalty to choose from');
  const inner = {
    ...input,
    outcomes: picked(input.outcomes, training),
    columns: input.columns.map(({ name, values }) => ({ name, values: picked(values, training) })),
    groups: Array.from(training, (row) => String(input.groups[row])),
  };
  let best = { ridge: first, deviance: Number.POSITIVE_INFINITY };
  for (const ridge of listed) {
    const tried = crossValidate({ ...inner, ridge });
    if (tried.kind === 'refused') return [...listed].sort((a, b) => a - b)[listed.length >> 1] ?? first;
    const deviance = devianceOf(tried.predictions, inner.outcomes);
    if (deviance < best.deviance) best = { ridge, deviance };
  }
  return best.ridge;
}

function devianceOf(predictions: Float64Array, outcomes: ArrayLike<number>): number {
  return predictions.reduce((sum, p, row) => sum - 2 * Math.log(outcomes[row] === 1 ? p : 1 - p), 0);
}

function picked(values: ArrayLike<number>, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row] as number);
}

function predictHeld(
  input: CrossValidationInput,
  training: Int32Array,
  held: Int32Array,
  ridge: number,
): Float64Array | Refusal {
  const prepared = input.columns.flatMap((column) => prepare(column, training, held));
  const fit = fitLogistic({
    outcomes: picked(input.outcomes, training),
    columns: prepared.map(({ name, training: values }) => ({ name, values })),
    ridge,
  });
  if (fit.kind !== 'fitted') return refuse(`a fold could not be fitted: ${fit.reason}`);
  return predictLogistic(
    fit,
    prepared.map(({ name, held: values }) => ({ name, values })),
    held.length,
  );
}

interface PreparedColumn {
  readonly name: string;
  readonly training: Float64Array;
  readonly held: Float64Array;
}

/** The column in standard deviations of its training rows and, where any of those lack it, whether it is missing. */
function prepare({ name, values }: NamedColumn, training: Int32Array, held: Int32Array): readonly PreparedColumn[] {
  const present = picked(values, training).filter((value) => !Number.isNaN(value));
  if (present.length === 0) return [];
  const typical = medianOf(present);
  const imputed = (rows: Int32Array) => picked(values, rows).map((value) => (Number.isNaN(value) ? typical : value));
  const missing = (rows: Int32Array) => picked(values, rows).map((value) => (Number.isNaN(value) ? 1 : 0));
  const column = standardised(name, imputed(training), imputed(held));
  if (present.length === training.length) return column;
  return [...column, ...standardised(`${name} is missing`, missing(training), missing(held))];
}

function standardised(name: string, training: Float64Array, held: Float64Array): readonly PreparedColumn[] {
  const mean = training.reduce((sum, value) => sum + value, 0) / training.length;
  const deviation = Math.sqrt(training.reduce((sum, value) => sum + (value - mean) ** 2, 0) / training.length);
  if (!(deviation > 1e-12 * Math.abs(mean))) return [];
  const scaled = (values: Float64Array) => values.map((value) => (value - mean) / deviation);
  return [{ name, training: scaled(training), held: scaled(held) }];
}

function medianOf(values: Float64Array): number {
  const sorted = values.toSorted();
  const upper = sorted[sorted.length >> 1] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] as number) + upper) / 2;
}
