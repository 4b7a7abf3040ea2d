import { type Measured, readSignals, type SignalRow } from './signals.ts';

/** Signals of a user that are listed beside the tier. */
export const USER_MEASURES = [
  'first_seen_days',
  'days_since_last_activity',
  'events_30d',
  'active_days_per_week_28d',
  'core_features_30d',
  'activation_depth',
  'workflow_completion_30d',
  'drop_off_step',
  'in_decline',
  'frequency_now',
  'frequency_baseline',
  'frequency_decline',
] as const;

/** One user in one account as of a day: a row of `users --json`. */
export type UserRow = Readonly<Record<string, string | number | null | undefined>>;

/** Which users to list; what is undefined does not choose. */
export interface UserQuery {
  readonly asOf: number;
  readonly run: string;
  readonly accountId?: string | undefined;
  readonly tier?: string | undefined;
  readonly stalledAt?: string | undefined;
  /** Users who have not used this feature area in the last 60 days. */
  readonly unused?: string | undefined;
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** Users with their tier and the step at which they stall, recomputed as of a day, by account and user. */
export async function* listUsers(
  workspace: Measured,
  { asOf, tier, stalledAt, unused, ...query }: UserQuery,
): AsyncGenerator<UserRow> {
  for await (const row of readSignals(workspace, { ...query, entity: 'user', asOfs: [asOf] })) {
    const user = userRow(row);
    if (tier !== undefined && user['tier'] !== tier) continue;
    if (unused !== undefined && row.features?.includes(unused) === true) continue;
    if (stalledAt !== undefined && user['stalled_step'] !== stalledAt) continue;
    yield user;
  }
}

function userRow(row: SignalRow): UserRow {
  return {
    account_id: row.account_id,
    user_id: row.user_id,
    as_of: row.as_of,
    tier: typeof row['tier'] === 'string' ? row['tier'] : null,
    stalled_step: row.signals['stalled_step'] ?? null,
    ...Object.fromEntries(USER_MEASURES.map((name) => [name, row.signals[name] ?? null])),
  };
}
