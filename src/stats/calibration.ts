import type { ClusterKeys } from './clusters.ts';
import { DEFAULT_LEVEL, type Interval } from './interval.ts';
import { type Coefficient, fitLogistic, type LogisticInput } from './logistic.ts';
import { wilsonInterval } from './proportion.ts';
import { binOf, quantileCuts } from './quantile_bins.ts';
import { type Refusal, refuse } from './refusal.ts';

/** The mean squared error of predicted chances, and what it is made of. */
export interface BrierScore {
  readonly kind: 'estimated';
  /** 0 is perfect; the score of someone who always says the overall rate is `uncertainty`. */
  readonly score: number;
  /** How far predictions in a bin are from what happened there; 0 is best. */
  readonly reliability: number;
  /** How far the bins differ in what happened; more is better. */
  readonly resolution: number;
  /** The overall rate times its complement; nobody's merit. */
  readonly uncertainty: number;
  /** score - (reliability - resolution + uncertainty): what goes on within bins. */
  readonly withinBins: number;
}

/** One bin of predictions against what happened. */
export interface ReliabilityBin {
  /** Rows of the bin. */
  readonly rows: number;
  readonly leastPredicted: number;
  readonly greatestPredicted: number;
  readonly meanPredicted: number;
  readonly observed: number;
  /** Of the observed share: Wilson, rows taken for independent. */
  readonly interval: Interval;
}

/** One figure of a calibration. */
interface CalibrationFigure {
  readonly estimate: number;
  readonly standardError: number;
  readonly interval: Interval;
}

/** Whether predicted chances are right on the whole, and in how far they spread. */
export interface CalibrationLine {
  readonly kind: 'estimated';
  /** 0 where predictions are right on the whole; above 0 they are too low (in log odds). */
  readonly intercept: CalibrationFigure;
  /** 1 where their spread is right; below 1 they are too extreme. Null where all predictions are the same. */
  readonly slope: CalibrationFigure | null;
}

const DEFAULT_BINS = 10;
const EXTREME = 1e-6;

/**
 * How good predicted chances are: the Brier score and its parts over quantile bins of the predictions.
 *
 * Refuses: no rows (a refusal); predictions outside [0, 1], outcomes other than 0 and 1, lengths that differ (throws).
 * Source: Brier 1950; Murphy 1973; the part within bins after Stephenson, Coelho and Jolliffe 2008.
 */
export function brierScore(
  predictions: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  bins = DEFAULT_BINS,
): BrierScore | Refusal {
  const table = binned(predictions, outcomes, bins);
  if (table.length === 0) return refuse('no rows');
  const rows = outcomes.length;
  const squares = Array.from(predictions, (prediction, row) => (prediction - (outcomes[row] as number)) ** 2);
  const score = squares.reduce((sum, square) => sum + square, 0) / rows;
  const overall = table.reduce((sum, { events }) => sum + events, 0) / rows;
  const part = (square: (bin: Bin) => number): number =>
    table.reduce((sum, bin) => sum + (bin.rows * square(bin)) / rows, 0);
  const reliability = part((bin) => ((bin.predicted - bin.events) / bin.rows) ** 2);
  const resolution = part((bin) => (bin.events / bin.rows - overall) ** 2);
  const uncertainty = overall * (1 - overall);
  const withinBins = score - (reliability - resolution + uncertainty);
  return { kind: 'estimated', score, reliability, resolution, uncertainty, withinBins };
}

/**
 * Predictions beside what happened, bin by bin.
 *
 * Shape: bins by quantiles of the predictions, equal predictions in one bin, so there may be fewer than asked for; from
 * the lowest up; empty without rows.
 * Refuses: as `brierScore`, but for no rows.
 */
export function reliabilityTable(
  predictions: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  options: { readonly bins?: number; readonly level?: number } = {},
): readonly ReliabilityBin[] {
  return binned(predictions, outcomes, options.bins ?? DEFAULT_BINS).flatMap(
    ({ rows, predicted, events, least, most }) => {
      const interval = wilsonInterval({ successes: events, trials: rows }, { level: options.level ?? DEFAULT_LEVEL });
      if (interval === null) return [];
      return {
        rows,
        leastPredicted: least,
        greatestPredicted: most,
        meanPredicted: predicted / rows,
        observed: events / rows,
        interval,
      };
    },
  );
}

/**
 * Whether predicted chances are too high, too low or too extreme: the outcome refitted on their log odds.
 *
 * Shape: the intercept with the slope held at 1, the slope with an intercept of its own. Predictions nearer than a
 * millionth to 0 or 1 are taken as that near. Clusters make the errors those of the clustered sandwich.
 * Refuses: what `fitLogistic` refuses, and predictions that separate the outcome (refusals); as `brierScore` (throws).
 * Source: Cox 1958, Biometrika 45, 562-565; Van Calster et al. 2019, BMC Medicine 17, 230.
 */
export function calibrationLine(
  predictions: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  options: { readonly clusters?: ClusterKeys; readonly level?: number } = {},
): CalibrationLine | Refusal {
  checkRows(predictions, outcomes);
  const logits = Float64Array.from(predictions, (prediction) => {
    const inside = Math.min(1 - EXTREME, Math.max(EXTREME, prediction));
    return Math.log(inside / (1 - inside));
  });
  const base: LogisticInput = { outcomes, columns: [], ...options };
  const whole = fitLogistic({ ...base, offsets: logits });
  if (whole.kind !== 'fitted') return refuse(whole.reason);
  const spread = fitLogistic({ ...base, columns: [{ name: 'log odds', values: logits }] });
  if (spread.kind !== 'fitted') return refuse(spread.reason);
  const intercept = figureOf(whole.coefficients[0]);
  if (intercept === null) return refuse('the intercept has no standard error');
  return { kind: 'estimated', intercept, slope: figureOf(spread.coefficients[1]) };
}

function figureOf(coefficient: Coefficient | undefined): CalibrationFigure | null {
  if (coefficient === undefined || coefficient.interval === null) return null;
  const { estimate, standardError, interval } = coefficient;
  return { estimate, standardError, interval };
}

interface Bin {
  readonly rows: number;
  /** Sum of the predictions. */
  readonly predicted: number;
  readonly events: number;
  readonly least: number;
  readonly most: number;
}

function checkRows(predictions: ArrayLike<number>, outcomes: ArrayLike<number>): void {
  if (predictions.length !== outcomes.length) {
    throw new Error(`${predictions.length} predictions for ${outcomes.length} outcomes`);
  }
  for (let row = 0; row < outcomes.length; row++) {
    const prediction = predictions[row] as number;
    if (!(prediction >= 0 && prediction <= 1)) throw new Error(`prediction ${prediction} of row ${row} is no chance`);
    const outcome = outcomes[row];
    if (outcome !== 0 && outcome !== 1) throw new Error(`outcome ${outcome} of row ${row} is neither 0 nor 1`);
  }
}

function binned(predictions: ArrayLike<number>, outcomes: ArrayLike<number>, count: number): readonly Bin[] {
  checkRows(predictions, outcomes);
  const cuts = quantileCuts(predictions, count);
  const bins: (Bin | undefined)[] = [];
  for (let row = 0; row < outcomes.length; row++) {
    const prediction = predictions[row] as number;
    const place = binOf(cuts, prediction);
    const before = bins[place] ?? { rows: 0, predicted: 0, events: 0, least: prediction, most: prediction };
    bins[place] = {
      rows: before.rows + 1,
      predicted: before.predicted + prediction,
      events: before.events + (outcomes[row] as number),
      least: Math.min(before.least, prediction),
      most: Math.max(before.most, prediction),
    };
  }
  return bins.filter((bin) => bin !== undefined);
}
