import { type RestrictedMean, restrictedMean, type SurvivalCurve } from './kaplan_meier.ts';
import { criticalZ, twoSidedP } from './normal.ts';
import type { Refusal } from './refusal.ts';

/** Mean time without the event up to `tau` of two groups, and the first less the second, in the unit of time. */
export interface RestrictedMeanDifference {
  readonly kind: 'estimated';
  readonly tau: number;
  readonly groups: readonly [RestrictedMean, RestrictedMean];
  readonly difference: number;
  readonly standardError: number;
  readonly interval: readonly [number, number];
  readonly z: number;
  readonly p: number;
}

/**
 * How much longer does one group go without the event, within the first `tau` units of time?
 *
 * Refuses a `tau` past either group's last follow-up, and `no_events` where neither group has an event by `tau`.
 * Throws for a `tau` that is not positive.
 *
 * Why: it means something also where hazards are not proportional.
 * Source: Royston and Parmar 2013; each mean as R `summary(survfit(...), rmean = tau)`, the difference by normal theory.
 */
export function restrictedMeanDifference(
  first: SurvivalCurve,
  second: SurvivalCurve,
  tau: number,
  options: { readonly level?: number } = {},
): RestrictedMeanDifference | Refusal<'follow_up_too_short' | 'no_events'> {
  const one = restrictedMean(first, tau, options);
  const two = restrictedMean(second, tau, options);
  if (one.kind === 'refused') return one;
  if (two.kind === 'refused') return two;
  const standardError = Math.hypot(one.standardError, two.standardError);
  if (standardError === 0) return { kind: 'refused', reason: 'no_events' };
  const difference = one.mean - two.mean;
  const reach = criticalZ(options.level ?? 0.95) * standardError;
  const z = difference / standardError;
  return {
    kind: 'estimated',
    tau,
    groups: [one, two],
    difference,
    standardError,
    interval: [difference - reach, difference + reach],
    z,
    p: twoSidedP(z),
  };
}
