import { checkFollowUp, type FollowUp } from './follow_up.ts';
import { criticalZ, normalLogUpperTail } from './normal.ts';
import type { Refusal } from './refusal.ts';

/**
 * A Kaplan-Meier curve: one step per time at which a subject had the event or was cut off.
 *
 * Shape: columns of equal length, times ascending. `atRisk` counts just before the time; `survival` and `standardError`
 * (Greenwood, of survival itself) hold from the time on; `hazardVariance` is Greenwood's sum d / (n (n - d)), the
 * variance of log survival, Infinity from the time at which survival is 0 (`standardError` is 0 there: the formula says
 * nothing). No rows: no steps.
 */
export interface SurvivalCurve {
  readonly subjects: number;
  readonly events: number;
  readonly time: Float64Array;
  readonly atRisk: Float64Array;
  readonly eventCount: Float64Array;
  readonly censored: Float64Array;
  readonly survival: Float64Array;
  readonly standardError: Float64Array;
  readonly hazardVariance: Float64Array;
}

/** On which scale an interval of survival is made: the logarithm, or the logarithm of minus the logarithm. */
export type SurvivalScale = 'log' | 'log-log';

/** How an interval is asked for; 0.95 and `log-log` where nothing is said. */
export interface SurvivalIntervalOptions {
  readonly level?: number;
  readonly scale?: SurvivalScale;
}

/** Survival at a time: estimate, Greenwood's standard error, interval, and how many were still watched after it. */
export interface SurvivalAt {
  readonly survival: number;
  readonly standardError: number;
  readonly interval: readonly [number, number];
  readonly stillWatched: number;
}

/** A median with its interval; null where the curve (or the limit of its interval) does not come down to a half. */
export interface MedianSurvival {
  readonly median: number | null;
  readonly interval: readonly [number | null, number | null];
}

/** The mean time without the event up to `tau`, in the unit of time, with its standard error and interval. */
export interface RestrictedMean {
  readonly kind: 'estimated';
  readonly tau: number;
  readonly mean: number;
  readonly standardError: number;
  readonly interval: readonly [number, number];
}

/**
 * What share has not had the event by each time.
 *
 * Refuses impossible columns (throws, see `checkFollowUp`). Too little data shows in what is asked of the curve.
 * Why: with delayed entry a curve reaches 0 for good when all of a small early risk set have the event; begin analyses
 * where enough are at risk.
 *
 * Source: Kaplan and Meier 1958; Greenwood 1926. As R `survfit(Surv(entry, time, event) ~ 1)`.
 */
export function kaplanMeier(rows: FollowUp): SurvivalCurve {
  checkFollowUp(rows);
  const ends = [timesWhere(rows, 0), timesWhere(rows, 1)] as const;
  const entries = rows.entry === undefined ? new Float64Array(rows.time.length) : Float64Array.from(rows.entry).sort();
  const steps = stepsOf(ends[0], ends[1]);
  const entered = rows.entry === undefined ? () => rows.time.length : counterBelow(entries);
  let gone = 0;
  const atRisk = steps.time.map((time, step) => {
    const count = entered(time) - gone;
    gone += (steps.eventCount[step] as number) + (steps.censored[step] as number);
    return count;
  });
  return {
    subjects: rows.time.length,
    events: ends[1].length,
    ...steps,
    atRisk,
    ...estimate(atRisk, steps.eventCount),
  };
}

function timesWhere({ time, event }: FollowUp, wanted: 0 | 1): Float64Array {
  const found = new Float64Array(time.length);
  let count = 0;
  for (let row = 0; row < time.length; row += 1) {
    if (event[row] !== wanted) continue;
    found[count] = time[row] as number;
    count += 1;
  }
  return found.subarray(0, count).sort();
}

/** A function of ascending times: how many sorted values lie below each. */
function counterBelow(sorted: Float64Array): (time: number) => number {
  let count = 0;
  return (time) => {
    while (count < sorted.length && (sorted[count] as number) < time) count += 1;
    return count;
  };
}

function stepsOf(cutOff: Float64Array, events: Float64Array) {
  const most = cutOff.length + events.length;
  const time = new Float64Array(most);
  const eventCount = new Float64Array(most);
  const censored = new Float64Array(most);
  let steps = 0;
  for (let c = 0, e = 0; c < cutOff.length || e < events.length; steps += 1) {
    const now = Math.min(cutOff[c] ?? Number.POSITIVE_INFINITY, events[e] ?? Number.POSITIVE_INFINITY);
    const [firstCutOff, firstEvent] = [c, e];
    while (cutOff[c] === now) c += 1;
    while (events[e] === now) e += 1;
    time[steps] = now;
    eventCount[steps] = e - firstEvent;
    censored[steps] = c - firstCutOff;
  }
  return {
    time: time.slice(0, steps),
    eventCount: eventCount.slice(0, steps),
    censored: censored.slice(0, steps),
  };
}

function estimate(atRisk: Float64Array, eventCount: Float64Array) {
  const survival = new Float64Array(atRisk.length);
  const standardError = new Float64Array(atRisk.length);
  const hazardVariance = new Float64Array(atRisk.length);
  let share = 1;
  let variance = 0;
  for (let step = 0; step < atRisk.length; step += 1) {
    const n = atRisk[step] as number;
    const d = eventCount[step] as number;
    if (d > 0) {
      share *= (n - d) / n;
      variance += d / (n * (n - d));
    }
    survival[step] = share;
    hazardVariance[step] = variance;
    standardError[step] = share === 0 ? 0 : share * Math.sqrt(variance);
  }
  return { survival, standardError, hazardVariance };
}

/**
 * Pointwise limits of a curve, one per step.
 *
 * Why: where nobody has had the event yet, Greenwood's error is 0; the lower limit is then that of 0 events among those
 * still watched (exact binomial), not 1. Where survival is 0, the upper limit stays what it was one step before.
 * Elsewhere as R `survfit(conf.type = "log" | "log-log")`.
 */
export function survivalLimits(curve: SurvivalCurve, options: SurvivalIntervalOptions = {}) {
  const z = criticalZ(options.level ?? 0.95);
  const limits = Array.from(curve.time, (_, step) => limitsAtZ(curve, step, z, options.scale));
  return {
    lower: Float64Array.from(limits, ([lower]) => lower),
    upper: Float64Array.from(limits, ([, upper]) => upper),
  };
}

/** The limits `z` standard errors around survival from a step on; step -1 is before the first. See `survivalLimits`. */
export function limitsAtZ(
  curve: SurvivalCurve,
  step: number,
  z: number,
  scale: SurvivalScale = 'log-log',
): readonly [number, number] {
  const survival = curve.survival[step] ?? 1;
  if (survival === 1) return [Math.exp(normalLogUpperTail(z) / stillWatched(curve, step)), 1];
  if (survival === 0) {
    const first = curve.survival.indexOf(0);
    const before = curve.survival[first - 1] ?? 1;
    if (before < 1) return [0, limitsAtZ(curve, first - 1, z, scale)[1]];
    return [0, 1 - Math.exp(normalLogUpperTail(z) / (curve.atRisk[first] as number))];
  }
  const spread = z * Math.sqrt(curve.hazardVariance[step] as number);
  if (scale === 'log') return [survival * Math.exp(-spread), Math.min(1, survival * Math.exp(spread))];
  const factor = Math.exp(spread / Math.log(survival));
  return [survival ** (1 / factor), survival ** factor];
}

/** The last step at or before a time, -1 before the first. */
export function stepAt(curve: SurvivalCurve, time: number): number {
  if (!(time >= 0)) throw new Error(`a time is 0 or more; got ${time}`);
  let low = 0;
  let high = curve.time.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((curve.time[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function stillWatched(curve: SurvivalCurve, step: number): number {
  if (step < 0) return curve.atRisk[0] ?? 0;
  return (curve.atRisk[step] as number) - (curve.eventCount[step] as number) - (curve.censored[step] as number);
}

/**
 * Survival at a time: the last value carried forward.
 *
 * Refuses: null past the last follow-up (unless survival is 0 by then) and where there are no rows.
 */
export function survivalAt(
  curve: SurvivalCurve,
  time: number,
  options: SurvivalIntervalOptions = {},
): SurvivalAt | null {
  const step = stepAt(curve, time);
  if (!reaches(curve, time)) return null;
  return {
    survival: curve.survival[step] ?? 1,
    standardError: curve.standardError[step] ?? 0,
    interval: limitsAtZ(curve, step, criticalZ(options.level ?? 0.95), options.scale),
    stillWatched: stillWatched(curve, step),
  };
}

/** Whether a curve says anything about a time: somebody was watched that long, or nobody is left without the event. */
export function reaches(curve: SurvivalCurve, time: number): boolean {
  return time <= (curve.time.at(-1) ?? -1) || curve.survival.at(-1) === 0;
}

/**
 * The time by which half have had the event.
 *
 * Shape: the middle of the step where survival is exactly a half on a whole step. As R `summary(survfit(...))$table`.
 */
export function medianSurvival(curve: SurvivalCurve, options: SurvivalIntervalOptions = {}): MedianSurvival {
  const { lower, upper } = survivalLimits(curve, options);
  return {
    median: halfTime(curve, curve.survival),
    interval: [halfTime(curve, lower), halfTime(curve, upper)],
  };
}

const EQUAL = 1.5e-8;

function halfTime(curve: SurvivalCurve, shares: Float64Array): number | null {
  const first = shares.findIndex((share) => share <= 0.5 + EQUAL);
  if (first < 0) return null;
  if ((shares[first] as number) < 0.5 - EQUAL) return curve.time[first] as number;
  const next = shares.findIndex((share) => share < 0.5 - EQUAL);
  const last = next < 0 ? curve.time.length - 1 : next;
  return ((curve.time[first] as number) + (curve.time[last] as number)) / 2;
}

/**
 * The mean time without the event, of the first `tau` units of time: the area under the curve.
 *
 * Refuses a `tau` past the last follow-up (`needed` is the follow-up that it takes), unless survival is 0 by then.
 * Throws for a `tau` that is not positive.
 *
 * Source: Irwin 1949; variance as R `summary(survfit(...), rmean = tau)`.
 */
export function restrictedMean(
  curve: SurvivalCurve,
  tau: number,
  options: { readonly level?: number } = {},
): RestrictedMean | Refusal<'follow_up_too_short'> {
  if (!(tau > 0)) throw new Error(`tau is positive; got ${tau}`);
  if (!reaches(curve, tau)) return { kind: 'refused', reason: 'follow_up_too_short', needed: tau };
  let area = 0;
  let variance = 0;
  let end = tau;
  for (let step = stepAt(curve, tau); step >= 0; step -= 1) {
    const time = curve.time[step] as number;
    area += (end - time) * (curve.survival[step] as number);
    end = time;
    const n = curve.atRisk[step] as number;
    const d = curve.eventCount[step] as number;
    if (d > 0 && n > d) variance += (area * area * d) / (n * (n - d));
  }
  const mean = area + end;
  const standardError = Math.sqrt(variance);
  const reach = criticalZ(options.level ?? 0.95) * standardError;
  return { kind: 'estimated', tau, mean, standardError, interval: [mean - reach, mean + reach] };
}
