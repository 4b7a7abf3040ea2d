import { z } from 'zod';
import { whole } from '../warehouse/values.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { CHANGES } from './changes.ts';
import { quote } from './fact-file.ts';
import type { DayOrder } from './readings.ts';
import type { ConflictReport, RefusalReport } from './report.ts';
import { factColumns } from './settle.ts';
import type { Staging } from './staging.ts';
import { type SuppressionList, suppressedFactSql } from './suppression.ts';

/** What each reason means to the person who reads it; `%` is the value. */
const MESSAGES: Readonly<Record<string, string>> = {
  missing: 'is empty and must not be',
  number: '"%" is no number, or could be read as two (1,234)',
  time: '"%" is no time that can be read; set `time_format` on the source if it is written otherwise than ISO',
  'ambiguous-time': '"%" could be day or month first; set `time_format` on the source (DD/MM/YYYY or MM/DD/YYYY)',
  flag: '"%" is neither yes nor no',
  json: 'is no JSON object',
  value: '"%" is outside of what is allowed here',
  conflict: 'has the key of an earlier row and other content; the first stays',
  'broken-quotes': 'a quote does not close, or something follows a closing quote',
  columns: 'has another number of fields than the header',
  'stray-carriage-return': 'has a carriage return inside a field',
  'too-long': 'is longer than a row may be',
};

/** The moment and place of one import, as the quarantine keeps it. */
export interface QuarantineInput {
  readonly warehouse: Warehouse;
  readonly staging: Staging;
  readonly importId: string;
  readonly source: string;
  readonly file: string;
  /** SQL. */
  readonly now: string;
  /** Rows that were taken out of the quarantine since they told of somebody who was erased stay out. */
  readonly suppressed: SuppressionList;
}

/** Rows that are refused, with every reason: SQL for `line, field, reason, message, raw`. */
function refusedSql(input: QuarantineInput): string {
  const { staging } = input;
  const reasons = Object.keys(MESSAGES);
  const message = `replaceOne(transform(problem.2, [${reasons.map(quote).join(', ')}], [${Object.values(MESSAGES).map(quote).join(', ')}], problem.2), '%', substringUTF8(problem.3, 1, 100))`;
  const rows = `SELECT line, problem.1 AS field, problem.2 AS reason, ${message} AS message, raw
      FROM ${staging.refused} ARRAY JOIN problems AS problem WHERE verdict = 1
    UNION ALL
    SELECT line, '' AS field, 'conflict' AS reason, ${quote(MESSAGES['conflict'] ?? '')} AS message,
      formatRowNoNewline('JSONEachRow', ${factColumns(staging.table)}) AS raw
      FROM ${staging.facts} WHERE line IN (${conflictLines(staging)})`;
  const isOut = suppressedFactSql(input.suppressed, 'quarantine', keyOf(input));
  return isOut === null ? rows : `SELECT * FROM (${rows}) WHERE NOT ${isOut}`;
}

/** SQL: by what a refused row is known when it comes again. */
function keyOf({ staging, file }: QuarantineInput): string {
  return `cityHash64(${quote(staging.table.name)}, ${quote(file)}, line, field, reason, raw)`;
}

function conflictLines(staging: Staging): string {
  return `SELECT line FROM ${staging.rest} WHERE verdict = 'conflict' UNION ALL SELECT line FROM ${CHANGES} WHERE verdict = 'conflict'`;
}

/** Puts the refused rows of a file into quarantine; what lies there already is not put there again. */
export async function writeQuarantine(input: QuarantineInput): Promise<void> {
  const table = quote(input.staging.table.name);
  await input.warehouse.command(
    `INSERT INTO quarantine (import_id, table_name, source, file, line, field, reason, message, raw, raw_key, received_at)
     SELECT ${quote(input.importId)}, ${table}, ${quote(input.source)}, ${quote(input.file)}, line, field, reason, message, raw, ${keyOf(input)} AS raw_key, ${input.now}
     FROM (${refusedSql(input)})
     WHERE raw_key NOT IN (SELECT raw_key FROM quarantine WHERE table_name = ${table} AND file = ${quote(input.file)})`,
  );
}

/** Refused rows of a file by field and reason. */
export async function summariseRefusals(input: QuarantineInput): Promise<RefusalReport[]> {
  const rows = await input.warehouse.rows(
    `SELECT field, reason, count() AS rows, min(line) AS first_line, argMin(message, line) AS first_message
     FROM (${refusedSql(input)}) GROUP BY field, reason ORDER BY rows DESC, field, reason`,
    z.object({
      field: z.string(),
      reason: z.string(),
      rows: whole,
      first_line: whole,
      first_message: z.string(),
    }),
  );
  return rows.map(({ first_line, first_message, ...row }) => ({
    file: input.file,
    ...row,
    line: first_line,
    message: first_message,
  }));
}

/** The conflict among the refusals of a file, if there is one. */
export function conflictOf(refusals: readonly RefusalReport[], staging: Staging): ConflictReport[] {
  return refusals
    .filter((refusal) => refusal.reason === 'conflict')
    .map(({ file, rows, line }) => ({ table: staging.table.name, file, rows, line }));
}

/** What the times of a column say about which of day and month comes first. */
export interface OrderEvidence {
  readonly field: string;
  readonly order: DayOrder | null;
  readonly rows: number;
  readonly line: number;
  readonly example: string;
}

/** For every column with times like 1/2/2024: the order that all its values allow, null where both or neither do. */
export async function readDayOrders(warehouse: Warehouse, staging: Staging): Promise<OrderEvidence[]> {
  const rows = await warehouse.rows(
    `SELECT field, count() AS rows, min(line) AS first_line, argMin(value, line) AS example,
       countIf(toUInt8OrZero(extract(value, '^(\\\\d{1,2})')) > 12) AS day_first,
       countIf(toUInt8OrZero(extract(value, '^\\\\d{1,2}[/.-](\\\\d{1,2})')) > 12) AS month_first
     FROM (SELECT line, problem.1 AS field, problem.3 AS value FROM ${staging.refused} ARRAY JOIN problems AS problem
           WHERE verdict = 1 AND problem.2 = 'ambiguous-time')
     GROUP BY field ORDER BY field`,
    z.object({
      field: z.string(),
      rows: whole,
      first_line: whole,
      example: z.string(),
      day_first: whole,
      month_first: whole,
    }),
  );
  return rows.map(({ field, rows: count, first_line, example, day_first, month_first }) => {
    const isDecided = day_first > 0 !== month_first > 0;
    const order = day_first > 0 ? 'day_first' : 'month_first';
    return { field, rows: count, line: first_line, example, order: isDecided ? order : null };
  });
}
