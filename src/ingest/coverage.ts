import { z } from 'zod';
import type { Source } from '../definition/model.ts';
import type { FactTableName } from '../model/table.ts';
import { factTable } from '../model/tables.ts';
import { flag, instant, whole } from '../warehouse/values.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Ground } from './ground.ts';
import type { CoverageReport } from './report.ts';
import { originColumn } from './row-plan.ts';

const heldSchema = z.object({
  source: z.string(),
  rows: whole,
  carries_users: flag,
  covers_from: instant.nullable(),
  complete_through: instant.nullable(),
});

/**
 * What every source covers of its table, by what it holds now: a stream from the first midnight at or after its earliest
 * fact to the midnight after its last, unless the model says; a register only what the model says.
 */
export async function readCoverage(
  warehouse: Warehouse,
  ground: Ground,
  sources: readonly Source[],
): Promise<CoverageReport[]> {
  const reports: CoverageReport[] = [];
  for (const name of new Set(sources.map((source) => source.table))) {
    const held = await readHeld(warehouse, ground, name);
    for (const source of sources.filter((candidate) => candidate.table === name)) {
      const found = held.get(source.name);
      reports.push({
        source: source.name,
        table: name,
        coversFrom: (source.coversFrom ?? found?.covers_from ?? null)?.toISOString() ?? null,
        completeThrough: (source.completeThrough ?? found?.complete_through ?? null)?.toISOString() ?? null,
        carriesUsers: found?.carries_users ?? false,
        rows: found?.rows ?? 0,
      });
    }
  }
  return reports;
}

/** Keeps coverage for those who read facts: table `coverage`, the latest row of a source and table counts. */
export async function writeCoverage(
  warehouse: Warehouse,
  coverage: readonly CoverageReport[],
  now: Date,
): Promise<void> {
  await warehouse.insertRows(
    'coverage',
    coverage.map((row) => ({
      source: row.source,
      table_name: row.table,
      covers_from: row.coversFrom,
      complete_through: row.completeThrough,
      carries_users: row.carriesUsers ? 1 : 0,
      rows: row.rows,
      received_at: now.toISOString(),
    })),
  );
}

async function readHeld(
  warehouse: Warehouse,
  ground: Ground,
  name: FactTableName,
): Promise<Map<string, z.infer<typeof heldSchema>>> {
  const table = factTable(name);
  const time = table.isStream && table.instant !== null ? `\`${table.instant}\`` : null;
  const hasUsers = table.columns.some((column) => column.name === 'user_id');
  const first = `toStartOfDay(min(${time})) + if(min(${time}) > toStartOfDay(min(${time})), toIntervalDay(1), toIntervalDay(0))`;
  const rows = await warehouse.rows(
    `SELECT ${originColumn(table)} AS source, count() AS rows, toUInt8(${hasUsers ? `countIf(user_id != '') > 0` : '0'}) AS carries_users,
       ${time === null ? 'NULL' : `toDateTime64(${first}, 3, 'UTC')`} AS covers_from,
       ${time === null ? 'NULL' : `toDateTime64(toStartOfDay(max(${time})) + toIntervalDay(1), 3, 'UTC')`} AS complete_through
     FROM ${ground.known(name)} GROUP BY source`,
    heldSchema,
  );
  return new Map(rows.map((row) => [row.source, row]));
}
