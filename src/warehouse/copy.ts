import type { Readable } from 'node:stream';
import { z } from 'zod';
import { storedTable } from './cluster.ts';
import { whole } from './values.ts';
import type { Warehouse } from './warehouse.ts';

/** Tables that are a function of the others, and need not be kept. */
export const DERIVED_TABLES: readonly string[] = ['answers', 'rankings', 'book', 'live_marks'];

/** Tables that say what the schema is, not what is in it. */
const OF_THE_SCHEMA = ['ddl_steps'];

/**
 * Every table that must be kept, by name: all of the database but derived and scratch ones, so that none can be forgotten.
 *
 * Batches of arrivals that are settled stand first, then arrivals, then facts: what is settled between two of them is in
 * the later one too, and what is there twice counts once.
 */
export async function keptTables(warehouse: Warehouse): Promise<readonly string[]> {
  const rows = await warehouse.rows(
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND NOT is_temporary AND engine NOT IN ('Memory', 'MaterializedView', 'Null', 'View')
     AND NOT startsWith(name, 'scratch_') AND NOT startsWith(name, 'staged_') AND NOT endsWith(name, '_local') ORDER BY name`,
    z.object({ name: z.string() }),
  );
  const first = ['settled_batches', 'arrivals'];
  const names = rows
    .map(({ name }) => name)
    .filter((name) => !DERIVED_TABLES.includes(name) && !OF_THE_SCHEMA.includes(name));
  return [...first.filter((name) => names.includes(name)), ...names.filter((name) => !first.includes(name))];
}

/** A row that a later one replaces goes whenever the engine merges: it counts as gone, or counts would differ by chance. */
const STANDING = { settings: { final: 1 } };

/** Rows of a table that stand. */
export async function countRows(warehouse: Warehouse, table: string): Promise<number> {
  const [row] = await warehouse.rows(`SELECT count() AS n FROM ${table}`, z.object({ n: whole }), STANDING);
  return row?.n ?? 0;
}

/** A table as it stands at this moment, in the engine's own format. */
export function copyOut(warehouse: Warehouse, table: string): Promise<Readable> {
  return warehouse.download(`SELECT * FROM ${table}`, STANDING);
}

/** Takes what `copyOut` gave; columns that are new since then get their defaults, and those that are gone are left out. */
export async function copyIn(warehouse: Warehouse, table: string, body: Readable): Promise<void> {
  await warehouse.insertFile(`INSERT INTO ${table} FORMAT Native`, body, {
    settings: { input_format_skip_unknown_fields: 1, input_format_null_as_default: 1 },
  });
}

/**
 * Rows in what `copyOut` gave, as the engine reads them; nothing is kept of them. Refuses with the failure of the warehouse
 * where they break off.
 */
export async function countCopied(warehouse: Warehouse, table: string, body: Readable): Promise<number> {
  const door = 'scratch_backup_door';
  const count = 'scratch_backup_count';
  const drop = async (): Promise<void> => {
    await warehouse.command(`DROP TABLE IF EXISTS ${door}_view SYNC`);
    for (const name of [door, count]) await warehouse.command(`DROP TABLE IF EXISTS ${name} SYNC`);
  };
  await drop();
  try {
    await warehouse.command(`CREATE TABLE ${door} AS ${storedTable(warehouse, table)} ENGINE = Null`);
    await warehouse.command(`CREATE TABLE ${count} (n UInt64) ENGINE = Memory`);
    await warehouse.command(`CREATE MATERIALIZED VIEW ${door}_view TO ${count} AS SELECT count() AS n FROM ${door}`);
    await copyIn(warehouse, door, body);
    const [row] = await warehouse.rows(`SELECT sum(n) AS n FROM ${count}`, z.object({ n: whole }));
    return row?.n ?? 0;
  } finally {
    await drop();
  }
}
