import { z } from 'zod';
import type { Queryable } from '../ledger/ledger.ts';

/** A session that is open. */
export interface OpenSession {
  readonly sessionId: string;
  readonly startedAt: string;
  /** When it was used last, to a minute. */
  readonly seenAt: string;
  readonly expiresAt: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

const sessionSchema = z.object({
  id: z.string(),
  created_at: z.date(),
  updated_at: z.date(),
  expires_at: z.date(),
  ip_address: z.string().nullable(),
  user_agent: z.string().nullable(),
});

/** The open sessions of an operator, the latest first. */
export async function openSessions(ledger: Queryable, operatorId: string, now: Date): Promise<readonly OpenSession[]> {
  const rows = await ledger.query(
    `SELECT id, created_at, updated_at, expires_at, ip_address, user_agent FROM operator_sessions
    WHERE operator_id = $1 AND expires_at > $2 ORDER BY created_at DESC`,
    [operatorId, now],
    sessionSchema,
  );
  return rows.map((row) => ({
    sessionId: row.id,
    startedAt: row.created_at.toISOString(),
    seenAt: row.updated_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ipAddress: row.ip_address === '' ? null : row.ip_address,
    userAgent: row.user_agent === '' ? null : row.user_agent,
  }));
}

/** Ends one session of an operator, or all of them (null); answers how many there were. */
export function endSessions(ledger: Queryable, operatorId: string, sessionId: string | null): Promise<number> {
  return ledger.command('DELETE FROM operator_sessions WHERE operator_id = $1 AND ($2::text IS NULL OR id = $2)', [
    operatorId,
    sessionId,
  ]);
}
