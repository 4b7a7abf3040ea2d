import { type Factored, factor, solve } from './symmetric_matrix.ts';

/** A logistic likelihood to be maximised: `width` numbers a row, row after row, the first of them 1. */
export interface LogisticLikelihood {
  readonly x: Float64Array;
  readonly width: number;
  readonly outcomes: ArrayLike<number>;
  readonly weights: ArrayLike<number> | null;
  readonly offsets: ArrayLike<number> | null;
  /** Half of this times the square of the coefficient is taken off the log-likelihood; one for each number of a row. */
  readonly penalties: Float64Array;
}

/** The maximum. */
export interface Maximum {
  readonly kind: 'converged';
  readonly coefficients: Float64Array;
  readonly probabilities: Float64Array;
  readonly information: Factored;
  readonly deviance: number;
  readonly iterations: number;
}

/** No maximum: the likelihood rises for ever along `direction`. */
export interface Divergence {
  readonly kind: 'diverged';
  readonly direction: Float64Array;
  /** Every row lies strictly on its side of the direction; otherwise some rows lie on the border. */
  readonly isComplete: boolean;
}

/** Neither a maximum nor a proof that there is none. */
export interface Stop {
  readonly kind: 'stopped';
  readonly iterations: number;
}

const MAX_ITERATIONS = 50;
const MAX_HALVINGS = 20;
const CONVERGED_BELOW = 1e-10;
/** Newton's steps towards a finite maximum are tiny by then; along a separating direction they keep a length of 1. */
const DIVERGENCE_LOOKED_FOR_FROM = 14;
const LEAST_SEPARATING_STEP = 0.5;
/** A row that moves less lies on the border; one that moves more than `CLEAR` is on its side. Between them: go on. */
const BORDER = 1e-6;
const CLEAR = 1e-3;

/** Maximises by Newton's method (iteratively reweighted least squares) with halved steps where the likelihood falls. */
export function maximise(likelihood: LogisticLikelihood): Maximum | Divergence | Stop {
  let coefficients = startOf(likelihood);
  let state = evaluate(likelihood, coefficients);
  let last: Float64Array | null = null;
  for (let iteration = 1; iteration <= MAX_ITERATIONS; iteration++) {
    const { gradient, information } = slopes(likelihood, coefficients, state.probabilities);
    const factored = factor(information, likelihood.width);
    if (factored.redundant.length > 0) return endAt(likelihood, last, iteration);
    const step = solve(factored, gradient);
    if (iteration >= DIVERGENCE_LOOKED_FOR_FROM) {
      const divergence = divergenceAlong(likelihood, step);
      if (divergence !== null) return divergence;
    }
    last = step;
    const moved = shortened(likelihood, coefficients, step, state.objective);
    coefficients = moved.coefficients;
    state = moved.state;
    if (step.every((part, place) => Math.abs(part) <= CONVERGED_BELOW * (1 + Math.abs(coefficients[place] ?? 0)))) {
      const reached = factor(slopes(likelihood, coefficients, state.probabilities).information, likelihood.width);
      if (reached.redundant.length > 0) return endAt(likelihood, step, iteration);
      const { probabilities, deviance } = state;
      return { kind: 'converged', coefficients, probabilities, information: reached, deviance, iterations: iteration };
    }
  }
  return { kind: 'stopped', iterations: MAX_ITERATIONS };
}

/** Where nothing is left to be told from the rows: all chances are 0 or 1, most often because the rows are separated. */
function endAt(likelihood: LogisticLikelihood, last: Float64Array | null, iterations: number): Divergence | Stop {
  return (last === null ? null : divergenceAlong(likelihood, last)) ?? { kind: 'stopped', iterations };
}

interface State {
  readonly probabilities: Float64Array;
  readonly deviance: number;
  /** Deviance and penalty: what falls on the way to the maximum. */
  readonly objective: number;
}

function startOf({ width, outcomes, weights, offsets }: LogisticLikelihood): Float64Array {
  let events = 0;
  let total = 0;
  let offset = 0;
  for (let row = 0; row < outcomes.length; row++) {
    const weight = weights === null ? 1 : (weights[row] as number);
    total += weight;
    events += weight * (outcomes[row] as number);
    offset += offsets === null ? 0 : weight * (offsets[row] as number);
  }
  const start = new Float64Array(width);
  start[0] = Math.log(events / (total - events)) - offset / total;
  return start;
}

function evaluate(likelihood: LogisticLikelihood, coefficients: Float64Array): State {
  const { x, width, outcomes, weights, offsets, penalties } = likelihood;
  const probabilities = new Float64Array(outcomes.length);
  let deviance = 0;
  for (let row = 0, at = 0; row < outcomes.length; row++, at += width) {
    let predictor = offsets === null ? 0 : (offsets[row] as number);
    for (let j = 0; j < width; j++) predictor += (x[at + j] as number) * (coefficients[j] as number);
    const decay = Math.exp(-Math.abs(predictor));
    probabilities[row] = predictor >= 0 ? 1 / (1 + decay) : decay / (1 + decay);
    const onItsSide = (outcomes[row] === 1) === predictor >= 0;
    const loss = Math.log1p(decay) + (onItsSide ? 0 : Math.abs(predictor));
    deviance += 2 * loss * (weights === null ? 1 : (weights[row] as number));
  }
  const penalty = coefficients.reduce((sum, value, j) => sum + (penalties[j] as number) * value * value, 0);
  return { probabilities, deviance, objective: deviance + penalty };
}

function slopes(
  likelihood: LogisticLikelihood,
  coefficients: Float64Array,
  probabilities: Float64Array,
): { readonly gradient: Float64Array; readonly information: Float64Array } {
  const { x, width, outcomes, weights, penalties } = likelihood;
  const gradient = new Float64Array(width);
  const values = new Float64Array(width * width);
  for (let row = 0, at = 0; row < outcomes.length; row++, at += width) {
    const weight = weights === null ? 1 : (weights[row] as number);
    const p = probabilities[row] as number;
    const residual = weight * ((outcomes[row] as number) - p);
    const spread = weight * p * (1 - p);
    for (let j = 0; j < width; j++) {
      const own = x[at + j] as number;
      gradient[j] = (gradient[j] as number) + residual * own;
      const scaled = spread * own;
      const line = j * width;
      for (let k = 0; k <= j; k++) values[line + k] = (values[line + k] as number) + scaled * (x[at + k] as number);
    }
  }
  for (let j = 0; j < width; j++) {
    const penalty = penalties[j] as number;
    gradient[j] = (gradient[j] as number) - penalty * (coefficients[j] as number);
    values[j * width + j] = (values[j * width + j] as number) + penalty;
    for (let k = 0; k < j; k++) values[k * width + j] = values[j * width + k] as number;
  }
  return { gradient, information: values };
}

function shortened(
  likelihood: LogisticLikelihood,
  from: Float64Array,
  step: Float64Array,
  objective: number,
): { readonly coefficients: Float64Array; readonly state: State } {
  let share = 1;
  for (let halving = 0; ; halving++) {
    const coefficients = from.map((value, j) => value + share * (step[j] as number));
    const state = evaluate(likelihood, coefficients);
    if (state.objective <= objective * (1 + 1e-12) + 1e-12 || halving === MAX_HALVINGS) return { coefficients, state };
    share /= 2;
  }
}

/** Whether no row of weight moves to its wrong side along the step, and some row moves to its right side by a full step. */
function divergenceAlong(likelihood: LogisticLikelihood, step: Float64Array): Divergence | null {
  const { x, width, outcomes, weights } = likelihood;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let row = 0, at = 0; row < outcomes.length; row++, at += width) {
    if (weights !== null && weights[row] === 0) continue;
    let along = 0;
    for (let j = 0; j < width; j++) along += (x[at + j] as number) * (step[j] as number);
    const margin = outcomes[row] === 1 ? along : -along;
    least = Math.min(least, margin);
    most = Math.max(most, margin);
  }
  if (least < -BORDER || most < LEAST_SEPARATING_STEP) return null;
  if (least > BORDER && least < CLEAR) return null;
  return { kind: 'diverged', direction: step, isComplete: least >= CLEAR };
}
