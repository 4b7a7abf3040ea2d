import { type Difference, differenceOf } from './difference_interval.ts';
import { checkFollowUp, checkLength, countLabels, orderBy } from './follow_up.ts';
import { criticalZ, normalLogUpperTail } from './normal.ts';
import type { Refusal } from './refusal.ts';

/**
 * How long subjects were watched and which of several events ended it.
 *
 * Shape: `cause` is 0 where watching was cut off, else 1, 2, ... by which event came first. `entry` as in `FollowUp`.
 */
export interface CompetingFollowUp {
  readonly time: ArrayLike<number>;
  readonly cause: ArrayLike<number>;
  readonly entry?: ArrayLike<number> | undefined;
}

/**
 * The share that has had one cause's event first, by time: one step per time at which any event happened or watching
 * was cut off. `eventFree` is the share without any event; `others` counts those with another event so far.
 */
export interface IncidenceCurve {
  readonly subjects: number;
  readonly events: number;
  readonly time: Float64Array;
  readonly atRisk: Float64Array;
  readonly incidence: Float64Array;
  readonly standardError: Float64Array;
  readonly eventFree: Float64Array;
  readonly stillWatched: Float64Array;
  readonly others: Float64Array;
}

/** Cumulative incidence at a time, with its interval. */
export interface IncidenceAt {
  readonly incidence: number;
  readonly standardError: number;
  readonly interval: readonly [number, number];
}

/** Cumulative incidence of two groups at a horizon, and the first less the second. */
export interface IncidenceDifference extends Difference {
  readonly kind: 'estimated';
  readonly horizon: number;
  readonly incidence: readonly [number, number];
}

/**
 * What share has had one cause's event by each time, where other events make it impossible?
 *
 * Refuses impossible columns and causes that are not whole numbers (throws). No rows: no steps.
 *
 * Why: 1 less Kaplan-Meier with the other causes cut off would answer for a world without them.
 * Source: Aalen and Johansen 1978; the variance by the delta method over the increments of the causes' hazards (Andersen
 * et al. 1993, IV.4), each with hypergeometric variance: that of R `cmprsk::cuminc`. Estimates as `survival::survfit` too.
 */
export function cumulativeIncidence(rows: CompetingFollowUp, cause: number): IncidenceCurve {
  const { time, entry } = rows;
  checkLength('cause', rows.cause, time.length);
  countLabels('cause', rows.cause);
  if (!(Number.isInteger(cause) && cause >= 1)) throw new Error(`a cause is a whole number from 1; got ${cause}`);
  checkFollowUp({ time, entry, event: new Uint8Array(time.length) });
  const steps = countSteps(rows, cause);
  const estimated = estimate(steps);
  return {
    subjects: time.length,
    events: steps.own.reduce((sum, count) => sum + count, 0),
    time: steps.time,
    atRisk: steps.atRisk,
    stillWatched: steps.stillWatched,
    ...estimated,
  };
}

const ROUNDING = 1e-12;

interface Steps {
  readonly time: Float64Array;
  readonly atRisk: Float64Array;
  readonly own: Float64Array;
  readonly other: Float64Array;
  readonly stillWatched: Float64Array;
}

function countSteps({ time, cause, entry }: CompetingFollowUp, wanted: number): Steps {
  const byEnd = orderBy(time);
  const entries = entry === undefined ? null : Float64Array.from(entry).sort();
  const count = byEnd.length;
  const column = () => new Float64Array(count);
  const all = { time: column(), atRisk: column(), own: column(), other: column(), stillWatched: column() };
  let steps = 0;
  for (let first = 0, entered = entries === null ? count : 0; first < count; steps += 1) {
    const now = time[byEnd[first] as number] as number;
    while (entries !== null && entered < count && (entries[entered] as number) < now) entered += 1;
    all.time[steps] = now;
    all.atRisk[steps] = entered - first;
    for (; first < count && time[byEnd[first] as number] === now; first += 1) {
      const its = cause[byEnd[first] as number] as number;
      if (its === wanted) all.own[steps] = (all.own[steps] as number) + 1;
      else if (its > 0) all.other[steps] = (all.other[steps] as number) + 1;
    }
    all.stillWatched[steps] = entered - first;
  }
  return {
    time: all.time.slice(0, steps),
    atRisk: all.atRisk.slice(0, steps),
    own: all.own.slice(0, steps),
    other: all.other.slice(0, steps),
    stillWatched: all.stillWatched.slice(0, steps),
  };
}

/**
 * An increment of a hazard at s moves incidence F(t) by P (u + F(s) / S(s) - F(t) / S(s)), where P is event-free just
 * before s, S(s) event-free from s on, and u is 1 for the own cause, 0 for others. The squares are summed in powers of
 * F(t), so that one pass serves all t.
 */
function estimate({ atRisk, own, other }: Steps) {
  const incidence = new Float64Array(atRisk.length);
  const standardError = new Float64Array(atRisk.length);
  const eventFree = new Float64Array(atRisk.length);
  const others = new Float64Array(atRisk.length);
  const sums = { constant: 0, linear: 0, square: 0 };
  let free = 1;
  let share = 0;
  let otherEvents = 0;
  for (let step = 0; step < atRisk.length; step += 1) {
    const n = atRisk[step] as number;
    const [mine, theirs] = [own[step] as number, other[step] as number];
    const before = free;
    free = (free * (n - mine - theirs)) / n;
    share += (before * mine) / n;
    otherEvents += theirs;
    const slope = free > 0 ? 1 / free : 0;
    for (const [count, unit] of [
      [mine, 1],
      [theirs, 0],
    ] as const) {
      if (count === 0 || n === 1) continue;
      const variance = (before * before * count * (n - count)) / (n * n * (n - 1));
      const level = unit + share * slope;
      sums.constant += variance * level * level;
      sums.linear += variance * level * slope;
      sums.square += variance * slope * slope;
    }
    incidence[step] = share;
    eventFree[step] = free;
    others[step] = otherEvents;
    standardError[step] = Math.sqrt(Math.max(0, sums.constant - 2 * share * sums.linear + share * share * sums.square));
  }
  return { incidence, standardError, eventFree, others };
}

/**
 * Cumulative incidence at a time: the last value carried forward, interval on the scale log(-log(1 - incidence)).
 *
 * Refuses: null past the last follow-up (unless all had an event by then) and where there are no rows.
 * Why: where nobody has had the event, the upper limit is that of 0 events among those still watched or with another
 * event (exact binomial), not 0.
 */
export function incidenceAt(
  curve: IncidenceCurve,
  time: number,
  options: { readonly level?: number } = {},
): IncidenceAt | null {
  if (!isReached(curve, time)) return null;
  const step = lastStep(curve, time);
  return {
    incidence: curve.incidence[step] ?? 0,
    standardError: curve.standardError[step] ?? 0,
    interval: limits(curve, step, criticalZ(options.level ?? 0.95)),
  };
}

/**
 * By how much does the cumulative incidence of two independent groups differ at a horizon?
 *
 * Refuses a horizon past either group's last follow-up. Source: see `differenceOf`.
 */
export function incidenceDifference(
  first: IncidenceCurve,
  second: IncidenceCurve,
  horizon: number,
  options: { readonly level?: number } = {},
): IncidenceDifference | Refusal<'follow_up_too_short'> {
  if (!isReached(first, horizon) || !isReached(second, horizon)) {
    return { kind: 'refused', reason: 'follow_up_too_short', needed: horizon };
  }
  const side = (curve: IncidenceCurve) => {
    const step = lastStep(curve, horizon);
    return { estimate: curve.incidence[step] ?? 0, limitsAtZ: (z: number) => limits(curve, step, z) };
  };
  const [one, two] = [side(first), side(second)];
  return {
    kind: 'estimated',
    horizon,
    incidence: [one.estimate, two.estimate],
    ...differenceOf(one, two, options.level),
  };
}

function lastStep(curve: IncidenceCurve, time: number): number {
  if (!(time >= 0)) throw new Error(`a time is 0 or more; got ${time}`);
  return curve.time.findLastIndex((each) => each <= time);
}

function isReached(curve: IncidenceCurve, time: number): boolean {
  return time <= (curve.time.at(-1) ?? -1) || curve.eventFree.at(-1) === 0;
}

function limits(curve: IncidenceCurve, step: number, z: number): readonly [number, number] {
  const incidence = curve.incidence[step] ?? 0;
  if (incidence === 0) {
    const watched = curve.stillWatched[step] ?? curve.atRisk[0] ?? 0;
    return [0, 1 - Math.exp(normalLogUpperTail(z) / (watched + (curve.others[step] ?? 0)))];
  }
  const rest = 1 - incidence;
  if (!(rest > ROUNDING)) {
    const first = curve.incidence.findIndex((each) => !(1 - each > ROUNDING));
    if ((curve.incidence[first - 1] ?? 0) > 0) return [limits(curve, first - 1, z)[0], 1];
    return [Math.exp(normalLogUpperTail(z) / (curve.atRisk[first] as number)), 1];
  }
  const factor = Math.exp((z * (curve.standardError[step] as number)) / (rest * Math.log(rest)));
  return [1 - rest ** factor, 1 - rest ** (1 / factor)];
}
