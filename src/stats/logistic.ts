import { type ClusterKeys, indexClusters } from './clusters.ts';
import { DEFAULT_LEVEL, type Interval } from './interval.ts';
import { designOf, inOriginalUnits, type LogisticDesign, type NamedColumn } from './logistic_design.ts';
import { type Divergence, type LogisticLikelihood, type Maximum, maximise } from './logistic_iteration.ts';
import { criticalZ, twoSidedP } from './normal.ts';
import { type Refusal, refuse } from './refusal.ts';
import { inverse, product } from './symmetric_matrix.ts';

/** What is fitted, and how. Everything by row has one value for each outcome. */
export interface LogisticInput {
  /** 1 had the outcome, 0 had not. */
  readonly outcomes: ArrayLike<number>;
  /** Without an intercept: one is always added. */
  readonly columns: readonly NamedColumn[];
  /** Case weights; a row of weight 2 counts as two rows. */
  readonly weights?: ArrayLike<number>;
  /** Added to the linear predictor with coefficient 1. */
  readonly offsets?: ArrayLike<number>;
  /** Rows with the same key are not independent: standard errors become those of the clustered sandwich. */
  readonly clusters?: ClusterKeys;
  /** Ridge penalty: half of it times the sum of squared coefficients, in the columns' units, without the intercept's. */
  readonly ridge?: number;
  readonly level?: number;
}

/** One coefficient: the change of the log odds for one unit more. */
export interface Coefficient {
  /** The column's name, `(intercept)` for the first. */
  readonly name: string;
  readonly estimate: number;
  readonly standardError: number;
  /** Null under a ridge penalty, whose estimates are biased towards 0 on purpose; so are p and the intervals. */
  readonly z: number | null;
  readonly p: number | null;
  readonly interval: Interval | null;
  readonly oddsRatio: number;
  readonly oddsRatioInterval: Interval | null;
}

/** A fitted logistic regression. */
export interface LogisticFit {
  readonly kind: 'fitted';
  /** The intercept, then the columns that were kept, in their order. */
  readonly coefficients: readonly Coefficient[];
  /** Of the coefficients, in their order, by rows. */
  readonly covariance: Float64Array;
  /** Columns that are constant or sums of earlier ones: left out, as R does. Never any under a ridge penalty. */
  readonly dropped: readonly string[];
  /** Fitted chance of every row. */
  readonly probabilities: Float64Array;
  readonly deviance: number;
  readonly nullDeviance: number;
  readonly iterations: number;
}

/** The columns tell the outcome without an error, so no finite coefficients are the most likely. */
export interface Separation {
  readonly kind: 'separated';
  /** Complete: every row is told. Quasi: some rows are told without an error, others lie on the border. */
  readonly completeness: 'complete' | 'quasi';
  /** The columns that do it together, the strongest first. */
  readonly columns: readonly string[];
  readonly reason: string;
}

const INVOLVED_FROM = 0.01;

/**
 * How columns move the odds of an outcome together: logistic regression with an intercept.
 *
 * Refuses: an outcome that nobody or everybody has, no convergence, and no more clusters than coefficients (refusals);
 * columns that separate the outcome (said by name, without a ridge penalty); lengths that differ, numbers that are not
 * finite, outcomes other than 0 and 1, negative weights (throws).
 * Source: iteratively reweighted least squares (McCullagh and Nelder 1989), as R glm; separation after Albert and
 * Anderson 1984, Biometrika 71, 1-10; clustered variance H^-1 (sum of U U') H^-1 times G / (G - 1) for G clusters, as R
 * sandwich::vcovCL(type = 'HC0', cadjust = TRUE); ridge as glmnet(alpha = 0, standardize = FALSE) with our penalty / n
 * as its lambda.
 */
export function fitLogistic(input: LogisticInput): LogisticFit | Separation | Refusal {
  const missing = eventRefusal(input);
  if (missing !== null) return missing;
  const ridge = input.ridge ?? 0;
  if (!(ridge >= 0 && Number.isFinite(ridge)))
    throw new Error(`the ridge penalty is ${ridge}: it must be finite, 0 or more`);
  const design = designOf(input.columns, input.outcomes.length, input.weights ?? null, ridge === 0);
  const likelihood = likelihoodOf(input, design, ridge);
  const end = maximise(likelihood);
  if (end.kind === 'diverged') return separation(end, design);
  if (end.kind === 'stopped') return refuse(`no convergence within ${end.iterations} iterations`);
  const covariance = covarianceOf(end, likelihood, input);
  if ('kind' in covariance) return covariance;
  const original = inOriginalUnits(design, end.coefficients, covariance);
  return {
    kind: 'fitted',
    coefficients: coefficientsOf(design.names, original, ridge > 0 ? null : criticalZ(input.level ?? DEFAULT_LEVEL)),
    covariance: original.covariance,
    dropped: design.dropped,
    probabilities: end.probabilities,
    deviance: end.deviance,
    nullDeviance: nullDeviance(likelihood),
    iterations: end.iterations,
  };
}

/**
 * The chances that a fit gives to rows.
 *
 * Refuses: columns that lack one of the fit's (throws); columns that the fit does not have are ignored.
 */
export function predictLogistic(fit: LogisticFit, columns: readonly NamedColumn[], rows: number): Float64Array {
  const predictor = new Float64Array(rows).fill(fit.coefficients[0]?.estimate ?? 0);
  for (const { name, estimate } of fit.coefficients.slice(1)) {
    const column = columns.find((each) => each.name === name);
    if (column === undefined) throw new Error(`the fit has the column ${name}, the rows have not`);
    if (column.values.length !== rows)
      throw new Error(`column ${name} has ${column.values.length} values for ${rows} rows`);
    for (let row = 0; row < rows; row++) {
      predictor[row] = (predictor[row] as number) + estimate * (column.values[row] as number);
    }
  }
  return predictor.map((value) => 1 / (1 + Math.exp(-value)));
}

function eventRefusal({ outcomes, weights, offsets }: LogisticInput): Refusal | null {
  const rows = outcomes.length;
  if (weights !== undefined && weights.length !== rows)
    throw new Error(`${weights.length} weights for ${rows} outcomes`);
  if (offsets !== undefined && offsets.length !== rows)
    throw new Error(`${offsets.length} offsets for ${rows} outcomes`);
  let events = 0;
  let others = 0;
  for (let row = 0; row < rows; row++) {
    const outcome = outcomes[row];
    if (outcome !== 0 && outcome !== 1) throw new Error(`outcome ${outcome} of row ${row} is neither 0 nor 1`);
    const weight = weights === undefined ? 1 : (weights[row] as number);
    if (!(weight >= 0 && Number.isFinite(weight))) throw new Error(`weight ${weight} of row ${row} is no case weight`);
    if (offsets !== undefined && !Number.isFinite(offsets[row])) throw new Error(`offset of row ${row} is not finite`);
    if (outcome === 1) events += weight;
    else others += weight;
  }
  if (events === 0) return refuse(`none of ${rows} rows has the outcome`);
  if (others === 0) return refuse(`all of ${rows} rows have the outcome`);
  return null;
}

function likelihoodOf(input: LogisticInput, design: LogisticDesign, ridge: number): LogisticLikelihood {
  return {
    x: design.x,
    width: design.names.length,
    outcomes: input.outcomes,
    weights: input.weights ?? null,
    offsets: input.offsets ?? null,
    penalties: design.scales.map((scale, place) => (place === 0 ? 0 : ridge / (scale * scale))),
  };
}

function separation({ direction, isComplete }: Divergence, { names }: LogisticDesign): Separation {
  const sizes = names.map((name, place) => ({ name, size: Math.abs(direction[place] ?? 0) })).slice(1);
  sizes.sort((a, b) => b.size - a.size);
  const largest = sizes[0]?.size ?? 0;
  const columns = sizes.filter(({ size }) => size >= INVOLVED_FROM * largest).map(({ name }) => name);
  const extent = isComplete ? 'every row' : 'some of the rows';
  return {
    kind: 'separated',
    completeness: isComplete ? 'complete' : 'quasi',
    columns,
    reason: `${columns.join(', ')} tell the outcome of ${extent} without an error: no finite estimate exists`,
  };
}

function covarianceOf(end: Maximum, likelihood: LogisticLikelihood, input: LogisticInput): Float64Array | Refusal {
  const bread = inverse(end.information);
  if (input.clusters === undefined) return bread;
  const { x, width, outcomes, weights } = likelihood;
  const { of, count } = indexClusters(input.clusters, outcomes.length);
  if (count <= width) return refuse(`${count} clusters for ${width} coefficients: more clusters are needed`);
  const scores = new Float64Array(count * width);
  for (let row = 0, at = 0; row < outcomes.length; row++, at += width) {
    const residual = (outcomes[row] as number) - (end.probabilities[row] as number);
    const weighted = weights === null ? residual : residual * (weights[row] as number);
    const to = (of[row] as number) * width;
    for (let j = 0; j < width; j++) scores[to + j] = (scores[to + j] as number) + weighted * (x[at + j] as number);
  }
  const meat = new Float64Array(width * width);
  for (let at = 0; at < scores.length; at += width) {
    for (let j = 0; j < width; j++) {
      for (let k = 0; k < width; k++) {
        meat[j * width + k] = (meat[j * width + k] as number) + (scores[at + j] as number) * (scores[at + k] as number);
      }
    }
  }
  const adjusted = meat.map((value) => (value * count) / (count - 1));
  return product(product(bread, adjusted, width), bread, width);
}

function coefficientsOf(
  names: readonly string[],
  { estimates, covariance }: ReturnType<typeof inOriginalUnits>,
  reach: number | null,
): readonly Coefficient[] {
  return names.map((name, place) => {
    const estimate = estimates[place] ?? 0;
    const standardError = Math.sqrt(covariance[place * names.length + place] ?? 0);
    const base = { name, estimate, standardError, oddsRatio: Math.exp(estimate) };
    if (reach === null || standardError === 0) {
      return { ...base, z: null, p: null, interval: null, oddsRatioInterval: null };
    }
    const z = estimate / standardError;
    const low = estimate - reach * standardError;
    const high = estimate + reach * standardError;
    return { ...base, z, p: twoSidedP(z), interval: [low, high], oddsRatioInterval: [Math.exp(low), Math.exp(high)] };
  });
}

function nullDeviance(likelihood: LogisticLikelihood): number {
  const rows = likelihood.outcomes.length;
  const end = maximise({ ...likelihood, x: new Float64Array(rows).fill(1), width: 1, penalties: new Float64Array(1) });
  if (end.kind !== 'converged') throw new Error('an intercept alone always has a most likely value');
  return end.deviance;
}
