import { kaplanMeier, medianSurvival } from '../stats/kaplan_meier.ts';
import { criticalZ, twoSidedP } from '../stats/normal.ts';
import { wilsonInterval } from '../stats/proportion.ts';
import type { Firing } from './firing.ts';
import { tooLittle } from './verdict.ts';

type Pair = readonly [number, number];

/** What an indicator did before a churn, and before the renewals of its controls; null: it did not fire. */
export interface MatchedFiring {
  readonly churnMs: number;
  readonly termEndMs: number | null;
  readonly firing: Firing | null;
  readonly hasFallenSilent: boolean;
  readonly controls: readonly (Firing | null)[];
}

/** A share of churns (one row each: Wilson) beside that of renewals, over the churns that have controls. */
export interface Contrast {
  readonly n: number;
  readonly controls: number;
  readonly share: number | null;
  readonly interval: Pair | null;
  readonly controlShare: number | null;
  readonly controlInterval: Pair | null;
  readonly difference: number | null;
  readonly differenceInterval: Pair | null;
  readonly p: number | null;
}

/**
 * How much more often an indicator fires before churns than before renewals, at least so many days ahead.
 *
 * Shape: the difference is the mean over churns of its own answer less the share of its controls, so that each set weighs
 * the same; the shares are weighted alike. Interval and p by the spread of that over churns. Source: matched sets as in
 * McNemar 1947, with several controls.
 */
export function contrastOf(
  sets: readonly MatchedFiring[],
  earlyDays: number,
  laterMs: number,
  churns: number,
): Contrast & { readonly isSameLater: boolean | null; readonly reason: string | null } {
  const isEarly = (firing: Firing | null): number => (firing !== null && firing.leadDays >= earlyDays ? 1 : 0);
  const matched = sets.filter(({ controls }) => controls.length > 0);
  const pairs = matched.map(({ firing, controls, churnMs }) => ({
    own: isEarly(firing),
    others: meanOf(controls.map(isEarly)),
    isLater: churnMs >= laterMs,
  }));
  const bare = { n: pairs.length, controls: matched.reduce((sum, { controls }) => sum + controls.length, 0) };
  const none = { share: null, interval: null, controlShare: null, controlInterval: null };
  const untested = { difference: null, differenceInterval: null, p: null, isSameLater: null };
  if (pairs.length === 0) {
    const reason = churns === 0 ? 'nobody churned' : 'no churn has a retained account at a renewal of its week and age';
    return { ...bare, ...none, ...untested, reason };
  }
  const [share, controlShare] = [meanOf(pairs.map(({ own }) => own)), meanOf(pairs.map(({ others }) => others))];
  const shares = {
    share,
    interval: wilsonInterval({ successes: share * pairs.length, trials: pairs.length }),
    controlShare,
    controlInterval: wilsonInterval({ successes: controlShare * pairs.length, trials: pairs.length }),
  };
  const expected = ((share + controlShare) / 2) * pairs.length;
  const few = tooLittle(pairs.length, [expected, pairs.length - expected]);
  if (few !== null) return { ...bare, ...shares, ...untested, reason: few.reason };
  const gaps = pairs.map(({ own, others }) => own - others);
  const later = pairs.filter(({ isLater }) => isLater).map(({ own, others }) => own - others);
  return {
    ...bare,
    ...shares,
    ...meanTest(gaps),
    isSameLater: later.length === 0 ? null : meanOf(later) > 0,
    reason: null,
  };
}

function meanTest(gaps: readonly number[]) {
  const difference = meanOf(gaps);
  const squares = gaps.reduce((sum, gap) => sum + (gap - difference) ** 2, 0);
  const error = Math.sqrt(squares / (gaps.length - 1) / gaps.length);
  if (!(error > 0)) return { difference, differenceInterval: null, p: null };
  const reach = criticalZ(0.95) * error;
  return {
    difference,
    differenceInterval: [difference - reach, difference + reach] as const,
    p: twoSidedP(difference / error),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Days, of which some are known only to be at least so many: the median, its interval; null where it is not reached. */
export interface Days {
  readonly median: number | null;
  readonly interval: readonly [number | null, number | null];
  readonly n: number;
  /** How many are at least what is written. */
  readonly atLeast: number;
}

/** The median of days, those known only in part taken as censored; null of none. */
export function daysOf(list: readonly { readonly days: number; readonly isAtLeast: boolean }[]): Days | null {
  if (list.length === 0) return null;
  const curve = kaplanMeier({
    time: list.map(({ days }) => days),
    event: list.map(({ isAtLeast }) => (isAtLeast ? 0 : 1)),
  });
  const atLeast = list.filter(({ isAtLeast }) => isAtLeast).length;
  return { ...medianSurvival(curve), n: list.length, atLeast };
}
