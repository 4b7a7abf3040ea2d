import { type Answers, numberOf, textOf } from './answer.ts';
import { atLeast, atMost } from './numbers.ts';

type Lookup = (name: string) => number | null;

const lookup =
  (signals: Answers): Lookup =>
  (name) =>
    numberOf(signals[name]);

const reaches = (value: number | null, threshold: number): boolean => value !== null && atLeast(value, threshold);

const staysUnder = (value: number | null, threshold: number): boolean => value !== null && atMost(value, threshold);

/** The behavioural cohort by the default rules; `isNew` tells an account under 30 days old as of T. */
export function cohortOf(signals: Answers, isNew: boolean): string | null {
  const value = lookup(signals);
  const active = value('active_users_30d');
  if (active === null) return null;
  if (isNew && value('activated') === 0) return null;
  if (active === 0) return 'Dormant';
  if (isInDecline(value)) return 'At Risk';
  return isPowerful(value) ? 'Power User' : 'Steady State';
}

function isInDecline(value: Lookup): boolean {
  return (
    (staysUnder(value('momentum_60d'), -0.5) && staysUnder(value('momentum_t_60d'), -2.5)) ||
    (staysUnder(value('activity_change_14d'), -0.3) && staysUnder(value('activity_z_14d'), -3)) ||
    (reaches(value('users_in_decline'), 2) && reaches(value('decline_share'), 0.34))
  );
}

function isPowerful(value: Lookup): boolean {
  return (
    value('activated') === 1 &&
    reaches(value('feature_breadth_30d'), 4) &&
    (reaches(value('power_users'), 3) ||
      (reaches(value('power_users'), 1) && reaches(value('power_user_density'), 0.5)))
  );
}

/** What decides an account's stage of life, beside its signals. */
export interface Standing {
  readonly cohort: string | null;
  readonly relationship: string;
  readonly hasContractSource: boolean;
  readonly isNew: boolean;
}

/** The lifecycle by the default rules, first match wins. */
export function lifecycleOf(signals: Answers, standing: Standing): string | null {
  const activated = numberOf(signals['activated']);
  if (standing.relationship === 'churned') return 'churned';
  if (standing.hasContractSource && standing.relationship !== 'customer') return 'prospect';
  if (standing.isNew && activated === 0) return 'new';
  if (standing.cohort === null) return null;
  if (standing.cohort === 'Dormant') return 'dormant';
  if (standing.cohort === 'At Risk') return 'at_risk';
  if (activated === 0) return 'activating';
  return standing.cohort === 'Power User' ? 'power' : 'active';
}

/** The direction; null where momentum is null, stable where its t is. */
export function directionOf(signals: Answers): string | null {
  const momentum = numberOf(signals['momentum_60d']);
  if (momentum === null) return null;
  const t = numberOf(signals['momentum_t_60d']);
  if (reaches(momentum, 0.2) && reaches(t, 1.645)) return 'growing';
  return staysUnder(momentum, -0.2) && staysUnder(t, -1.645) ? 'declining' : 'stable';
}

/** The archetype by the default rules, first match wins. */
export function archetypeOf(signals: Answers): string | null {
  const value = lookup(signals);
  const isFast = staysUnder(value('activation_days'), 14);
  const isBroad = reaches(value('feature_breadth_30d'), 4);
  if (isFast && isBroad) return 'Fast and broad';
  if (isFast) return 'Fast but narrow';
  if (value('activated') === 1 && isBroad) return 'Slow but broad';
  if (value('activated') === 1) return 'Slow and narrow';
  return value('activated') === 0 && reaches(value('account_age_days'), 30) ? 'Never landed' : null;
}

/** The size band by the default bands. */
export function sizeBandOf(employees: number | null): string | null {
  if (employees === null) return null;
  if (employees < 50) return 'smb';
  return employees <= 500 ? 'mid_market' : 'enterprise';
}

/** What the default segment rules read. */
export interface SegmentInputs {
  readonly cohort: string | null;
  readonly valueTier: string | null;
  readonly sizeBand: string | null;
  readonly signals: Answers;
}

const isOneOf = (value: string | null, names: readonly string[]): boolean => value !== null && names.includes(value);

/** The home segment: the first default rule that holds, else the fallback by value (D10). */
export function homeSegmentOf({ cohort, valueTier, sizeBand, signals }: SegmentInputs): string {
  const job = textOf(signals['job']);
  const potential = numberOf(signals['expansion_potential']);
  const isTop = isOneOf(valueTier, ['Platinum', 'Gold']);
  if (sizeBand === 'enterprise' && cohort === 'Power User' && isTop && (job === null || job === 'platform')) {
    return 'Strategic';
  }
  const isMiddle = isOneOf(valueTier, ['Gold', 'Silver']);
  if (sizeBand === 'mid_market' && cohort === 'Steady State' && isMiddle && reaches(potential, 0.5)) return 'Growth';
  const isLow = isOneOf(valueTier, ['Silver', 'Bronze']);
  if (isOneOf(sizeBand, ['smb', 'mid_market']) && cohort === 'Power User' && isLow) return 'Efficient';
  if (sizeBand === 'smb' && valueTier === 'Bronze' && cohort !== null && cohort !== 'Power User') return 'Long-Tail';
  if (sizeBand === 'enterprise' && isTop) return 'Strategic';
  if (isTop) return 'Growth';
  return valueTier === 'Silver' ? 'Efficient' : 'Long-Tail';
}

/** The raw segment: At-Risk where it lies over the home segment, else the home segment. */
export function rawSegmentOf(inputs: SegmentInputs): string {
  const isAtRisk =
    isOneOf(inputs.cohort, ['At Risk', 'Dormant']) && isOneOf(inputs.valueTier, ['Platinum', 'Gold', 'Silver']);
  return isAtRisk ? 'At-Risk' : homeSegmentOf(inputs);
}
