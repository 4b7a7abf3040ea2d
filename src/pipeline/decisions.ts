import { z } from 'zod';
import type { Engines } from './engines.ts';

/** What a person decided of one account: a hold released or discarded, an override set or ended. */
export interface Decision {
  /** Names the decision, the same whenever it is read. */
  readonly key: string;
  readonly accountId: string;
}

const rowSchema = z.object({ key: z.string(), account_id: z.string() });

/** How far the clocks of those who decide may be apart. */
const APART_MILLIS = 86_400_000;

/** Everything decided from a day before an instant on: whoever follows keeps the keys that it has seen. */
export async function decisionsSince({ ledger }: Pick<Engines, 'ledger'>, since: number): Promise<readonly Decision[]> {
  const rows = await ledger.query(
    `SELECT 'hold ' || h.hold_id AS key, m.account_id FROM holds h, jsonb_to_recordset(h.moves) AS m(account_id text) WHERE h.decided_at >= $1
    UNION ALL SELECT 'override ' || override_id, account_id FROM overrides WHERE set_at >= $1
    UNION ALL SELECT 'end ' || override_id, account_id FROM overrides WHERE ended_at >= $1`,
    [new Date(since - APART_MILLIS)],
    rowSchema,
  );
  return rows.map(({ key, account_id }) => ({ key, accountId: account_id }));
}
