import { type ClusterIndex, type ClusterKeys, indexClusters } from './clusters.ts';
import { DEFAULT_LEVEL, type Interval } from './interval.ts';
import { criticalZ, twoSidedP } from './normal.ts';
import { ascending, forEachTie } from './ranks.ts';
import { type Refusal, refuse } from './refusal.ts';

/** How the uncertainty of an AUC is reckoned. */
export interface AucOptions {
  readonly level?: number;
  /** Rows with the same key are not independent (one account, many landmarks). Default: every row stands alone. */
  readonly clusters?: ClusterKeys;
}

/** The area under the ROC curve with its uncertainty. */
export interface Auc {
  readonly kind: 'estimated';
  /** Chance that a row with the outcome scores above one without; a tie counts one half. */
  readonly auc: number;
  readonly positives: number;
  readonly negatives: number;
  /** Null with fewer than two rows (or clusters) of either class. */
  readonly standardError: number | null;
  /** By the logit, so within (0, 1); null without a standard error and where the classes separate perfectly. */
  readonly interval: Interval | null;
  /** Symmetric and clipped to [0, 1], as pROC prints it; null where `interval` is. */
  readonly plainInterval: Interval | null;
}

/** Two predictors of one outcome on the same rows. */
export interface AucDifference {
  readonly kind: 'estimated';
  readonly aucs: readonly [first: number, second: number];
  /** First minus second. */
  readonly difference: number;
  /** Null with fewer than two rows (or clusters) of either class, as are the three below. */
  readonly standardError: number | null;
  readonly interval: Interval | null;
  /** Null also where the difference has no variance; then p is 1 if there is no difference either, else null. */
  readonly z: number | null;
  readonly p: number | null;
}

/**
 * How well scores tell rows with an outcome (1) from those without (0).
 *
 * Shape: one score per row, higher meaning more likely; AUC in [0, 1], 0.5 is chance.
 * Refuses: an outcome that nobody or everybody has (a refusal); NaN scores, outcomes other than 0 and 1, lengths that
 * differ (throws).
 * Source: DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44, 837-845, by the midranks of Sun and Xu 2014; for
 * clusters Obuchowski 1997, Biometrics 53, 567-578, which with one row a cluster is DeLong's.
 */
export function auc(scores: ArrayLike<number>, outcomes: ArrayLike<number>, options: AucOptions = {}): Auc | Refusal {
  const classes = classesOf(outcomes, options.clusters);
  if ('kind' in classes) return classes;
  const { positives, negatives } = classes;
  const placed = place(scores, classes);
  const variance = covariance(placed, placed, classes);
  const standardError = variance === null ? null : Math.sqrt(variance);
  return {
    kind: 'estimated',
    auc: placed.auc,
    positives,
    negatives,
    standardError,
    ...intervalsOf(placed.auc, standardError, options.level ?? DEFAULT_LEVEL),
  };
}

/**
 * Whether one predictor tells an outcome better than another on the same rows.
 *
 * Shape: as `auc`; the interval is the symmetric one, as in pROC's roc.test(method = 'delong').
 * Refuses: as `auc`.
 * Source: as `auc`.
 */
export function aucDifference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  options: AucOptions = {},
): AucDifference | Refusal {
  const classes = classesOf(outcomes, options.clusters);
  if ('kind' in classes) return classes;
  const a = place(first, classes);
  const b = place(second, classes);
  const difference = a.auc - b.auc;
  const gap = { ...a, v: a.v.map((value, row) => value - (b.v[row] as number)), auc: difference };
  const variance = covariance(gap, gap, classes);
  const estimate = { kind: 'estimated', aucs: [a.auc, b.auc], difference } as const;
  if (variance === null) return { ...estimate, standardError: null, interval: null, z: null, p: null };
  const standardError = Math.sqrt(variance);
  if (standardError === 0) {
    const isSame = difference === 0;
    return { ...estimate, standardError, interval: isSame ? [0, 0] : null, z: null, p: isSame ? 1 : null };
  }
  const reach = criticalZ(options.level ?? DEFAULT_LEVEL) * standardError;
  const z = difference / standardError;
  return { ...estimate, standardError, interval: [difference - reach, difference + reach], z, p: twoSidedP(z) };
}

interface Classes {
  readonly outcomes: ArrayLike<number>;
  readonly clusters: ClusterIndex | null;
  readonly positives: number;
  readonly negatives: number;
}

/** Placement of every row: the share of the other class that it scores on the right side of; ties count one half. */
interface Placement {
  readonly auc: number;
  readonly v: Float64Array;
}

function classesOf(outcomes: ArrayLike<number>, keys: ClusterKeys | undefined): Classes | Refusal {
  const clusters = keys === undefined ? null : indexClusters(keys, outcomes.length);
  let positives = 0;
  for (let row = 0; row < outcomes.length; row++) {
    const outcome = outcomes[row];
    if (outcome === 1) positives++;
    else if (outcome !== 0) throw new Error(`outcome ${outcome} of row ${row} is neither 0 nor 1`);
  }
  const negatives = outcomes.length - positives;
  if (positives === 0) return refuse(`none of ${outcomes.length} rows has the outcome`);
  if (negatives === 0) return refuse(`all of ${outcomes.length} rows have the outcome`);
  return { outcomes, clusters, positives, negatives };
}

function place(scores: ArrayLike<number>, { outcomes, positives, negatives }: Classes): Placement {
  if (scores.length !== outcomes.length) throw new Error(`${scores.length} scores for ${outcomes.length} outcomes`);
  const order = ascending(scores);
  const v = new Float64Array(order.length);
  let positivesBelow = 0;
  let negativesBelow = 0;
  let sum = 0;
  forEachTie(scores, order, (start, end) => {
    let tiedPositives = 0;
    for (let at = start; at < end; at++) tiedPositives += outcomes[order[at] as number] as number;
    const tiedNegatives = end - start - tiedPositives;
    const ofPositive = (negativesBelow + tiedNegatives / 2) / negatives;
    const ofNegative = (positives - positivesBelow - tiedPositives / 2) / positives;
    for (let at = start; at < end; at++) {
      const row = order[at] as number;
      v[row] = outcomes[row] === 1 ? ofPositive : ofNegative;
    }
    sum += tiedPositives * (negativesBelow + tiedNegatives / 2);
    positivesBelow += tiedPositives;
    negativesBelow += tiedNegatives;
  });
  return { auc: sum / (positives * negatives), v };
}

function covariance(a: Placement, b: Placement, classes: Classes): number | null {
  const { outcomes, clusters, positives, negatives } = classes;
  if (clusters === null) {
    if (positives < 2 || negatives < 2) return null;
    const sums = [0, 0];
    for (let row = 0; row < outcomes.length; row++) {
      const side = outcomes[row] as 0 | 1;
      sums[side] = (sums[side] as number) + ((a.v[row] as number) - a.auc) * ((b.v[row] as number) - b.auc);
    }
    const [ofNegatives, ofPositives] = sums as [number, number];
    return ofPositives / (positives * (positives - 1)) + ofNegatives / (negatives * (negatives - 1));
  }
  return clusteredCovariance(a, b, classes, clusters);
}

function clusteredCovariance(a: Placement, b: Placement, classes: Classes, clusters: ClusterIndex): number | null {
  const { outcomes, positives, negatives } = classes;
  const { of, count } = clusters;
  const deviations = (placement: Placement, side: 0 | 1): Float64Array => {
    const sums = new Float64Array(count);
    for (let row = 0; row < outcomes.length; row++) {
      const cluster = of[row] as number;
      if (outcomes[row] === side)
        sums[cluster] = (sums[cluster] as number) + (placement.v[row] as number) - placement.auc;
    }
    return sums;
  };
  const holders = [0, 1].map((side) => new Set(of.filter((_, row) => outcomes[row] === side)).size);
  const [ofNegatives, ofPositives] = holders as [number, number];
  if (ofNegatives < 2 || ofPositives < 2) return null;
  const a1 = deviations(a, 1);
  const a0 = deviations(a, 0);
  const b1 = a === b ? a1 : deviations(b, 1);
  const b0 = a === b ? a0 : deviations(b, 0);
  const among1 = (ofPositives / (ofPositives - 1)) * dot(a1, b1);
  const among0 = (ofNegatives / (ofNegatives - 1)) * dot(a0, b0);
  const between = (count / (count - 1)) * (dot(a1, b0) + dot(a0, b1));
  const variance = among1 / positives ** 2 + among0 / negatives ** 2 + between / (positives * negatives);
  return Math.max(0, variance);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, place) => sum + value * (b[place] as number), 0);
}

function intervalsOf(
  estimate: number,
  standardError: number | null,
  level: number,
): { readonly interval: Interval | null; readonly plainInterval: Interval | null } {
  const z = criticalZ(level);
  if (standardError === null || estimate === 0 || estimate === 1) return { interval: null, plainInterval: null };
  const centre = Math.log(estimate / (1 - estimate));
  const reach = (z * standardError) / (estimate * (1 - estimate));
  const inverse = (x: number): number => 1 / (1 + Math.exp(-x));
  return {
    interval: [inverse(centre - reach), inverse(centre + reach)],
    plainInterval: [Math.max(0, estimate - z * standardError), Math.min(1, estimate + z * standardError)],
  };
}
