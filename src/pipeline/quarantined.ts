import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import { TRACKING_SOURCE } from '../model/tables.ts';
import { whole } from '../warehouse/values.ts';
import type { Engines } from './engines.ts';
import type { ImportAnswer } from './import.ts';
import type { Patience } from './one-import.ts';
import { importUpload } from './upload.ts';

/** Reason of the row that says that a refused row was put right; it stands beside it, which is never rewritten. */
const PUT_RIGHT = 'put-right';

/** SQL: (table_name, file, line) of what was put right. */
export const putRightSql = (database: string): string =>
  `SELECT table_name, file, line FROM ${database}.quarantine WHERE reason = '${PUT_RIGHT}'`;

/** Refused rows that nobody has put right. */
export async function countRefused({ warehouse }: Pick<Engines, 'warehouse'>): Promise<number> {
  const { database } = warehouse;
  const [row] = await warehouse.rows(
    `SELECT uniqExact(q.table_name, q.file, q.line) AS n FROM ${database}.quarantine AS q WHERE (q.table_name, q.file, q.line) NOT IN (${putRightSql(database)})`,
    z.object({ n: whole }),
  );
  return row?.n ?? 0;
}

/** A refused row, and what it should have said. */
export interface ReplayRequest {
  readonly table: string;
  readonly file: string;
  readonly line: string;
  /** By the names of the columns of the file. */
  readonly row: Readonly<Record<string, string>>;
  /** Name of a source of the model, or a mapping in JSON; null: the source that the row came from. */
  readonly source: string | null;
  /** An empty folder of its own. */
  readonly directory: string;
  readonly by: string;
  readonly now: Date;
  readonly patience: Patience;
}

/** What became of a row that was sent through the door again. */
export interface Replayed {
  /** `known`: the same was accepted before, so that there was nothing to take. */
  readonly outcome: 'accepted' | 'known' | 'refused';
  /** Why it was refused again; nothing was changed then. */
  readonly refusals: readonly { readonly field: string; readonly reason: string; readonly message: string }[];
}

const FILE = 'put-right.jsonl';

/**
 * Sends a corrected row through the door that refused it. Where it is accepted, the refused one counts as put right.
 *
 * Refuses `unknown-row` where none is there, or was put right already, `bad-row` where it cannot be replayed, and `bad-mapping`
 * where the source that is named is none.
 */
export async function replayRow(engines: Engines, request: ReplayRequest): Promise<Replayed> {
  const found = await refusedAt(engines, request);
  const source = request.source ?? (await usualSource(engines, request.table, found));
  await mkdir(request.directory, { recursive: true });
  try {
    await writeFile(join(request.directory, FILE), `${JSON.stringify(request.row)}\n`);
    const { directory, now, patience } = request;
    const send = (isDry: boolean): Promise<ImportAnswer> =>
      importUpload(engines, { directory, file: FILE, source, isDry, now, patience, format: 'jsonl' });
    const told = outcomeOf(await send(true));
    if (told.outcome === 'refused') return told;
    const done = outcomeOf(await send(false));
    if (done.outcome !== 'refused') await notePutRight(engines, request, found);
    return done;
  } finally {
    await rm(request.directory, { recursive: true, force: true });
  }
}

interface Found {
  readonly source: string;
  readonly importId: string;
  readonly rawKey: string;
}

async function refusedAt({ warehouse }: Engines, { table, file, line }: ReplayRequest): Promise<Found> {
  const rows = await warehouse.rows(
    `SELECT toString(any(q.source)) AS source, any(q.import_id) AS import_id, toString(any(q.raw_key)) AS raw_key, countIf(q.reason = '${PUT_RIGHT}') AS done, countIf(q.reason = 'conflict') AS conflicts
    FROM ${warehouse.database}.quarantine AS q WHERE q.table_name = {table:String} AND q.file = {file:String} AND q.line = {line:UInt64} HAVING count() > 0`,
    z.object({ source: z.string(), import_id: z.string(), raw_key: z.string(), done: whole, conflicts: whole }),
    { parameters: { table, file, line } },
  );
  const [row] = rows;
  if (row === undefined) throw new Failure('unknown-row', `No row of ${file} was refused at line ${line}.`);
  if (row.done > 0) throw new Failure('unknown-row', `Line ${line} of ${file} was put right already.`);
  if (row.source === TRACKING_SOURCE) {
    throw new Failure('bad-row', 'A call of the tracking API is sent again by whoever sent it.');
  }
  if (row.conflicts > 0) {
    throw new Failure(
      'bad-row',
      'An earlier row has the same key and other content, and stays. Correct it at its source.',
    );
  }
  return { source: row.source, importId: row.import_id, rawKey: row.raw_key };
}

/** The source of a row: as the model has it, else as its import read it, else by the names of the contract. */
async function usualSource({ model, warehouse }: Engines, table: string, { source, importId }: Found): Promise<string> {
  if (model.sources.some(({ name }) => name === source)) return source;
  const rows = await warehouse.rows(
    `SELECT JSONExtractArrayRaw(argMax(report, received_at), 'readings') AS readings FROM ${warehouse.database}.imports WHERE import_id = {importId:String}`,
    z.object({ readings: z.array(z.string()) }),
    { parameters: { importId } },
  );
  const readings = rows.flatMap((row) => row.readings);
  return (
    readings.find((text) => readingSchema.parse(JSON.parse(text)).name === source) ??
    JSON.stringify({ name: source, table })
  );
}

const readingSchema = z.object({ name: z.string() });

function outcomeOf({ files, refusals, diagnostics }: ImportAnswer): Replayed {
  const faults = diagnostics.filter(({ severity }) => severity === 'error');
  if (faults.length > 0) {
    return { outcome: 'refused', refusals: faults.map(({ code, message }) => ({ field: '', reason: code, message })) };
  }
  const accepted = files.reduce((sum, file) => sum + file.accepted, 0);
  const known = files.reduce((sum, file) => sum + file.duplicates, 0);
  const outcome = accepted > 0 ? 'accepted' : known > 0 ? 'known' : 'refused';
  const why = refusals.map(({ field, reason, message }) => ({ field, reason, message }));
  if (outcome !== 'refused' || why.length > 0) return { outcome, refusals: why };
  const message = 'is left out by the `where` of its source, or tells of somebody who was erased';
  return { outcome, refusals: [{ field: '', reason: 'skipped', message }] };
}

async function notePutRight({ warehouse }: Engines, request: ReplayRequest, found: Found): Promise<void> {
  const { table, file, line, now, by } = request;
  await warehouse.insertRows('quarantine', [
    {
      ...{ import_id: '', table_name: table, source: found.source, file, line, field: '', reason: PUT_RIGHT },
      ...{ message: `put right by ${by}`, raw: '', raw_key: found.rawKey, received_at: now.toISOString() },
    },
  ]);
}
