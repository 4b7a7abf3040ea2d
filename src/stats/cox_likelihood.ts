import { logRisks, type RiskSet, sweepRiskSets } from './cox_risk_sets.ts';
import type { OrderedRows } from './cox_rows.ts';

/**
 * What the events of one time add to the partial likelihood.
 *
 * Shape: `gradient` is observed less expected covariates (the sum of Schoenfeld residuals), `information` covariates x
 * covariates by rows. One object, overwritten from time to time.
 */
export interface EventTime {
  time: number;
  stratum: number;
  deaths: number;
  logLikelihood: number;
  readonly gradient: Float64Array;
  readonly information: Float64Array;
}

/** The partial likelihood at one set of coefficients (of standardised covariates). */
export interface PartialLikelihood {
  readonly logLikelihood: number;
  readonly gradient: Float64Array;
  readonly information: Float64Array;
}

/**
 * Visits what each time with events adds to the partial likelihood at coefficients.
 *
 * Source: Efron 1977 for tied events: the l-th of d leaves with l/d of the tied events' weight taken off the risk set.
 */
export function visitEventTimes(rows: OrderedRows, beta: ArrayLike<number>, visit: (at: EventTime) => void): void {
  const { width } = rows;
  const at: EventTime = {
    time: 0,
    stratum: 0,
    deaths: 0,
    logLikelihood: 0,
    gradient: new Float64Array(width),
    information: new Float64Array(width * width),
  };
  sweepRiskSets(rows, logRisks(rows, beta), true, (set) => {
    at.time = set.time;
    at.stratum = set.stratum;
    at.deaths = set.deaths;
    addEfronTerms(set, width, at);
    visit(at);
  });
}

/** The partial likelihood with its derivatives at coefficients. */
export function partialLikelihood(rows: OrderedRows, beta: ArrayLike<number>): PartialLikelihood {
  const { width } = rows;
  const gradient = new Float64Array(width);
  const information = new Float64Array(width * width);
  let logLikelihood = 0;
  visitEventTimes(rows, beta, (at) => {
    logLikelihood += at.logLikelihood;
    for (let j = 0; j < width; j += 1) gradient[j] = (gradient[j] as number) + (at.gradient[j] as number);
    for (let cell = 0; cell < width * width; cell += 1) {
      information[cell] = (information[cell] as number) + (at.information[cell] as number);
    }
  });
  return { logLikelihood, gradient, information };
}

function addEfronTerms(set: RiskSet, width: number, at: EventTime): void {
  const { gradient, information } = at;
  gradient.set(set.eventX);
  information.fill(0);
  at.logLikelihood = set.eventLog;
  for (let gone = 0; gone < set.deaths; gone += 1) {
    const off = gone / set.deaths;
    const s0 = set.s0 - off * set.e0;
    at.logLikelihood -= Math.log(s0);
    for (let j = 0; j < width; j += 1) {
      const mean = ((set.s1[j] as number) - off * (set.e1[j] as number)) / s0;
      gradient[j] = (gradient[j] as number) - mean;
      for (let k = 0; k <= j; k += 1) {
        const other = ((set.s1[k] as number) - off * (set.e1[k] as number)) / s0;
        const cell = j * width + k;
        const square = ((set.s2[cell] as number) - off * (set.e2[cell] as number)) / s0;
        information[cell] = (information[cell] as number) + square - mean * other;
      }
    }
  }
  for (let j = 0; j < width; j += 1) {
    for (let k = 0; k < j; k += 1) information[k * width + j] = information[j * width + k] as number;
  }
}
