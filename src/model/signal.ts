import type { FactTableName } from './table.ts';

/** Type of a value in the condition language. A `flag` is written 1 and 0. */
export type ValueType = 'number' | 'text' | 'flag' | 'list' | 'day';

/**
 * Why a value is null: `missing` (no source, not covered, field empty), `not_yet` (too young, window open) or `none`
 * (never happened, nobody to measure). Only `missing` is a data gap.
 */
export type NullReason = 'missing' | 'not_yet' | 'none';

/** What a signal is measured of. */
export type Entity = 'account' | 'user';

/** One line of the signal catalogue: what `bellwether signals list` prints and what conditions may name. */
export interface SignalEntry {
  readonly name: string;
  readonly entity: Entity;
  readonly unit: string;
  readonly type: ValueType;
  /** Fact tables behind it: they decide its instant (min of T and their completeness). */
  readonly inputs: readonly FactTableName[];
  readonly meaning: string;
  /** The requirements it serves, such as `R030`. */
  readonly requirement: string;
  /** Null reasons that can occur. */
  readonly nulls: readonly NullReason[];
  /** Whether a person could move it (used by the smallest change of `explain`). */
  readonly isMovable: boolean;
}

/** Shipped signals that a model may declare with another window (`like`), by entity. */
export const LIKEABLE: Readonly<Record<Entity, readonly string[]>> = {
  account: [
    'events_30d',
    'active_users_7d',
    'active_users_30d',
    'feature_breadth_30d',
    'core_features_30d',
    'sessions_30d',
    'session_minutes_30d',
    'workflow_runs_30d',
    'workflow_completion_30d',
    'tickets_30d',
    'engagement_touches_90d',
    'cost_to_serve_12m',
  ],
  user: [
    'events_30d',
    'feature_breadth_30d',
    'core_features_30d',
    'advanced_features_30d',
    'sessions_30d',
    'workflow_runs_30d',
    'workflow_completion_30d',
    'tickets_30d',
  ],
};
