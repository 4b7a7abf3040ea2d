import { z } from 'zod';
import type { Ledger, Queryable } from '../ledger/ledger.ts';

/** Who does something: an operator who signed in, a machine's key, a person at the machine itself, or nobody known. */
const DOERS = ['operator', 'key', 'system', 'nobody'] as const;
/** The kind of who does something. */
type Doer = (typeof DOERS)[number];

/** Words beside an entry: identifiers, counts and reasons of a kind; never a secret, and nobody's data. */
type Details = Readonly<Record<string, string | number | boolean | null>>;

/** A change or a sign-in, as it is about to happen. */
export interface Act {
  readonly by: Doer;
  /** An operator's address, a key's name, a user of the machine; nobody has none. */
  readonly who: string;
  readonly action: string;
  /** Identifier of what is changed; empty where there is none, or none yet. */
  readonly subject: string;
  readonly details?: Details;
  readonly ipAddress: string | null;
}

/** How it went: done, refused for a reason that the asker was told, or failed on our side. */
export type Outcome = 'done' | 'refused' | 'failed';

/** What became known of an act while it was done; what is left out is as it was begun. */
export interface Findings {
  readonly by?: Doer;
  readonly who?: string;
  readonly subject?: string;
  readonly details?: Details;
}

/** Writes an act down before it is done; answers the entry's number. What cannot be written must not be done. */
export async function beginEntry(ledger: Queryable, act: Act, at: Date): Promise<number> {
  const [row] = await ledger.query(
    `INSERT INTO audit_log (at, by, who, action, subject, details, ip_address) VALUES ($1, $2, $3, $4, $5, $6, $7)
    RETURNING entry_id`,
    [at, act.by, act.who, act.action, act.subject, JSON.stringify(act.details ?? {}), act.ipAddress],
    z.object({ entry_id: z.coerce.number() }),
  );
  if (row === undefined) throw new Error('an entry was not written');
  return row.entry_id;
}

/** Writes down how an act went. */
export async function endEntry(
  ledger: Queryable,
  entryId: number,
  { outcome, findings, at }: { readonly outcome: Outcome; readonly findings: Findings; readonly at: Date },
): Promise<void> {
  const { by, who, subject, details } = findings;
  await ledger.command(
    'INSERT INTO audit_outcomes (entry_id, at, outcome, by, who, subject, details) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [entryId, at, outcome, by ?? null, who ?? null, subject ?? null, JSON.stringify(details ?? {})],
  );
}

/**
 * Does something that is written down: first that it is about to happen, then how it went.
 *
 * Where the first cannot be written nothing is done. Where the second cannot, this rejects although the work was done; the
 * entry then stands without an outcome. `note` adds what is known only while it is done.
 */
export async function audited<T>(
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: () => number },
  act: Act,
  work: (note: (findings: Findings) => void) => Promise<T>,
  outcomeOf: (error: unknown) => Outcome = () => 'failed',
): Promise<T> {
  const now = () => new Date(clock());
  const entryId = await beginEntry(ledger, act, now());
  let findings: Findings = {};
  const note = (more: Findings): void => {
    findings = { ...findings, ...more };
  };
  let result: T;
  try {
    result = await work(note);
  } catch (error) {
    await endEntry(ledger, entryId, { outcome: outcomeOf(error), findings, at: now() });
    throw error;
  }
  await endEntry(ledger, entryId, { outcome: 'done', findings, at: now() });
  return result;
}

/** An entry as it is read. */
export interface AuditEntry {
  readonly entryId: number;
  readonly at: string;
  readonly by: Doer;
  readonly who: string;
  readonly action: string;
  readonly subject: string;
  readonly details: Details;
  readonly ipAddress: string | null;
  /** Null: it was begun, and how it went is not known. */
  readonly outcome: Outcome | null;
}

/** Which entries to read; null: any. */
export interface AuditQuery {
  readonly who: string | null;
  readonly action: string | null;
  readonly subject: string | null;
  readonly outcome: Outcome | null;
  /** First and last instant, both included. */
  readonly from: Date | null;
  readonly to: Date | null;
  /** Entries older than this one. */
  readonly before: number | null;
  readonly limit: number;
}

const entrySchema = z.object({
  entry_id: z.coerce.number(),
  at: z.date(),
  by: z.enum(DOERS),
  who: z.string(),
  action: z.string(),
  subject: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  ip_address: z.string().nullable(),
  outcome: z.enum(['done', 'refused', 'failed']).nullable(),
});

/** Entries, the latest first, at most `limit`. */
export async function auditEntries(ledger: Queryable, query: AuditQuery): Promise<readonly AuditEntry[]> {
  const rows = await ledger.query(
    `SELECT l.entry_id, l.at, coalesce(o.by, l.by) AS by, coalesce(o.who, l.who) AS who, l.action,
      coalesce(o.subject, l.subject) AS subject, l.details || coalesce(o.details, '{}') AS details, l.ip_address, o.outcome
    FROM audit_log l LEFT JOIN audit_outcomes o USING (entry_id)
    WHERE ($1::text IS NULL OR coalesce(o.who, l.who) = $1) AND ($2::text IS NULL OR l.action = $2)
      AND ($3::text IS NULL OR coalesce(o.subject, l.subject) = $3) AND ($4::text IS NULL OR o.outcome = $4)
      AND ($5::timestamptz IS NULL OR l.at >= $5) AND ($6::timestamptz IS NULL OR l.at <= $6)
      AND ($7::bigint IS NULL OR l.entry_id < $7)
    ORDER BY l.entry_id DESC LIMIT $8`,
    [query.who, query.action, query.subject, query.outcome, query.from, query.to, query.before, query.limit],
    entrySchema,
  );
  return rows.map(({ entry_id: entryId, ip_address: ipAddress, at, ...row }) => ({
    ...{ entryId, ipAddress, at: at.toISOString() },
    ...row,
  }));
}
