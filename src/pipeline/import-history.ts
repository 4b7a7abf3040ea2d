import { z } from 'zod';
import type { CoverageReport } from '../ingest/report.ts';
import { flag, instant, whole } from '../warehouse/values.ts';
import type { Engines } from './engines.ts';
import { putRightSql } from './quarantined.ts';

/** One import as it was recorded. */
export interface PastImport {
  readonly importId: string;
  /** ISO text. */
  readonly startedAt: string;
  readonly status: string;
  /** The answer that it gave; null: it was not kept. */
  readonly report: Readonly<Record<string, unknown>> | null;
}

const importSchema = z.object({
  import_id: z.string(),
  started: instant,
  last_status: z.string(),
  last_report: z.string(),
});

type Source = Pick<Engines, 'warehouse'>;

/** Imports, the latest first, at most so many, begun before an instant (milliseconds; null: all). */
export async function listImports(
  { warehouse }: Source,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<readonly PastImport[]> {
  const rows = await warehouse.rows(
    `SELECT import_id, max(started_at) AS started, argMax(status, received_at) AS last_status, argMax(report, received_at) AS last_report
    FROM ${warehouse.database}.imports GROUP BY import_id
    HAVING {before:Int64} < 0 OR toUnixTimestamp64Milli(started) < {before:Int64} ORDER BY started DESC, import_id LIMIT {limit:UInt32}`,
    importSchema,
    { parameters: { before: before ?? -1, limit } },
  );
  return rows.map((row) => ({
    importId: row.import_id,
    startedAt: row.started.toISOString(),
    status: row.last_status,
    report: row.last_report === '' ? null : (JSON.parse(row.last_report) as Record<string, unknown>),
  }));
}

/**
 * A word for what imports have brought: another after each that took a row or changed what is covered, whenever it began, and
 * the same after one that found everything known.
 */
export async function importsWord({ warehouse }: Source): Promise<string> {
  const [row] = await warehouse.rows(
    `SELECT concat(toString(groupBitXorIf(sipHash64(import_id), arrayExists(file -> JSONExtractUInt(file, 'accepted') > 0, JSONExtractArrayRaw(report, 'files')))), ' ',
       toString(sipHash64(argMax(JSONExtractRaw(report, 'coverage'), received_at)))) AS word FROM ${warehouse.database}.imports`,
    z.object({ word: z.string() }),
  );
  return row?.word ?? '';
}

const coverageSchema = z.object({
  source: z.string(),
  table_name: z.string(),
  covers_from: instant.nullable(),
  complete_through: instant.nullable(),
  carries_users: flag,
  rows: whole,
});

/** What every source covers of every table, as it was last written down, by table and source. */
export async function heldCoverage({ warehouse }: Source): Promise<readonly CoverageReport[]> {
  const rows = await warehouse.rows(
    `SELECT source, table_name, covers_from, complete_through, carries_users, rows FROM ${warehouse.database}.coverage FINAL ORDER BY table_name, source`,
    coverageSchema,
  );
  return rows.map((row) => ({
    source: row.source,
    table: row.table_name,
    coversFrom: row.covers_from?.toISOString() ?? null,
    completeThrough: row.complete_through?.toISOString() ?? null,
    carriesUsers: row.carries_users,
    rows: row.rows,
  }));
}

const refusedSchema = z.object({
  import_id: z.string(),
  table_name: z.string(),
  source: z.string(),
  file: z.string(),
  line: z.string(),
  field: z.string(),
  reason: z.string(),
  message: z.string(),
  raw: z.string(),
  received: instant,
});

/** A row that was refused, with what was sent. */
export interface RefusedRow {
  readonly importId: string;
  readonly table: string;
  readonly source: string;
  readonly file: string;
  /** Line of the file; of a tracked call a number that is its own. */
  readonly line: string;
  readonly field: string;
  readonly reason: string;
  readonly message: string;
  readonly raw: string;
  readonly receivedAt: string;
}

/** Which refused rows to list. */
export interface QuarantineQuery {
  readonly table?: string | undefined;
  readonly source?: string | undefined;
  readonly reason?: string | undefined;
  readonly after: readonly [string, string, string, string] | null;
  readonly limit: number;
}

/** Rows that were refused and not put right, by table, file, line and field, after one of them. */
export async function listQuarantine({ warehouse }: Source, query: QuarantineQuery): Promise<readonly RefusedRow[]> {
  const [table, file, line, field] = query.after ?? ['', '', '0', ''];
  const parameters = {
    ...{ table, file, line, field, limit: query.limit, isFirst: query.after === null ? 1 : 0 },
    ...{ wantTable: query.table ?? '', wantSource: query.source ?? '', wantReason: query.reason ?? '' },
  };
  const rows = await warehouse.rows(
    `SELECT any(import_id) AS import_id, toString(table_name) AS table_name, any(source) AS source, toString(file) AS file, toString(line) AS line,
      toString(field) AS field, any(reason) AS reason, any(message) AS message, any(raw) AS raw, max(q.received_at) AS received
    FROM ${warehouse.database}.quarantine AS q
    WHERE ({isFirst:UInt8} OR (q.table_name, q.file, q.line, q.field) > ({table:String}, {file:String}, {line:UInt64}, {field:String}))
      AND ({wantTable:String} = '' OR q.table_name = {wantTable:String}) AND ({wantSource:String} = '' OR q.source = {wantSource:String})
      AND ({wantReason:String} = '' OR q.reason = {wantReason:String})
      AND (q.table_name, q.file, q.line) NOT IN (${putRightSql(warehouse.database)})
    GROUP BY q.table_name, q.file, q.line, q.field ORDER BY q.table_name, q.file, q.line, q.field LIMIT {limit:UInt32}`,
    refusedSchema,
    { parameters, settings: { prefer_column_name_to_alias: 1 } },
  );
  return rows.map((row) => ({
    importId: row.import_id,
    table: row.table_name,
    source: row.source,
    file: row.file,
    line: row.line,
    field: row.field,
    reason: row.reason,
    message: row.message,
    raw: row.raw,
    receivedAt: row.received.toISOString(),
  }));
}
