import { createHash } from 'node:crypto';
import type { Model } from '../../src/definition/model.ts';
import { parseModel } from '../../src/definition/parse.ts';
import type { FactTable } from '../../src/model/table.ts';
import { FACT_TABLES, warehouseColumn } from '../../src/model/tables.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { acceptedFacts } from '../oracle/acceptance.ts';
import type { Facts } from '../oracle/rows.ts';
import type { World } from '../oracle/world.ts';
import { worldModelYaml } from '../oracle/world-files.ts';

type Row = Readonly<Record<string, unknown>>;

/** The model of a world as the parser reads it; throws with the diagnostics where it is refused. */
export function modelOf(world: World): Model {
  const parsed = parseModel(worldModelYaml(world), { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (parsed.model === null) throw new Error(JSON.stringify(parsed.diagnostics, null, 1));
  return parsed.model;
}

/** Puts rows of facts straight into the warehouse, in place of all that it held. */
export async function loadRows(warehouse: Warehouse, tables: ReadonlyMap<string, readonly Row[]>): Promise<void> {
  for (const table of FACT_TABLES) {
    await warehouse.command(`TRUNCATE TABLE ${warehouse.database}.${table.name}`);
    await warehouse.insertRows(
      table.name,
      (tables.get(table.name) ?? []).map((row) => warehouseRow(table, row, table.name)),
    );
  }
}

/** Puts the accepted facts of a world straight into the warehouse, in place of all that it held. */
export async function loadWorld(warehouse: Warehouse, world: World): Promise<void> {
  for (const table of FACT_TABLES) await warehouse.command(`TRUNCATE TABLE ${warehouse.database}.${table.name}`);
  await addFacts(warehouse, world, acceptedFacts(world.facts));
}

/** Adds accepted facts of a world to what the warehouse holds. */
export async function addFacts(warehouse: Warehouse, world: World, facts: Facts): Promise<void> {
  for (const table of FACT_TABLES) {
    const first = world.model.sources.find((source) => source.table === table.name)?.name ?? table.name;
    const rows = (facts[table.name] as unknown as readonly Row[]).map((row) => warehouseRow(table, row, first));
    await warehouse.insertRows(table.name, rows);
  }
}

function warehouseRow(table: FactTable, row: Row, source: string): Row {
  const provenance = table.columns.some((column) => column.name === 'source') ? 'origin' : 'source';
  const key = BigInt(`0x${createHash('sha256').update(JSON.stringify(row)).digest('hex').slice(0, 30)}`).toString();
  const entries = table.columns.map((column): [string, unknown] => [
    warehouseColumn(column),
    cellOf(column.type, row[column.name]),
  ]);
  const cells: Record<string, unknown> = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  if (table.name === 'contracts') {
    cells['known'] ??= (row['starts'] as Date).toISOString();
    if (cells['contract_id'] === undefined || cells['contract_id'] === '') cells['contract_id'] = key;
  }
  const origin = table.name === 'events' ? ((row['source'] as string | undefined) ?? source) : source;
  return { ...cells, fact_key: key, [provenance]: origin, received_at: '2020-01-01T00:00:00.000Z' };
}

function cellOf(type: string, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) return type === 'day' ? value.toISOString().slice(0, 10) : value.toISOString();
  if (type === 'money') return Math.round((value as number) * 100);
  if (type === 'flag') return value ? 1 : 0;
  return value;
}
