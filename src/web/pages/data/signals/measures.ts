/** How events can be measured, in words. */
export const MEASURES: Readonly<Record<string, string>> = {
  count: 'How many events',
  distinct_users: 'How many users did it',
  distinct_days: 'On how many days',
  sum: 'The sum of a property',
  mean: 'The mean of a property',
  min: 'The least of a property',
  max: 'The most of a property',
  last: 'The latest value of a property',
  days_since: 'Days since the last one',
};

/** Measures that read a property of the events. */
export const NEEDS_PROPERTY: ReadonlySet<string> = new Set(['sum', 'mean', 'min', 'max', 'last']);

const OF_BOTH = [
  ...['events_30d', 'feature_breadth_30d', 'core_features_30d', 'sessions_30d'],
  ...['workflow_runs_30d', 'workflow_completion_30d', 'tickets_30d'],
];

/** Shipped signals that can have another window, by whom they are of. */
export const LIKE: Readonly<Record<'account' | 'user', readonly string[]>> = {
  account: [
    ...OF_BOTH,
    ...['active_users_7d', 'active_users_30d', 'session_minutes_30d', 'engagement_touches_90d', 'cost_to_serve_12m'],
  ],
  user: [...OF_BOTH, 'advanced_features_30d'],
};
