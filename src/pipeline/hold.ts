import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import type { Engines } from './engines.ts';
import { recordInOrder } from './moves.ts';

const moveSchema = z.object({
  account_id: z.string(),
  at: z.string(),
  from_segment: z.string().nullable(),
  to_segment: z.string().nullable(),
  home: z.string().nullable(),
  cause: z.string(),
});

const holdSchema = z.object({
  hold_id: z.coerce.number(),
  reason: z.string(),
  opened_at: z.coerce.date(),
  moves: z.array(moveSchema),
});

/** Moves that the circuit breaker keeps back, and why. */
export interface OpenHold {
  readonly holdId: number;
  readonly reason: string;
  readonly openedAt: string;
  readonly moves: readonly z.infer<typeof moveSchema>[];
}

/** The holds that wait for a person. */
export async function openHolds({ ledger }: Pick<Engines, 'ledger'>): Promise<readonly OpenHold[]> {
  const rows = await ledger.query(
    `SELECT hold_id, reason, opened_at, moves FROM holds WHERE status = 'open' ORDER BY hold_id`,
    [],
    holdSchema,
  );
  return rows.map((row) => ({
    holdId: row.hold_id,
    reason: row.reason,
    openedAt: row.opened_at.toISOString(),
    moves: row.moves,
  }));
}

/** What a person decides of a hold. `causes` and `segments`: release only moves by these causes, or to these segments. */
export interface HoldDecision {
  readonly holdId: number;
  readonly action: 'release' | 'discard';
  readonly by: string;
  readonly reason: string;
  readonly now: Date;
  readonly causes?: readonly string[] | undefined;
  readonly segments?: readonly string[] | undefined;
}

/**
 * Releases a hold, whole or by cause or segment, or discards it with a reason (D16).
 *
 * Released moves are recorded as they were computed, and the accounts take their segments; the rest of a hold that was
 * released in part stays held, in a hold of its own. Discarded moves are not recorded; the raw answers stay.
 */
export async function decideHold(
  { ledger }: Pick<Engines, 'ledger'>,
  decision: HoldDecision,
): Promise<{ released: number; left: number }> {
  const { holdId, action, by, reason, now } = decision;
  if (action === 'discard' && reason.trim() === '')
    throw new Failure('no-reason', 'Say why these moves are not to happen: `--reason`, or `reason` of the request.');
  return ledger.transaction(async (transaction) => {
    const [hold] = await transaction.query(
      `SELECT hold_id, reason, opened_at, moves FROM holds WHERE hold_id = $1 AND status = 'open' FOR UPDATE`,
      [holdId],
      holdSchema,
    );
    if (hold === undefined)
      throw new Failure('no-hold', `There is no open hold ${holdId}. \`bellwether moves\` lists them.`);
    const isWanted = `(($2::text[] IS NULL OR m.cause = ANY($2)) AND ($3::text[] IS NULL OR m.to_segment = ANY($3)))`;
    const columns = 'm(account_id text, at timestamptz, from_segment text, to_segment text, home text, cause text)';
    const wanted = [holdId, decision.causes ?? null, decision.segments ?? null];
    let released = 0;
    if (action === 'release') {
      await recordInOrder(transaction);
      released = await transaction.command(
        `INSERT INTO moves (account_id, at, from_segment, to_segment, home_segment, cause, model_version, run_id, recorded_at)
        SELECT m.account_id, m.at, m.from_segment, m.to_segment, m.home, m.cause, r.model_version, r.run_id, $4
        FROM holds h JOIN runs r USING (run_id), jsonb_to_recordset(h.moves) AS ${columns} WHERE h.hold_id = $1 AND ${isWanted}`,
        [...wanted, now],
      );
      await transaction.command(
        `UPDATE assignments a SET segment = m.to_segment, since = m.at, held = false
        FROM holds h, jsonb_to_recordset(h.moves) AS ${columns} WHERE h.hold_id = $1 AND a.account_id = m.account_id AND ${isWanted}`,
        wanted,
      );
      await transaction.command(
        `INSERT INTO holds (run_id, opened_at, reason, moves)
        SELECT h.run_id, h.opened_at, h.reason, jsonb_agg(to_jsonb(m)) FROM holds h, jsonb_to_recordset(h.moves) AS ${columns}
        WHERE h.hold_id = $1 AND NOT ${isWanted} GROUP BY h.run_id, h.opened_at, h.reason`,
        wanted,
      );
    }
    await transaction.command(
      `UPDATE holds SET status = $2, decided_by = $3, decided_at = $4, decision_reason = $5 WHERE hold_id = $1`,
      [holdId, action === 'release' ? 'released' : 'discarded', by, now, reason],
    );
    return { released, left: action === 'release' ? hold.moves.length - released : 0 };
  });
}
