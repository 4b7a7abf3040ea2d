import { Readable } from 'node:stream';
import { z } from 'zod';
import type { FactTable } from '../model/table.ts';
import { warehouseColumn } from '../model/tables.ts';
import { createBeside } from '../warehouse/cluster.ts';
import { whole } from '../warehouse/values.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { type Batch, type FactFile, quoteName } from './fact-file.ts';
import { carriedColumns, loadStatement, type RowPlan } from './row-plan.ts';

const PREFIX = 'staged_';
/** Pieces of a file that are under way at once: one for each core of a small machine. */
const CONCURRENT_BATCHES = 2;
/** Room for the statement of a file with hundreds of columns. */
const MAX_QUERY_BYTES = 16_000_000;

/**
 * The tables that one file passes on its way: every row enters the `door`, which keeps nothing; rows that are fine fall
 * into `facts`, which is made like the fact table, all others into `refused`. `rest` names the rows of `facts` that are
 * not taken.
 */
export interface Staging {
  readonly table: FactTable;
  readonly door: string;
  readonly facts: string;
  readonly refused: string;
  readonly rest: string;
  readonly keys: string;
}

/** What was sent, counted before the engine saw it. */
export interface Loaded {
  /** Rows sent and rows taken out before. */
  readonly rows: number;
  readonly diverted: number;
}

const PROBLEMS = 'Array(Tuple(field String, reason String, value String))';
const VIEWS = ['door_facts', 'door_refused'];
const TABLES = ['door', 'facts', 'refused', 'rest', 'keys'];

/** Makes the tables for one file, empty. */
export async function openStaging(warehouse: Warehouse, table: FactTable): Promise<Staging> {
  const name = (part: string): string => `${PREFIX}${part}`;
  await dropStaging(warehouse);
  const columns = [...table.columns.map(warehouseColumn), ...carriedColumns(table)].map(quoteName).join(', ');
  const structure = await factStructure(warehouse, table);
  const create = (sql: string): Promise<void> => warehouse.command(sql);
  await Promise.all([
    create(
      `CREATE TABLE ${name('door')} (${structure}, problems ${PROBLEMS}, raw String, verdict UInt8) ENGINE = Null`,
    ),
    createBeside(warehouse, name('facts'), table.name),
    create(
      `CREATE TABLE ${name('refused')} (line UInt64, problems ${PROBLEMS}, raw String, verdict UInt8) ENGINE = MergeTree ORDER BY line`,
    ),
    create(
      `CREATE TABLE ${name('rest')} (line UInt64, fact_key UInt128, verdict LowCardinality(String)) ENGINE = MergeTree ORDER BY line`,
    ),
    create(
      `CREATE TABLE ${name('keys')} (fact_key UInt128, first_line UInt64, content UInt64, is_known UInt8, is_earlier UInt8) ENGINE = MergeTree ORDER BY fact_key`,
    ),
  ]);
  await Promise.all([
    create(
      `CREATE MATERIALIZED VIEW ${name('door_facts')} TO ${name('facts')} AS SELECT ${columns} FROM ${name('door')} WHERE verdict = 0`,
    ),
    create(
      `CREATE MATERIALIZED VIEW ${name('door_refused')} TO ${name('refused')} AS SELECT line, problems, raw, verdict FROM ${name('door')} WHERE verdict != 0`,
    ),
  ]);
  return {
    table,
    door: name('door'),
    facts: name('facts'),
    refused: name('refused'),
    rest: name('rest'),
    keys: name('keys'),
  };
}

/** Drops what this import, or one that did not end, has left; from the disk too, since it may be of somebody who is erased next. */
export async function dropStaging(warehouse: Warehouse): Promise<void> {
  const drop = (part: string): Promise<void> => warehouse.command(`DROP TABLE IF EXISTS ${PREFIX}${part} SYNC`);
  await Promise.all(VIEWS.map(drop));
  await Promise.all(TABLES.map(drop));
}

/** Sends a whole file through the door, a few pieces at a time. */
export async function loadFile(
  warehouse: Warehouse,
  staging: Staging,
  file: FactFile,
  plan: RowPlan,
  onProgress: (readBytes: number, rows: number) => void,
): Promise<Loaded> {
  let readBytes = 0;
  let rows = 0;
  let diverted = 0;
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const send = (batch: Batch): void => {
    const body = Readable.from(batch.body);
    const settings = { ...file.settings, parallelize_output_from_storages: 0, max_query_size: MAX_QUERY_BYTES };
    const statement = loadStatement(staging.door, staging.table, file, plan, batch.firstLine);
    const sent: Promise<void> = warehouse
      .insertFile(statement, body, { settings })
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(sent));
    underWay.add(sent);
  };
  const count = (bytes: number): void => {
    readBytes += bytes;
  };
  try {
    for await (const batch of file.batches(count)) {
      rows += batch.rows;
      diverted += batch.diverted.length;
      await insertDiverted(warehouse, staging, batch);
      onProgress(readBytes, rows + diverted);
      if (batch.rows > 0) send(batch);
      if (underWay.size >= CONCURRENT_BATCHES) await Promise.race(underWay);
      if (failures.length > 0) break;
    }
  } finally {
    await Promise.all(underWay);
  }
  if (failures.length > 0) throw failures[0];
  return { rows, diverted };
}

async function insertDiverted(warehouse: Warehouse, staging: Staging, batch: Batch): Promise<void> {
  const rows = batch.diverted.map(({ line, field, reason, raw }) => {
    return { line, problems: [{ field, reason, value: '' }], raw, verdict: 1 };
  });
  await warehouse.insertRows(staging.refused, rows);
}

async function factStructure(warehouse: Warehouse, table: FactTable): Promise<string> {
  const columns = await warehouse.rows(
    'SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String} ORDER BY position',
    z.object({ name: z.string(), type: z.string() }),
    { parameters: { table: table.name } },
  );
  return columns.map((column) => `${quoteName(column.name)} ${column.type}`).join(', ');
}

/** The number that a `count() AS n` answers. */
export async function countOf(warehouse: Warehouse, sql: string): Promise<number> {
  const [row] = await warehouse.rows(sql, z.object({ n: whole }));
  return row?.n ?? 0;
}
