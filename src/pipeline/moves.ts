import { z } from 'zod';
import type { Ledger, Queryable } from '../ledger/ledger.ts';

/** One recorded change of assignment: a row of `moves --json`. Instants are ISO text. */
export interface MoveRow {
  readonly move_id: number;
  readonly account_id: string;
  readonly at: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly home: string | null;
  readonly cause: string;
  readonly recorded_at: string;
  readonly run_id: string | null;
  readonly model_version: string;
}

/** Which moves to list; what is undefined does not choose. */
export interface MoveQuery {
  /** Instants in milliseconds: `since` included, `until` excluded. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly accountId?: string | undefined;
  /** Moves out of it and into it. */
  readonly segment?: string | undefined;
}

const rowSchema = z.object({
  move_id: z.number(),
  account_id: z.string(),
  at: z.date(),
  from_segment: z.string().nullable(),
  to_segment: z.string().nullable(),
  home_segment: z.string().nullable(),
  cause: z.string(),
  recorded_at: z.date(),
  run_id: z.string().nullable(),
  model_version: z.string(),
});

/** What was recorded, in the order in which it happened. */
export async function listMoves({ ledger }: { readonly ledger: Ledger }, query: MoveQuery): Promise<MoveRow[]> {
  const rows = await ledger.query(
    `SELECT move_id, account_id, at, from_segment, to_segment, home_segment, cause, recorded_at, run_id, model_version
    FROM moves
    WHERE ($1::timestamptz IS NULL OR at >= $1) AND ($2::timestamptz IS NULL OR at < $2)
      AND ($3::text IS NULL OR account_id = $3) AND ($4::text IS NULL OR from_segment = $4 OR to_segment = $4)
    ORDER BY at, account_id COLLATE "C", move_id`,
    [instantOrNull(query.since), instantOrNull(query.until), query.accountId ?? null, query.segment ?? null],
    rowSchema,
  );
  return rows.map(moveRow);
}

/** Which page of moves to read: in the order in which they happened, after one of them. */
export interface MovePage extends MoveQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cause?: string | undefined;
  readonly after: { readonly at: string; readonly accountId: string; readonly moveId: number } | null;
  readonly limit: number;
}

/** A page of what was recorded, in the order of `listMoves`. */
export async function pageOfMoves({ ledger }: { readonly ledger: Ledger }, page: MovePage): Promise<MoveRow[]> {
  const { after, limit } = page;
  const rows = await ledger.query(
    `SELECT move_id, account_id, at, from_segment, to_segment, home_segment, cause, recorded_at, run_id, model_version
    FROM moves
    WHERE ($1::timestamptz IS NULL OR at >= $1) AND ($2::timestamptz IS NULL OR at < $2)
      AND ($3::text IS NULL OR account_id = $3) AND ($4::text IS NULL OR from_segment = $4 OR to_segment = $4)
      AND ($5::text IS NULL OR from_segment = $5) AND ($6::text IS NULL OR to_segment = $6) AND ($7::text IS NULL OR cause = $7)
      AND ($8::timestamptz IS NULL OR (at, account_id COLLATE "C", move_id) > ($8, $9::text COLLATE "C", $10))
    ORDER BY at, account_id COLLATE "C", move_id LIMIT $11`,
    [
      ...[instantOrNull(page.since), instantOrNull(page.until), page.accountId ?? null, page.segment ?? null],
      ...[page.from ?? null, page.to ?? null, page.cause ?? null],
      ...[after?.at ?? null, after?.accountId ?? null, after?.moveId ?? null, limit],
    ],
    rowSchema,
  );
  return rows.map(moveRow);
}

/** What was last said of every account before an instant, as it was recorded then, by account; after one of them. */
export async function recordedBefore(
  { ledger }: { readonly ledger: Ledger },
  {
    asOf,
    accountId = null,
    after,
    limit,
  }: {
    readonly asOf: number;
    readonly accountId?: string | null;
    readonly after: string | null;
    readonly limit: number;
  },
): Promise<MoveRow[]> {
  const rows = await ledger.query(
    `SELECT DISTINCT ON (account_id COLLATE "C")
      move_id, account_id, at, from_segment, to_segment, home_segment, cause, recorded_at, run_id, model_version
    FROM moves WHERE at <= $1 AND ($2::text IS NULL OR account_id COLLATE "C" > $2::text COLLATE "C")
      AND ($4::text IS NULL OR account_id = $4)
    ORDER BY account_id COLLATE "C", at DESC, move_id DESC LIMIT $3`,
    [new Date(asOf), after, limit, accountId],
    rowSchema,
  );
  return rows.map(moveRow);
}

/** Moves recorded after one of them, in the order of recording, at most so many. */
export async function movesAfter(ledger: Queryable, moveId: number, limit: number): Promise<readonly MoveRow[]> {
  const rows = await ledger.query(
    `SELECT move_id, account_id, at, from_segment, to_segment, home_segment, cause, recorded_at, run_id, model_version
    FROM moves WHERE move_id > $1 ORDER BY move_id LIMIT $2`,
    [moveId, limit],
    rowSchema,
  );
  return rows.map(moveRow);
}

/** The move recorded last; 0 before the first. */
export async function lastMoveId(ledger: Queryable): Promise<number> {
  const [row] = await ledger.query('SELECT coalesce(max(move_id), 0) AS id FROM moves', [], idSchema);
  return row?.id ?? 0;
}

/**
 * Waits until nobody else is recording moves, until the end of the transaction.
 *
 * Whoever follows moves by their numbers would miss one that is numbered before and committed after another.
 */
export async function recordInOrder(transaction: Queryable): Promise<void> {
  await transaction.command('LOCK TABLE moves IN SHARE ROW EXCLUSIVE MODE');
}

const idSchema = z.object({ id: z.coerce.number() });

function moveRow(row: z.infer<typeof rowSchema>): MoveRow {
  return {
    move_id: row.move_id,
    account_id: row.account_id,
    at: row.at.toISOString(),
    from: row.from_segment,
    to: row.to_segment,
    home: row.home_segment,
    cause: row.cause,
    recorded_at: row.recorded_at.toISOString(),
    run_id: row.run_id,
    model_version: row.model_version,
  };
}

function instantOrNull(millis: number | undefined): Date | null {
  return millis === undefined ? null : new Date(millis);
}
