import { z } from 'zod';
import type { Queryable } from '../ledger/ledger.ts';
import { Failure } from '../model/failure.ts';
import type { Engines } from './engines.ts';

const DAY_MS = 86_400_000;

/** A segment that a person sets for an account, with the reason and how long it lasts. */
export interface OverrideRequest {
  readonly accountId: string;
  readonly segment: string;
  readonly reason: string;
  readonly author: string;
  /** Null: the model's `assignment.override_days`. */
  readonly days: number | null;
  readonly now: Date;
  /** Number of the override that must be in force, null for none; absent: whatever is. Refuses `changed-meanwhile`. */
  readonly expected?: number | null | undefined;
}

/** An override that is in force. Instants are ISO text. */
export interface Override {
  readonly overrideId: number;
  readonly accountId: string;
  readonly segment: string;
  readonly reason: string;
  readonly author: string;
  readonly setAt: string;
  readonly expiresAt: string;
}

const rowSchema = z.object({
  override_id: z.coerce.number(),
  account_id: z.string(),
  segment: z.string(),
  reason: z.string(),
  author: z.string(),
  set_at: z.date(),
  expires_at: z.date(),
});

/** Overrides in force at an instant, by account; of one account where it is named. */
export async function listOverrides(
  ledger: Queryable,
  now: Date,
  accountId: string | null = null,
): Promise<readonly Override[]> {
  const rows = await ledger.query(
    `SELECT override_id, account_id, segment, reason, author, set_at, expires_at FROM overrides
    WHERE ended_at IS NULL AND expires_at > $1 AND set_at <= $1 AND ($2::text IS NULL OR account_id = $2)
    ORDER BY account_id COLLATE "C", override_id`,
    [now, accountId],
    rowSchema,
  );
  return rows.map((row) => ({
    overrideId: row.override_id,
    accountId: row.account_id,
    segment: row.segment,
    reason: row.reason,
    author: row.author,
    setAt: row.set_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }));
}

/** Holds everybody else off an account's overrides until the transaction ends, and looks that it is as expected. */
async function expectOverride(
  transaction: Queryable,
  { accountId, now, expected }: Pick<OverrideRequest, 'accountId' | 'now' | 'expected'>,
): Promise<void> {
  await transaction.command(`SELECT pg_advisory_xact_lock(hashtextextended('override ' || $1, 0))`, [accountId]);
  if (expected === undefined) return;
  const [found] = await listOverrides(transaction, now, accountId);
  if ((found?.overrideId ?? null) === expected) return;
  throw new Failure('changed-meanwhile', `The override of ${accountId} is another than the one that you saw.`);
}

/**
 * Sets an override (D17): it lies over the rules from now until it expires, and shows everywhere as one.
 *
 * Refuses `no-segment` for a segment the model does not have, and `no-reason` without a reason. An override that is
 * still in force is ended by the new one.
 */
export async function setOverride(
  { model, ledger }: Pick<Engines, 'model' | 'ledger'>,
  request: OverrideRequest,
): Promise<{ expiresAt: Date; overrideId: number }> {
  const { accountId, segment, reason, author, now } = request;
  if (!model.segments.some((candidate) => candidate.name === segment)) {
    const names = model.segments.map((candidate) => candidate.name).join(', ');
    throw new Failure('no-segment', `The model has no segment ${segment}. It has ${names}.`);
  }
  if (reason.trim() === '')
    throw new Failure('no-reason', 'Say why with --reason: whoever looks at the account next will ask.');
  const expiresAt = new Date(now.getTime() + (request.days ?? model.assignment.overrideDays) * DAY_MS);
  return ledger.transaction(async (transaction) => {
    await expectOverride(transaction, request);
    await transaction.command(
      'UPDATE overrides SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL AND expires_at > $2',
      [accountId, now],
    );
    const [row] = await transaction.query(
      'INSERT INTO overrides (account_id, segment, reason, author, set_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING override_id',
      [accountId, segment, reason, author, now, expiresAt],
      rowSchema.pick({ override_id: true }),
    );
    if (row === undefined) throw new Error('an override was not written');
    return { expiresAt, overrideId: row.override_id };
  });
}

/**
 * Ends the override of an account; refuses `no-override` where none is in force, and `changed-meanwhile` where another is
 * than the one expected.
 */
export async function endOverride(
  { ledger }: Pick<Engines, 'ledger'>,
  accountId: string,
  now: Date,
  expected?: number,
): Promise<void> {
  await ledger.transaction(async (transaction) => {
    const [found] = await listOverrides(transaction, now, accountId);
    if (found === undefined) throw new Failure('no-override', `No override is in force for ${accountId}.`);
    await expectOverride(transaction, { accountId, now, expected });
    await transaction.command(
      'UPDATE overrides SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL AND expires_at > $2',
      [accountId, now],
    );
  });
}
