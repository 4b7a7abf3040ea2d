import { chiSquareLogUpperTail, chiSquareUpperTail } from './chi_square.ts';
import { type PartialLikelihood, partialLikelihood } from './cox_likelihood.ts';
import { clusteredVariance } from './cox_robust.ts';
import { type CoxRows, type OrderedRows, orderRows } from './cox_rows.ts';
import { countLabels } from './follow_up.ts';
import { criticalZ, twoSidedP } from './normal.ts';
import type { Refusal } from './refusal.ts';
import { type Factored, factor, inverse, quadraticForm, solve } from './symmetric_matrix.ts';

/**
 * One coefficient of a Cox model: the log of the hazard ratio per unit of its covariate.
 *
 * Shape: `standardError`, `z`, `p` and `interval` (of the hazard ratio) are robust where rows were clustered;
 * `modelStandardError` is the one that takes rows as independent.
 */
export interface CoxCoefficient {
  readonly estimate: number;
  readonly standardError: number;
  readonly modelStandardError: number;
  readonly z: number;
  readonly p: number;
  readonly hazardRatio: number;
  readonly interval: readonly [number, number];
}

/** A test of all coefficients at once; `logP` is the natural logarithm of `p`. */
interface CoxTest {
  readonly chiSquare: number;
  readonly df: number;
  readonly p: number;
  readonly logP: number;
}

/**
 * A fitted Cox model.
 *
 * Shape: `variance` (robust where clustered) and `modelVariance` are covariates x covariates by rows; `logLikelihood` at no
 * effects and at the fit. `wald` uses `variance`; `score` and `likelihoodRatio` take rows as independent.
 */
export interface CoxModel {
  readonly kind: 'fitted';
  readonly subjects: number;
  readonly events: number;
  readonly coefficients: readonly CoxCoefficient[];
  readonly variance: Float64Array;
  readonly modelVariance: Float64Array;
  readonly logLikelihood: readonly [number, number];
  readonly score: CoxTest;
  readonly likelihoodRatio: CoxTest;
  readonly wald: CoxTest;
  readonly iterations: number;
}

/**
 * A Cox model that cannot be fitted.
 *
 * `no_events`; `collinear`: the columns in `covariates` are constant in every risk set or follow from those before them;
 * `monotone`: the likelihood keeps rising as the coefficients in `covariates` run off, because one side has no events
 * (or all of them): `directions` says whether the hazard goes to 0 (-1) or beyond bounds (1) as the covariate rises;
 * `not_converged`.
 */
export interface CoxRefusal extends Refusal<'no_events' | 'collinear' | 'monotone' | 'not_converged'> {
  readonly covariates: readonly number[];
  readonly directions: readonly (-1 | 1)[];
}

const MAX_ITERATIONS = 60;
const MAX_HALVINGS = 40;
const SETTLED_STEP = 1e-9;
const SETTLED_LIKELIHOOD = 1e-10;
const LOST_INFORMATION = 1e-7;
const RUNAWAY_STEP = 1e-4;

/**
 * By what factor does the hazard of the event change per unit of each covariate, the others held?
 *
 * Refuses as `CoxRefusal` says; throws for impossible columns (see `checkFollowUp`), NaN among them. Rows with no events
 * near them cost nothing but time; callers judge whether there are enough events.
 *
 * Source: Cox 1972; ties by Efron 1977; as R `coxph(Surv(entry, time, event) ~ ... + strata() + offset(), cluster)`.
 */
export function coxModel(rows: CoxRows, options: { readonly level?: number } = {}): CoxModel | CoxRefusal {
  const z = criticalZ(options.level ?? 0.95);
  const ordered = orderRows(rows);
  const events = ordered.event.reduce((sum, event) => sum + event, 0);
  if (events === 0) return refuse('no_events');
  const fit = maximise(ordered);
  if (fit.kind === 'refused') return fit;
  const scaled = inverse(fit.factored);
  const robust =
    rows.cluster === undefined
      ? scaled
      : clusteredVariance(ordered, fit.beta, scaled, rows.cluster, countLabels('cluster', rows.cluster));
  const modelVariance = unscaled(scaled, ordered);
  const variance = unscaled(robust, ordered);
  const { width } = ordered;
  const estimates = fit.beta.map((value, j) => value / (ordered.scale[j] as number));
  return {
    kind: 'fitted',
    subjects: ordered.count,
    events,
    coefficients: Array.from(estimates, (estimate, j) => coefficient(estimate, j, width, variance, modelVariance, z)),
    variance,
    modelVariance,
    logLikelihood: [fit.start.logLikelihood, fit.end.logLikelihood],
    score: testOf(fit.score, width),
    likelihoodRatio: testOf(2 * (fit.end.logLikelihood - fit.start.logLikelihood), width),
    wald: waldTest(variance, estimates, width),
    iterations: fit.iterations,
  };
}

function refuse(reason: CoxRefusal['reason'], covariates: readonly number[] = [], step?: Float64Array): CoxRefusal {
  return {
    kind: 'refused',
    reason,
    covariates,
    directions: step === undefined ? [] : covariates.map((j) => ((step[j] as number) < 0 ? -1 : 1)),
  };
}

interface Maximum {
  readonly kind: 'maximum';
  readonly beta: Float64Array;
  readonly start: PartialLikelihood;
  readonly end: PartialLikelihood;
  readonly factored: Factored;
  readonly score: number;
  readonly iterations: number;
}

/**
 * Newton's method from no effects, steps halved while the likelihood falls.
 *
 * Where a coefficient runs off, the likelihood flattens while the step does not shrink: that is told from convergence by
 * going on until steps vanish too.
 */
function maximise(rows: OrderedRows): Maximum | CoxRefusal {
  const start = partialLikelihood(rows, new Float64Array(rows.width));
  if (!Number.isFinite(start.logLikelihood)) return refuse('not_converged');
  const first = factor(start.information, rows.width);
  const idle = Array.from({ length: rows.width }, (_, j) => j).filter((j) => isIdle(start, rows, j));
  const redundant = [...new Set([...first.redundant, ...idle])].toSorted((a, b) => a - b);
  if (redundant.length > 0) return refuse('collinear', redundant);
  const score = quadraticForm(first, start.gradient);
  let beta = new Float64Array(rows.width);
  let end = start;
  let factored = first;
  for (let iterations = 1; iterations <= MAX_ITERATIONS; iterations += 1) {
    const step = solve(factored, end.gradient);
    const next = climb(rows, beta, step, end.logLikelihood);
    if (next === null) {
      const runaways = running(beta, step);
      if (runaways.length > 0) return refuse('not_converged');
      return { kind: 'maximum', beta, start, end, factored, score, iterations };
    }
    const gain = next.end.logLikelihood - end.logLikelihood;
    beta = next.beta;
    end = next.end;
    factored = factor(end.information, rows.width);
    const lost = lostColumns(first, factored);
    if (lost.length > 0) return refuse('monotone', lost, beta);
    const isFlat = Math.abs(gain) <= SETTLED_LIKELIHOOD * (1 + Math.abs(end.logLikelihood));
    const isStill = step.every((value, j) => Math.abs(value) <= SETTLED_STEP * (1 + Math.abs(beta[j] as number)));
    if (isFlat && isStill) return { kind: 'maximum', beta, start, end, factored, score, iterations };
  }
  const runaways = running(beta, solve(factored, end.gradient));
  return runaways.length > 0 ? refuse('monotone', runaways, beta) : refuse('not_converged');
}

function isIdle({ information }: PartialLikelihood, { width }: OrderedRows, j: number): boolean {
  return !((information[j * width + j] as number) > 1e-12);
}

function running(beta: Float64Array, step: Float64Array): readonly number[] {
  return Array.from(step.keys()).filter(
    (j) => Math.abs(step[j] as number) > RUNAWAY_STEP * (1 + Math.abs(beta[j] as number)),
  );
}

function lostColumns(first: Factored, now: Factored): readonly number[] {
  return Array.from(now.pivots.keys()).filter(
    (j) => !((now.pivots[j] as number) > LOST_INFORMATION * (first.pivots[j] as number)),
  );
}

/** The first of a full step, half of it, ... at which the likelihood does not fall; null where none is found. */
function climb(rows: OrderedRows, beta: Float64Array, step: Float64Array, from: number) {
  const slack = 1e-13 * (1 + Math.abs(from));
  for (let halvings = 0, share = 1; halvings <= MAX_HALVINGS; halvings += 1, share /= 2) {
    const next = beta.map((value, j) => value + share * (step[j] as number));
    const end = partialLikelihood(rows, next);
    if (Number.isFinite(end.logLikelihood) && end.logLikelihood >= from - slack) return { beta: next, end };
  }
  return null;
}

function unscaled(matrix: Float64Array, { width, scale }: OrderedRows): Float64Array {
  return matrix.map((cell, at) => cell / (scale[Math.floor(at / width)] as number) / (scale[at % width] as number));
}

function coefficient(
  estimate: number,
  j: number,
  width: number,
  variance: Float64Array,
  modelVariance: Float64Array,
  reach: number,
): CoxCoefficient {
  const standardError = Math.sqrt(variance[j * width + j] as number);
  const z = estimate / standardError;
  return {
    estimate,
    standardError,
    modelStandardError: Math.sqrt(modelVariance[j * width + j] as number),
    z,
    p: twoSidedP(z),
    hazardRatio: Math.exp(estimate),
    interval: [Math.exp(estimate - reach * standardError), Math.exp(estimate + reach * standardError)],
  };
}

function testOf(chiSquare: number, df: number): CoxTest {
  const value = Math.max(0, chiSquare);
  return { chiSquare: value, df, p: chiSquareUpperTail(value, df), logP: chiSquareLogUpperTail(value, df) };
}

function waldTest(variance: Float64Array, estimates: Float64Array, width: number): CoxTest {
  const factored = factor(variance, width);
  return testOf(quadraticForm(factored, estimates), width - factored.redundant.length);
}
