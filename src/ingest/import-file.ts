import { z } from 'zod';
import type { Source } from '../definition/model.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { Failure } from '../model/failure.ts';
import { factTable } from '../model/tables.ts';
import { whole } from '../warehouse/values.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { acceptTraits, applyChanges, type ChangeCounts, mayChange } from './changes.ts';
import { openCsv } from './csv-file.ts';
import type { FactFile } from './fact-file.ts';
import type { Ground } from './ground.ts';
import { openJsonl } from './jsonl-file.ts';
import { openParquet } from './parquet-file.ts';
import { conflictOf, type QuarantineInput, readDayOrders, summariseRefusals, writeQuarantine } from './quarantine.ts';
import type { DayOrder } from './readings.ts';
import type { ConflictReport, FileReport, ImportProgress, RefusalReport } from './report.ts';
import { planRows, type RowPlan } from './row-plan.ts';
import { acceptNew, findRest } from './settle.ts';
import type { SourceFile } from './source-files.ts';
import { countOf, type Loaded, loadFile, openStaging, type Staging } from './staging.ts';
import type { SuppressionList } from './suppression.ts';

/** What one file needs to be imported. */
export interface FileImport {
  readonly warehouse: Warehouse;
  readonly ground: Ground;
  readonly source: Source;
  readonly file: SourceFile;
  readonly importId: string;
  readonly now: Date;
  readonly isDryRun: boolean;
  readonly suppressed: SuppressionList;
  readonly onProgress: (progress: ImportProgress) => void;
}

/** What became of one file; `report` is null where it could not be read at all. */
export interface FileOutcome {
  readonly report: FileReport | null;
  readonly refusals: readonly RefusalReport[];
  readonly conflicts: readonly ConflictReport[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Imports one file: read, mapped and checked on its way into staged tables, compared with what is known, then taken.
 *
 * Nothing is a fact before the last step, and a fact taken twice is known the second time: a crash anywhere is healed by
 * importing again.
 */
export async function importFile(input: FileImport): Promise<FileOutcome> {
  const opened = await openFactFile(input);
  if ('code' in opened) return { report: null, refusals: [], conflicts: [], diagnostics: [opened] };
  const staged = await stage(input, opened).catch((error: unknown) => unreadableWhileRead(input, error));
  if ('code' in staged) return { report: null, refusals: [], conflicts: [], diagnostics: [staged] };
  if (staged.plan === null) return { report: null, refusals: [], conflicts: [], diagnostics: staged.diagnostics };
  const { staging, plan, loaded, diagnostics } = staged;
  const now = `toDateTime64('${warehouseTime(input.now)}', 3, 'UTC')`;
  await findRest(input.warehouse, staging, input.ground.known(staging.table.name), warehouseTime(input.now));
  await refuseUnchangeable(input.warehouse, staging);
  const change = { warehouse: input.warehouse, staging, ground: input.ground, plan, now };
  const changes = await applyChanges(change);
  const report = await countRows(input, staging, loaded, changes);
  const quarantine: QuarantineInput = {
    warehouse: input.warehouse,
    staging,
    importId: input.importId,
    source: input.source.name,
    file: input.file.displayName,
    now,
    suppressed: input.suppressed,
  };
  const refusals = report.refused === 0 ? [] : await summariseRefusals(quarantine);
  if (!input.isDryRun && report.refused > 0) await writeQuarantine(quarantine);
  if (staging.table.name === 'traits') await acceptTraits(change);
  else await acceptNew(input.warehouse, staging, input.ground.into(staging.table.name));
  return { report, refusals, conflicts: conflictOf(refusals, staging), diagnostics };
}

/** An instant as the warehouse writes it. */
function warehouseTime(at: Date): string {
  return at.toISOString().slice(0, -1).replace('T', ' ');
}

async function openFactFile(input: FileImport): Promise<FactFile | Diagnostic> {
  const { file, source } = input;
  try {
    if (file.format === 'parquet') return await openParquet(file.path, source.timezone);
    if (file.format === 'jsonl') return await openJsonl(file.path);
    const csv = await openCsv(file.path, source.delimiter);
    return csv ?? unreadable(input, `${file.displayName} is empty: it has not even a header`);
  } catch (error) {
    if (error instanceof Failure && error.code === 'unreadable-file') return unreadable(input, error.message);
    throw error;
  }
}

/** A file that breaks off, or a Parquet file whose pages the engine refuses, is a fault of the file: nothing is taken. */
function unreadableWhileRead(input: FileImport, error: unknown): Diagnostic {
  if (error instanceof Failure) {
    const isParquet = input.file.format === 'parquet' && error.code === 'warehouse-query';
    if (error.code === 'unreadable-file' || isParquet) return unreadable(input, error.message);
  }
  throw error;
}

function unreadable(input: FileImport, message: string): Diagnostic {
  return { code: 'unreadable-file', severity: 'error', message, place: { file: input.file.displayName } };
}

interface Staged {
  readonly staging: Staging;
  readonly plan: RowPlan | null;
  readonly loaded: Loaded;
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads the file; a second time where the first showed how its days and months are written. */
async function stage(input: FileImport, file: FactFile): Promise<Staged> {
  let orders: ReadonlyMap<string, DayOrder> = new Map();
  for (;;) {
    const planned = planRows({
      source: input.source,
      table: factTable(input.source.table),
      file,
      displayName: input.file.displayName,
      receivedAt: input.now,
      orders,
      suppressed: input.suppressed,
    });
    const staging = await openStaging(input.warehouse, factTable(input.source.table));
    const nothing = { rows: 0, diverted: 0 };
    if (planned.plan === null) return { staging, plan: null, loaded: nothing, diagnostics: planned.diagnostics };
    const loaded = await loadFile(input.warehouse, staging, file, planned.plan, (readBytes, rows) =>
      input.onProgress({
        file: input.file.displayName,
        source: input.source.name,
        readBytes,
        totalBytes: input.file.bytes,
        rows,
      }),
    );
    const evidence = await readDayOrders(input.warehouse, staging);
    const decided = evidence.flatMap(({ field, order }) => (order === null ? [] : [[field, order] as const]));
    if (decided.length === 0 || orders.size > 0) {
      const asked = evidence.map((found) => askTimeFormat(input, found.field, found.rows, found.example));
      return { staging, plan: planned.plan, loaded, diagnostics: [...planned.diagnostics, ...asked] };
    }
    orders = new Map(decided);
  }
}

function askTimeFormat(input: FileImport, field: string, rows: number, example: string): Diagnostic {
  return {
    code: 'ambiguous-time',
    severity: 'error',
    message: `${rows} values of ${field} in ${input.file.displayName} could be day or month first (${example}); they were refused, not guessed`,
    place: { ...input.source.place, field: 'time_format' },
    suggestion: `set \`time_format: DD/MM/YYYY\` or \`time_format: MM/DD/YYYY\` on source ${input.source.name}`,
  };
}

/** Most tables do not move on: there, other content under a known key is a conflict whenever it comes. */
async function refuseUnchangeable(warehouse: Warehouse, staging: Staging): Promise<void> {
  const condition = mayChange(staging.table.name);
  const changed = `SELECT line FROM ${staging.rest} WHERE verdict = 'changed'`;
  const sql = `SELECT count() AS n FROM ${staging.facts} WHERE line IN (${changed}) AND NOT (${condition})`;
  if ((await countOf(warehouse, sql)) === 0) return;
  await warehouse.command(
    `ALTER TABLE ${staging.rest} UPDATE verdict = 'conflict' WHERE verdict = 'changed'
     AND line IN (SELECT line FROM ${staging.facts} WHERE NOT (${condition})) SETTINGS mutations_sync = 1`,
  );
}

async function countRows(
  input: FileImport,
  staging: Staging,
  loaded: Loaded,
  changes: ChangeCounts,
): Promise<FileReport> {
  const [counts] = await input.warehouse.rows(
    `SELECT (SELECT count() FROM ${staging.facts}) AS facts,
       (SELECT count() FROM ${staging.refused} WHERE verdict = 1) AS refused,
       (SELECT count() FROM ${staging.refused} WHERE verdict = 2) AS skipped,
       (SELECT count() FROM ${staging.refused} WHERE verdict = 3) AS suppressed,
       (SELECT count() FROM ${staging.rest} WHERE verdict = 'duplicate') AS duplicates,
       (SELECT count() FROM ${staging.rest} WHERE verdict = 'conflict') AS conflicts,
       (SELECT count() FROM ${staging.rest}) AS rest`,
    z.object({
      ...{ facts: whole, refused: whole, skipped: whole, suppressed: whole },
      ...{ duplicates: whole, conflicts: whole, rest: whole },
    }),
  );
  if (counts === undefined) throw new Error('a query without rows answered none');
  const accepted = counts.facts - counts.rest + changes.accepted;
  const refused = counts.refused + counts.conflicts + changes.conflicts;
  const duplicates = counts.duplicates + changes.duplicates;
  const read = loaded.rows + loaded.diverted - counts.skipped - counts.suppressed;
  if (accepted + refused + duplicates !== read) {
    throw new Failure(
      'import-mismatch',
      `${input.file.displayName} does not add up: ${read} rows read, ${accepted} accepted, ${refused} refused and ${duplicates} duplicates. Nothing of it was taken. Please report this file.`,
    );
  }
  return {
    file: input.file.displayName,
    table: staging.table.name,
    source: input.source.name,
    read,
    accepted,
    refused,
    duplicates,
    skipped: counts.skipped,
    ...(counts.suppressed === 0 ? {} : { suppressed: counts.suppressed }),
  };
}
