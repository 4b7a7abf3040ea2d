import { type Difference, differenceOf } from './difference_interval.ts';
import { limitsAtZ, reaches, type SurvivalCurve, stepAt } from './kaplan_meier.ts';
import type { Refusal } from './refusal.ts';

/** Survival of two groups at a horizon, and the first less the second. */
export interface SurvivalDifference extends Difference {
  readonly kind: 'estimated';
  readonly horizon: number;
  readonly survival: readonly [number, number];
}

/**
 * By how much does the share without the event differ between two groups at a horizon?
 *
 * Refuses a horizon past either group's last follow-up (`needed` is the follow-up that it takes). Groups are
 * independent; accounts that are in both belong to neither.
 *
 * Why: made of the two log-log intervals, it is honest also where one group has had no events.
 * Source: see `differenceOf`; log-log intervals as R `survfit`.
 */
export function survivalDifference(
  first: SurvivalCurve,
  second: SurvivalCurve,
  horizon: number,
  options: { readonly level?: number } = {},
): SurvivalDifference | Refusal<'follow_up_too_short'> {
  if (!reaches(first, horizon) || !reaches(second, horizon)) {
    return { kind: 'refused', reason: 'follow_up_too_short', needed: horizon };
  }
  const side = (curve: SurvivalCurve) => {
    const step = stepAt(curve, horizon);
    return { estimate: curve.survival[step] ?? 1, limitsAtZ: (z: number) => limitsAtZ(curve, step, z) };
  };
  const [one, two] = [side(first), side(second)];
  return {
    kind: 'estimated',
    horizon,
    survival: [one.estimate, two.estimate],
    ...differenceOf(one, two, options.level),
  };
}
