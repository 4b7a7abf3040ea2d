import type { Entity, NullReason, SignalEntry, ValueType } from '../../src/model/signal.ts';

const entry = (
  entity: Entity,
  type: ValueType,
  name: string,
  nulls: readonly NullReason[] = ['missing'],
): SignalEntry => ({
  name,
  entity,
  type,
  unit: /days|_age_/.test(name) ? 'days' : 'count',
  inputs: ['events'],
  meaning: name.replaceAll('_', ' '),
  requirement: 'R028',
  nulls,
  isMovable: true,
});

const some = (entity: Entity, type: ValueType, names: string, nulls?: readonly NullReason[]) =>
  names.split(' ').map((name) => entry(entity, type, name, nulls));

const NEVER: readonly NullReason[] = ['missing', 'none'];

/** The shipped signals as SIGNALS lists them, for tests of the model alone. */
export const CATALOGUE: readonly SignalEntry[] = [
  ...some(
    'account',
    'number',
    'account_age_days seats events_30d active_users_7d active_users_30d seat_breadth dau_seat_share wau_seat_share feature_breadth_30d core_features_30d features_first_30d sessions_30d session_minutes_change_30d momentum_60d momentum_t_60d active_users_change_30d activity_change_14d activity_z_14d integrations_active workflow_runs_30d workflow_completion_30d core_reverted_features reverted_features departments_active_30d top_department_share top_user_share_30d activation_depth power_users at_risk_users users_in_decline decline_share tickets_30d tickets_change_30d self_service_ratio_30d nps_latest nps_day_90 engagement_touches_90d sales_cycle_days arr nrr_12m arr_change_12m expansions_12m cost_to_serve_12m gross_margin capacity_used usage_of_quota_30d expansion_potential days_to_renewal clv value_score health_score composite_score',
  ),
  ...some(
    'account',
    'number',
    'days_since_last_event stickiness dau_wau sessions_change_30d feature_intensity_30d session_minutes_30d days_since_last_activity sequence_days activation_days power_user_density days_since_sponsor_change tickets_per_active_user_30d',
    NEVER,
  ),
  ...some('account', 'flag', 'activated sponsor_active_30d sponsor_engaged job_realised second_job_released'),
  ...some('account', 'text', 'stalled_step', NEVER),
  ...some(
    'account',
    'text',
    'adoption_pathway job second_job maturity decision_process integration_need success_criteria pulse',
  ),
  ...some(
    'user',
    'number',
    'first_seen_days days_since_last_activity active_days_per_week_28d frequency_now frequency_baseline frequency_decline frequency_z account_median_frequency feature_breadth_30d core_features_30d advanced_features_30d events_30d sessions_30d tickets_30d secondary_features_60d activation_depth workflow_runs_30d workflow_runs_prev_30d workflow_completion_30d workflow_completion_prev_30d core_reverted_features reverted_features',
  ),
  ...some('user', 'flag', 'in_decline'),
  ...some('user', 'text', 'stalled_step drop_off_step', NEVER),
];
