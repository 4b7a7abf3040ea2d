import { z } from 'zod';
import type { Model } from '../definition/model.ts';
import type { FactTable, FactTableName } from '../model/table.ts';
import { FACT_TABLES } from '../model/tables.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

const DAY = 86_400_000;

/**
 * What a fact table covers, over all its sources. Instants in milliseconds.
 *
 * `firstFact` null: no row. `completeThrough` null: complete through any T (registers; docs/decisions/0001).
 * `userCoversFrom` and `firstUserFact` look only at sources whose rows carry users.
 */
interface TableCoverage {
  readonly isNamed: boolean;
  readonly firstFact: number | null;
  readonly firstUserFact: number | null;
  readonly coversFrom: number | null;
  readonly userCoversFrom: number | null;
  readonly completeThrough: number | null;
}

/** What every fact table covers. */
export type Coverage = ReadonlyMap<FactTableName, TableCoverage>;

const rowSchema = z.object({
  fact_table: z.string(),
  source: z.string(),
  rows: z.coerce.number(),
  first: z.coerce.number(),
  last: z.coerce.number(),
  users: z.coerce.number(),
  firstUser: z.coerce.number(),
});

type SourceRow = z.infer<typeof rowSchema>;

/** Reads what every fact table covers: from the facts themselves, and from the model where it says otherwise. */
export async function readCoverage(warehouse: Warehouse, model: Model): Promise<Coverage> {
  const sql = FACT_TABLES.map((table) => sourceSql(warehouse.database, table)).join(' UNION ALL ');
  const rows = await warehouse.rows(sql, rowSchema);
  const entries = FACT_TABLES.map((table): [FactTableName, TableCoverage] => [
    table.name,
    tableCoverage(
      table,
      rows.filter((row) => row.fact_table === table.name),
      model,
    ),
  ]);
  return new Map(entries);
}

function sourceSql(database: string, table: FactTable): string {
  const instant = table.instant === null ? 'toInt64(0)' : `assumeNotNull(toUnixTimestamp64Milli(${table.instant}))`;
  const known = table.instant === null ? '1' : `isNotNull(${table.instant})`;
  const hasUser = table.columns.some((column) => column.name === 'user_id') ? `user_id != ''` : '0';
  const origin = table.columns.some((column) => column.name === 'source') ? 'origin' : 'source';
  return `SELECT '${table.name}' AS fact_table, toString(${origin}) AS source, count() AS rows,
    minIf(${instant}, ${known}) AS first, maxIf(${instant}, ${known}) AS last,
    countIf(${hasUser}) AS users, minIf(${instant}, ${known} AND ${hasUser}) AS firstUser
    FROM ${database}.${table.name} GROUP BY ${origin}`;
}

/** The coverage of one table from its sources' extents. Pure. */
function tableCoverage(table: FactTable, rows: readonly SourceRow[], model: Model): TableCoverage {
  const declared = model.sources.filter((source) => source.table === table.name);
  const extents = rows.map((row) => {
    const source = declared.find((candidate) => candidate.name === row.source);
    return {
      carriesUsers: row.users > 0,
      from: source?.coversFrom?.getTime() ?? (table.isStream ? Math.ceil(row.first / DAY) * DAY : null),
      through: source?.completeThrough?.getTime() ?? (table.isStream ? (Math.floor(row.last / DAY) + 1) * DAY : null),
    };
  });
  const silent = declared.filter((source) => !rows.some((row) => row.source === source.name));
  const withUsers = extents.filter((extent) => extent.carriesUsers);
  return {
    isNamed: declared.length > 0,
    firstFact: least(rows.map((row) => row.first)),
    firstUserFact: least(rows.filter((row) => row.users > 0).map((row) => row.firstUser)),
    coversFrom: least([...extents.map((extent) => extent.from), ...silent.map((s) => s.coversFrom?.getTime() ?? null)]),
    userCoversFrom: least(withUsers.map((extent) => extent.from)),
    completeThrough: least([
      ...extents.map((extent) => extent.through),
      ...silent.map((source) => source.completeThrough?.getTime() ?? null),
    ]),
  };
}

function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/**
 * The instant at which something over these tables is measured: the earliest of T and their completeness.
 *
 * A table that is not connected has no say.
 */
export function instantOf(coverage: Coverage, inputs: readonly FactTableName[], at: number): number {
  let instant = at;
  for (const input of inputs) {
    const through = coverage.get(input)?.completeThrough ?? null;
    if (through !== null) instant = Math.min(instant, through);
  }
  return instant;
}

/** The day of a run without `--as-of`: the earliest completeness of the behavioural sources; null without any. */
export function defaultAsOf(coverage: Coverage): number | null {
  const behavioural = ['events', 'tickets', 'nps'] as const;
  const primary = coverage.get('events')?.completeThrough ?? null;
  if (primary !== null) return primary;
  return least(behavioural.map((table) => coverage.get(table)?.completeThrough ?? null));
}
