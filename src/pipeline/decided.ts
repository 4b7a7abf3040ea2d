import { z } from 'zod';
import type { Engines } from './engines.ts';

/**
 * Accounts about which a person decided something in `(since, now]`, or whose override began or ended by itself in that
 * time: what is said of them may be otherwise now, though no fact came in.
 */
export async function decidedSince(
  { ledger }: Pick<Engines, 'ledger'>,
  since: Date,
  now: Date,
): Promise<readonly string[]> {
  const rows = await ledger.query(
    `SELECT account_id FROM overrides
      WHERE (set_at > $1 AND set_at <= $2) OR (ended_at > $1 AND ended_at <= $2) OR (expires_at > $1 AND expires_at <= $2)
    UNION
    SELECT m.account_id FROM holds h, jsonb_to_recordset(h.moves) AS m(account_id text)
      WHERE h.decided_at > $1 AND h.decided_at <= $2
    ORDER BY account_id`,
    [since, now],
    z.object({ account_id: z.string() }),
  );
  return rows.map(({ account_id }) => account_id);
}
