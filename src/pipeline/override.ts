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
): Promise<{ expiresAt: Date }> {
  const { accountId, segment, reason, author, now } = request;
  if (!model.segments.some((candidate) => candidate.name === segment)) {
    const names = model.segments.map((candidate) => candidate.name).join(', ');
    throw new Failure('no-segment', `The model has no segment ${segment}. It has ${names}.`);
  }
  if (reason.trim() === '')
    throw new Failure('no-reason', 'Say why with --reason: whoever looks at the account next will ask.');
  const expiresAt = new Date(now.getTime() + (request.days ?? model.assignment.overrideDays) * DAY_MS);
  await ledger.transaction(async (transaction) => {
    await transaction.command(
      'UPDATE overrides SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL AND expires_at > $2',
      [accountId, now],
    );
    await transaction.command(
      'INSERT INTO overrides (account_id, segment, reason, author, set_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)',
      [accountId, segment, reason, author, now, expiresAt],
    );
  });
  return { expiresAt };
}

/** Ends the override of an account; refuses `no-override` where none is in force. */
export async function endOverride({ ledger }: Pick<Engines, 'ledger'>, accountId: string, now: Date): Promise<void> {
  const ended = await ledger.command(
    'UPDATE overrides SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL AND expires_at > $2',
    [accountId, now],
  );
  if (ended === 0) throw new Failure('no-override', `No override is in force for ${accountId}.`);
}
