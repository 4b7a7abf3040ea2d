import type { FactTableName } from '../model/table.ts';
import { FACT_TABLES } from '../model/tables.ts';
import { createBeside } from '../warehouse/cluster.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** Where accepted rows go, and where known ones are looked up: in a dry run beside the facts, else in them. */
export interface Ground {
  readonly into: (table: FactTableName) => string;
  /** SQL for FROM. */
  readonly known: (table: FactTableName) => string;
  readonly close: () => Promise<void>;
}

/** The facts themselves. */
export const FACTS: Ground = { into: (table) => table, known: (table) => table, close: () => Promise.resolve() };

/**
 * Tables beside the facts, made for one dry run: rows land in them, and count as known together with the facts, so that
 * files which repeat each other are told as they would be. `close` drops them.
 */
export async function openDryGround(warehouse: Warehouse): Promise<Ground> {
  const name = (table: FactTableName): string => `staged_dry_${table}`;
  const drop = async (): Promise<void> => {
    await Promise.all(FACT_TABLES.map((table) => warehouse.command(`DROP TABLE IF EXISTS ${name(table.name)} SYNC`)));
  };
  await drop();
  await Promise.all(FACT_TABLES.map((table) => createBeside(warehouse, name(table.name), table.name)));
  return {
    into: name,
    known: (table) => `(SELECT * FROM ${table} UNION ALL SELECT * FROM ${name(table)})`,
    close: drop,
  };
}
