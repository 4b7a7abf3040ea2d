import type { Model } from '../../src/definition/model.ts';
import { type Answers, numberOf } from './answer.ts';
import { atLeast, atMost, below } from './numbers.ts';

/**
 * The tier of a user by the default rules, first match wins; null for a user never active, and where the 30 days are
 * not covered.
 */
export function tierOf(signals: Answers, model: Model): string | null {
  const value = (name: string): number | null => numberOf(signals[name]);
  const seen = value('first_seen_days');
  const events = value('events_30d');
  if (seen === null || events === null) return null;
  if (events === 0) return 'dormant';
  const depth = value('activation_depth');
  if (seen < 30 && (depth === null || below(depth, 1))) return 'new';
  if (isAtRisk(value)) return 'at_risk';
  const hasNoSequence = model.activation.userSequence.length === 0;
  const isActivated = hasNoSequence || (depth !== null && atLeast(depth, 1));
  return isActivated && isPowerful(value) ? 'power' : 'average';
}

type Lookup = (name: string) => number | null;

function isAtRisk(value: Lookup): boolean {
  if (value('in_decline') === 1) return true;
  const reverted = value('core_reverted_features');
  if (reverted !== null && reverted >= 1) return true;
  const now = value('workflow_completion_30d');
  const before = value('workflow_completion_prev_30d');
  const runs = value('workflow_runs_30d') ?? 0;
  const runsBefore = value('workflow_runs_prev_30d') ?? 0;
  return now !== null && before !== null && runs >= 3 && runsBefore >= 3 && atMost(now - before, -0.3);
}

function isPowerful(value: Lookup): boolean {
  const core = value('core_features_30d');
  const frequency = value('active_days_per_week_28d');
  const medianFrequency = value('account_median_frequency');
  const completion = value('workflow_completion_30d');
  if (core === null || frequency === null || medianFrequency === null) return false;
  return (
    core >= 3 &&
    atLeast(frequency, 3) &&
    atLeast(frequency, medianFrequency) &&
    (completion === null || atLeast(completion, 0.5))
  );
}
