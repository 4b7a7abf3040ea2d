import { logRisks, type RiskSet, sweepRiskSets } from './cox_risk_sets.ts';
import type { OrderedRows } from './cox_rows.ts';

/**
 * The sandwich variance of Cox coefficients where rows of one cluster are not independent.
 *
 * Shape: covariates x covariates by rows, on the scale of `variance` (of standardised covariates).
 *
 * Source: Lin and Wei 1989; score residuals with Efron's ties as R `coxph(..., cluster = id)`, no correction for few
 * clusters (below some 30 the variance is too small).
 */
export function clusteredVariance(
  rows: OrderedRows,
  beta: ArrayLike<number>,
  variance: Float64Array,
  cluster: ArrayLike<number>,
  clusters: number,
): Float64Array {
  const { count, width, row } = rows;
  const residuals = scoreResiduals(rows, beta);
  const sums = new Float64Array(clusters * width);
  for (let at = 0; at < count; at += 1) {
    const its = (cluster[row[at] as number] as number) * width;
    for (let j = 0; j < width; j += 1) {
      sums[its + j] = (sums[its + j] as number) + (residuals[at * width + j] as number);
    }
  }
  const meat = new Float64Array(width * width);
  for (let start = 0; start < sums.length; start += width) {
    for (let j = 0; j < width; j += 1) {
      for (let k = 0; k < width; k += 1) {
        const cell = j * width + k;
        meat[cell] = (meat[cell] as number) + (sums[start + j] as number) * (sums[start + k] as number);
      }
    }
  }
  return product(product(variance, meat, width), variance, width);
}

function product(left: Float64Array, right: Float64Array, size: number): Float64Array {
  return left.map((_, cell) => {
    const row = Math.floor(cell / size);
    let sum = 0;
    for (let k = 0; k < size; k += 1) {
      sum += (left[row * size + k] as number) * (right[k * size + (cell % size)] as number);
    }
    return sum;
  });
}

/** Cumulative hazard, and cumulative hazard times the risk set's mean covariates, at a stratum's event times. */
interface HazardPath {
  readonly time: number[];
  readonly hazard: number[];
  readonly mean: number[][];
}

function scoreResiduals(rows: OrderedRows, beta: ArrayLike<number>): Float64Array {
  const { count, width } = rows;
  const eta = logRisks(rows, beta);
  const residuals = new Float64Array(count * width);
  const paths = rows.starts.slice(1).map((): HazardPath => ({ time: [], hazard: [], mean: [] }));
  sweepRiskSets(rows, eta, false, (set) => {
    const path = paths[set.stratum] as HazardPath;
    const whole = hazardOf(set, width, false);
    path.time.push(set.time);
    path.hazard.push(whole.hazard);
    path.mean.push(whole.mean);
    addEvents(rows, set, whole, eta, residuals);
  });
  paths.forEach((path, stratum) => {
    accumulate(path);
    const until = rows.starts[stratum + 1] as number;
    for (let at = rows.starts[stratum] as number; at < until; at += 1) {
      const risk = Math.exp(eta[at] as number);
      take(rows, residuals, at, path, rows.time[at] as number, risk);
      if (rows.entry !== null) take(rows, residuals, at, path, rows.entry[at] as number, -risk);
    }
  });
  return residuals;
}

/** The hazard of one time; `forEvents`: as it weighs on those who have the event there. */
function hazardOf(set: RiskSet, width: number, forEvents: boolean) {
  const mean = new Array<number>(width).fill(0);
  let hazard = 0;
  for (let gone = 0; gone < set.deaths; gone += 1) {
    const off = gone / set.deaths;
    const s0 = set.s0 - off * set.e0;
    const weight = (forEvents ? 1 - off : 1) / s0;
    hazard += weight;
    for (let j = 0; j < width; j += 1) {
      mean[j] = (mean[j] as number) + (weight * ((set.s1[j] as number) - off * (set.e1[j] as number))) / s0;
    }
  }
  return { hazard, mean };
}

/** What those with the event gain at its time; the whole hazard is taken from them later, so its excess is returned here. */
function addEvents(
  { width, x, event }: OrderedRows,
  set: RiskSet,
  whole: { readonly hazard: number; readonly mean: readonly number[] },
  eta: Float64Array,
  residuals: Float64Array,
): void {
  const own = hazardOf(set, width, true);
  const center = meanAtEvents(set, width);
  for (let at = set.first; at < set.last; at += 1) {
    if (event[at] !== 1) continue;
    const risk = Math.exp(eta[at] as number);
    for (let j = 0; j < width; j += 1) {
      const value = x[at * width + j] as number;
      const excess = value * (whole.hazard - own.hazard) - ((whole.mean[j] as number) - (own.mean[j] as number));
      const cell = at * width + j;
      residuals[cell] = (residuals[cell] as number) + value - (center[j] as number) + risk * excess;
    }
  }
}

function meanAtEvents(set: RiskSet, width: number): readonly number[] {
  return Array.from({ length: width }, (_, j) => {
    let sum = 0;
    for (let gone = 0; gone < set.deaths; gone += 1) {
      const off = gone / set.deaths;
      sum += ((set.s1[j] as number) - off * (set.e1[j] as number)) / (set.s0 - off * set.e0);
    }
    return sum / set.deaths;
  });
}

function accumulate(path: HazardPath): void {
  path.time.reverse();
  path.hazard.reverse();
  path.mean.reverse();
  for (let step = 1; step < path.time.length; step += 1) {
    path.hazard[step] = (path.hazard[step] as number) + (path.hazard[step - 1] as number);
    const before = path.mean[step - 1] as number[];
    path.mean[step] = (path.mean[step] as number[]).map((value, j) => value + (before[j] as number));
  }
}

/** Takes the hazard up to a time, times a risk, from a row's residuals. */
function take(
  { width, x }: OrderedRows,
  residuals: Float64Array,
  at: number,
  path: HazardPath,
  time: number,
  risk: number,
): void {
  let low = 0;
  let high = path.time.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((path.time[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return;
  const hazard = path.hazard[low - 1] as number;
  const mean = path.mean[low - 1] as number[];
  for (let j = 0; j < width; j += 1) {
    const cell = at * width + j;
    const taken = risk * ((x[cell] as number) * hazard - (mean[j] as number));
    residuals[cell] = (residuals[cell] as number) - taken;
  }
}
