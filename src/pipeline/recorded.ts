import { z } from 'zod';
import type { Queryable } from '../ledger/ledger.ts';
import type { OverrideSpan } from '../segment/assignment.ts';
import type { Move, Record as Recorded } from '../segment/move.ts';
import { recordInOrder } from './moves.ts';

const runSchema = z.object({ run_id: z.string(), as_of: z.coerce.date(), model_version: z.string() });

/** The run that recorded last; null before the first. */
export async function lastRun(ledger: Queryable): Promise<{ runId: string; asOf: number; version: string } | null> {
  const [row] = await ledger.query(
    'SELECT run_id, as_of, model_version FROM runs WHERE finished_at IS NOT NULL ORDER BY as_of DESC, finished_at DESC LIMIT 1',
    [],
    runSchema,
  );
  return row === undefined ? null : { runId: row.run_id, asOf: row.as_of.getTime(), version: row.model_version };
}

const editSchema = z.object({ at: z.coerce.date() });

/** As-ofs at which a version of the model was first used, the first version ever left out. */
export async function modelEdits(ledger: Queryable): Promise<readonly number[]> {
  const rows = await ledger.query(
    'SELECT min(as_of) AS at FROM runs GROUP BY model_version ORDER BY min(as_of) OFFSET 1',
    [],
    editSchema,
  );
  return rows.map((row) => row.at.getTime());
}

const overrideSchema = z.object({
  account_id: z.string(),
  segment: z.string(),
  set_at: z.coerce.date(),
  ends: z.coerce.date(),
});

/** Overrides by account, each from when it was set until it expires or was ended. */
export async function overrideSpans(ledger: Queryable): Promise<ReadonlyMap<string, readonly OverrideSpan[]>> {
  const rows = await ledger.query(
    'SELECT account_id, segment, set_at, least(expires_at, coalesce(ended_at, expires_at)) AS ends FROM overrides ORDER BY set_at DESC',
    [],
    overrideSchema,
  );
  const spans = new Map<string, OverrideSpan[]>();
  for (const { account_id, segment, set_at, ends } of rows) {
    const span = { segment, from: set_at.getTime(), until: ends.getTime() };
    spans.set(account_id, [...(spans.get(account_id) ?? []), span]);
  }
  return spans;
}

const assignmentSchema = z.object({
  account_id: z.string(),
  segment: z.string().nullable(),
  home: z.string().nullable(),
  raw: z.string().nullable(),
  since: z.coerce.date().nullable(),
  overridden: z.boolean(),
  held: z.boolean(),
  as_of: z.coerce.date(),
});

/** The assignments recorded last, by account: all, or those of a list. */
export async function recordedAssignments(
  ledger: Queryable,
  accountIds: readonly string[] | null = null,
): Promise<ReadonlyMap<string, Recorded & { asOf: number; isHeld: boolean }>> {
  const rows = await ledger.query(
    'SELECT account_id, segment, home, raw, since, overridden, held, as_of FROM assignments WHERE $1::text[] IS NULL OR account_id = ANY($1)',
    [accountIds],
    assignmentSchema,
  );
  return new Map(
    rows.map((row) => [
      row.account_id,
      {
        accountId: row.account_id,
        segment: row.segment,
        home: row.home,
        raw: row.raw,
        since: row.since?.getTime() ?? null,
        isOverridden: row.overridden,
        asOf: row.as_of.getTime(),
        isHeld: row.held,
      },
    ]),
  );
}

const coveredSchema = z.object({ account_id: z.string(), segment: z.string() });

/** By account, the segment that was recorded before it last entered the overlay: whose coverage it keeps (D14). */
export async function coverageBefore(
  ledger: Queryable,
  overlay: string,
  asOf: number,
): Promise<ReadonlyMap<string, string>> {
  const rows = await ledger.query(
    `SELECT DISTINCT ON (account_id) account_id, coalesce(from_segment, home_segment) AS segment FROM moves
    WHERE to_segment = $1 AND at <= $2 AND coalesce(from_segment, home_segment) IS NOT NULL
    ORDER BY account_id, at DESC, move_id DESC`,
    [overlay, new Date(asOf)],
    coveredSchema,
  );
  return new Map(rows.map((row) => [row.account_id, row.segment]));
}

const countSchema = z.object({ n: z.coerce.number() });

/** Moves of the causes that the breaker counts, recorded in the 24 hours before. */
export async function recordedLately(ledger: Queryable, now: Date): Promise<number> {
  const [row] = await ledger.query(
    `SELECT count(*) AS n FROM moves WHERE recorded_at > $1 AND cause IN ('behaviour', 'passing of time', 'late data', 'value ranking')`,
    [new Date(now.getTime() - 86_400_000)],
    countSchema,
  );
  return row?.n ?? 0;
}

/** Everything that one run records. */
export interface Recording {
  readonly runId: string;
  readonly asOf: number;
  readonly version: string;
  readonly text: string;
  readonly now: Date;
  readonly summary: unknown;
  readonly moves: readonly Move[];
  readonly assignments: readonly AssignmentRow[];
  readonly hold: { readonly reason: string; readonly moves: readonly Move[] } | null;
}

/** One row of the present assignments. */
interface AssignmentRow extends Recorded {
  readonly waiting: unknown;
  readonly isHeld: boolean;
}

/** Writes a run with its moves and assignments, all or nothing. The caller holds the transaction. */
export async function record(ledger: Queryable, recording: Recording): Promise<void> {
  const { runId, asOf, version, now } = recording;
  await ledger.command(
    `INSERT INTO model_versions (version, text, note, author, published_at) VALUES ($1, $2, '', '', $3) ON CONFLICT (version) DO NOTHING`,
    [version, recording.text, now],
  );
  await ledger.command(
    'INSERT INTO runs (run_id, as_of, model_version, started_at, finished_at, summary) VALUES ($1, $2, $3, $4, $4, $5)',
    [runId, new Date(asOf), version, now, JSON.stringify(recording.summary)],
  );
  await recordInOrder(ledger);
  await ledger.command(
    `INSERT INTO moves (account_id, at, from_segment, to_segment, home_segment, cause, model_version, run_id, recorded_at)
    SELECT m.account_id, m.at, m.from_segment, m.to_segment, m.home, m.cause, $2, $3, $4
    FROM jsonb_to_recordset($1::jsonb) AS m(account_id text, at timestamptz, from_segment text, to_segment text, home text, cause text)`,
    [JSON.stringify(recording.moves.map(moveRow)), version, runId, now],
  );
  await ledger.command(
    `INSERT INTO assignments (account_id, segment, home, raw, since, waiting, model_version, as_of, run_id, overridden, held)
    SELECT a.account_id, a.segment, a.home, a.raw, a.since, a.waiting, $2, $3, $4, a.overridden, a.held
    FROM jsonb_to_recordset($1::jsonb) AS a(account_id text, segment text, home text, raw text, since timestamptz, waiting jsonb, overridden boolean, held boolean)
    ON CONFLICT (account_id) DO UPDATE SET segment = excluded.segment, home = excluded.home, raw = excluded.raw, since = excluded.since,
      waiting = excluded.waiting, model_version = excluded.model_version, as_of = excluded.as_of, run_id = excluded.run_id,
      overridden = excluded.overridden, held = excluded.held`,
    [JSON.stringify(recording.assignments.map(assignmentRow)), version, new Date(asOf), runId],
  );
  if (recording.hold !== null) {
    await ledger.command('INSERT INTO holds (run_id, opened_at, reason, moves) VALUES ($1, $2, $3, $4)', [
      runId,
      now,
      recording.hold.reason,
      JSON.stringify(recording.hold.moves.map(moveRow)),
    ]);
  }
}

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

function moveRow(move: Move) {
  return {
    account_id: move.accountId,
    at: iso(move.at),
    from_segment: move.from,
    to_segment: move.to,
    home: move.home,
    cause: move.cause,
  };
}

function assignmentRow(row: AssignmentRow) {
  return {
    account_id: row.accountId,
    segment: row.segment,
    home: row.home,
    raw: row.raw,
    since: iso(row.since),
    waiting: row.waiting,
    overridden: row.isOverridden,
    held: row.isHeld,
  };
}
