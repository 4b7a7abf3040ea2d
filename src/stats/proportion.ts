import betaincinv from '@stdlib/math-base-special-betaincinv';
import { DEFAULT_LEVEL, type Interval } from './interval.ts';
import { criticalZ } from './normal.ts';

/** `successes` of `trials`: 0 <= successes <= trials. */
export interface Count {
  readonly successes: number;
  readonly trials: number;
}

/** How an interval of a proportion is made. */
export interface WilsonOptions {
  readonly level?: number;
  /** With continuity correction: wider, covers at least nearly `level` for every true proportion. Default no. */
  readonly isCorrected?: boolean;
}

/** An estimate with the interval that belongs to it alone. */
export interface WithInterval {
  readonly estimate: number;
  readonly interval: Interval;
}

/**
 * Where the true proportion lies, from a count: Wilson's score interval.
 *
 * Shape: within [0, 1]; null where there were no trials. Counts may be fractional (weighted).
 * Refuses: successes below 0 or above trials (throws).
 * Source: Wilson 1927; Newcombe 1998, Statist. Med. 17, 857-872, methods 3 and 4; as R prop.test, whose correction
 * differs only where the share lies within half a success of one half.
 */
export function wilsonInterval(count: Count, options: WilsonOptions = {}): Interval | null {
  checkCount(count);
  const { successes, trials } = count;
  if (trials === 0) return null;
  const z = criticalZ(options.level ?? DEFAULT_LEVEL);
  const correction = options.isCorrected === true ? 1 : 0;
  const p = successes / trials;
  const width = (sign: 1 | -1): number => {
    const corrected = correction * (sign * 2 - 1 / trials);
    return z * Math.sqrt(Math.max(0, z * z + corrected + 4 * p * (trials * (1 - p) - sign * correction)));
  };
  const centre = 2 * successes + z * z;
  const scale = 2 * (trials + z * z);
  const low = successes === 0 ? 0 : Math.max(0, (centre - correction - width(-1)) / scale);
  const high = successes === trials ? 1 : Math.min(1, (centre + correction + width(1)) / scale);
  return [low, high];
}

/**
 * Where the true proportion lies, from a count: the exact interval, which covers at least `level` always.
 *
 * Shape: within [0, 1]; null where there were no trials.
 * Refuses: successes below 0 or above trials (throws).
 * Source: Clopper and Pearson 1934, Biometrika 26, 404-413; as R binom.test.
 */
export function clopperPearsonInterval(count: Count, level = DEFAULT_LEVEL): Interval | null {
  checkCount(count);
  if (!(level > 0 && level < 1)) throw new Error(`the level of an interval lies between 0 and 1; got ${level}`);
  const { successes, trials } = count;
  if (trials === 0) return null;
  const tail = (1 - level) / 2;
  const low = successes === 0 ? 0 : betaincinv(tail, successes, trials - successes + 1);
  const high = successes === trials ? 1 : betaincinv(tail, successes + 1, trials - successes, true);
  return [low, high];
}

/**
 * By how much the proportion of `first` exceeds that of `second`, with the hybrid score interval of independent groups.
 *
 * Shape: within [-1, 1]; null where either group is empty.
 * Refuses: successes below 0 or above trials (throws).
 * Source: Newcombe 1998, Statist. Med. 17, 873-890, method 10 (11 with the correction).
 */
export function proportionDifference(first: Count, second: Count, options: WilsonOptions = {}): WithInterval | null {
  const firstInterval = wilsonInterval(first, options);
  const secondInterval = wilsonInterval(second, options);
  if (firstInterval === null || secondInterval === null) return null;
  return moverDifference(
    { estimate: first.successes / first.trials, interval: firstInterval },
    { estimate: second.successes / second.trials, interval: secondInterval },
  );
}

/**
 * The difference of two independent estimates from their own intervals, whatever made those (Kaplan-Meier, Wilson ...).
 *
 * Shape: first minus second, at the level of the intervals given.
 * Source: Zou and Donner 2008, Statist. Med. 27, 1693-1702 (MOVER: method of variance estimates recovery).
 */
export function moverDifference(first: WithInterval, second: WithInterval): WithInterval {
  checkWithInterval(first);
  checkWithInterval(second);
  const estimate = first.estimate - second.estimate;
  const below = Math.hypot(first.estimate - first.interval[0], second.interval[1] - second.estimate);
  const above = Math.hypot(first.interval[1] - first.estimate, second.estimate - second.interval[0]);
  return { estimate, interval: [estimate - below, estimate + above] };
}

function checkCount({ successes, trials }: Count): void {
  if (!(successes >= 0 && successes <= trials && Number.isFinite(trials))) {
    throw new Error(
      `${successes} successes of ${trials} trials: successes must lie from 0 to a finite number of trials`,
    );
  }
}

function checkWithInterval({ estimate, interval: [low, high] }: WithInterval): void {
  if (!(low <= estimate && estimate <= high)) {
    throw new Error(`the estimate ${estimate} lies outside its interval [${low}, ${high}]`);
  }
}
