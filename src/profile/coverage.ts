import { z } from 'zod';
import type { Model } from '../definition/model.ts';
import type { FactTable, FactTableName } from '../model/table.ts';
import { FACT_TABLES, TRACKING_SOURCE } from '../model/tables.ts';
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
  has_user: z.coerce.number(),
  rows: z.coerce.number(),
  first: z.coerce.number().nullable(),
  last: z.coerce.number().nullable(),
});

/** What one source says of a table, of rows with a user or of rows without one. */
type SourceRow = z.infer<typeof rowSchema>;

/** Reads what every fact table covers: from the facts themselves, and from the model where it says otherwise. */
export async function readCoverage(warehouse: Warehouse, model: Model): Promise<Coverage> {
  const parts = FACT_TABLES.map((table) => sourceSql(warehouse.database, table)).join(' UNION ALL ');
  const ms = (column: string) => `toUnixTimestamp64Milli(${column})`;
  const sql = `SELECT fact_table, named AS source, has_user, rows, ${ms('first_at')} AS first, ${ms('last_at')} AS last FROM (${parts})`;
  const [rows, { listenedThrough, keptFrom }] = await Promise.all([
    warehouse.rows(sql, rowSchema),
    readListening(warehouse),
  ]);
  const entries = FACT_TABLES.map((table): [FactTableName, TableCoverage] => [
    table.name,
    tableCoverage(
      table,
      rows.filter((row) => row.fact_table === table.name),
      model,
      table.name === 'events' ? listenedThrough : null,
      table.name === 'events' ? keptFrom : null,
    ),
  ]);
  return new Map(entries);
}

/**
 * The last instant at which the tracking API listened, and the first whose events were not removed for their age;
 * milliseconds, null: there is none. An outage before the last is not seen.
 */
async function readListening(
  warehouse: Warehouse,
): Promise<{ readonly listenedThrough: number | null; readonly keptFrom: number | null }> {
  const latest = (column: string, source: string): string =>
    `maxOrNullIf(toUnixTimestamp64Milli(assumeNotNull(${column})), source = '${source}' AND isNotNull(${column}))`;
  const [row] = await warehouse.rows(
    `SELECT ${latest('complete_through', TRACKING_SOURCE)} AS listened, ${latest('covers_from', '')} AS kept
    FROM ${warehouse.database}.coverage WHERE source IN ('${TRACKING_SOURCE}', '') AND table_name = 'events'`,
    z.object({ listened: z.coerce.number().nullable(), kept: z.coerce.number().nullable() }),
  );
  return { listenedThrough: row?.listened ?? null, keptFrom: row?.kept ?? null };
}

/** SQL: what each source of a table reaches. Of events it is what their projection `reach` keeps, word for word. */
function sourceSql(database: string, table: FactTable): string {
  const origin = table.columns.some((column) => column.name === 'source') ? 'origin' : 'source';
  const user = table.columns.some((column) => column.name === 'user_id') ? 'notEmpty(user_id)' : null;
  const instant = table.instant === null ? `CAST(NULL AS Nullable(DateTime64(3, 'UTC')))` : `\`${table.instant}\``;
  return `SELECT '${table.name}' AS fact_table, toString(${origin}) AS named, ${user ?? 'toUInt8(0)'} AS has_user, count() AS rows,
    toNullable(min(${instant})) AS first_at, toNullable(max(${instant})) AS last_at
    FROM ${database}.${table.name} GROUP BY ${[origin, ...(user === null ? [] : [user])].join(', ')}`;
}

/** The coverage of one table from its sources' extents. Pure. */
function tableCoverage(
  table: FactTable,
  rows: readonly SourceRow[],
  model: Model,
  listenedThrough: number | null,
  keptFrom: number | null,
): TableCoverage {
  // What was removed for its age is not covered, whatever the model says of its source.
  const since = (at: number | null): number | null =>
    at === null || keptFrom === null ? (keptFrom ?? at) : Math.max(at, keptFrom);
  const declared = model.sources.filter((source) => source.table === table.name);
  const names = [...new Set(rows.map((row) => row.source))];
  const extents = names.map((name) => {
    const own = rows.filter((row) => row.source === name);
    const source = declared.find((candidate) => candidate.name === name);
    const first = least(own.map((row) => row.first)) ?? 0;
    const last = Math.max(0, ...own.map((row) => row.last ?? 0));
    const ownEnd = table.isStream ? (Math.floor(last / DAY) + 1) * DAY : null;
    const isListened = name === TRACKING_SOURCE || source?.isContinued === true;
    const end = isListened && ownEnd !== null ? heardThrough(name, ownEnd, listenedThrough) : ownEnd;
    return {
      first,
      carriesUsers: own.some((row) => row.has_user > 0),
      from: since(source?.coversFrom?.getTime() ?? (table.isStream ? Math.ceil(first / DAY) * DAY : null)),
      through: source?.completeThrough?.getTime() ?? end,
    };
  });
  const silent = declared.filter((source) => !rows.some((row) => row.source === source.name));
  const withUsers = extents.filter((extent) => extent.carriesUsers);
  return {
    isNamed: declared.length > 0,
    firstFact: least(extents.map((extent) => extent.first)),
    firstUserFact: least(rows.filter((row) => row.has_user > 0).map((row) => row.first ?? 0)),
    coversFrom: least([
      ...extents.map((extent) => extent.from),
      ...silent.map((s) => since(s.coversFrom?.getTime() ?? null)),
    ]),
    userCoversFrom: least(withUsers.map((extent) => extent.from)),
    completeThrough: least([
      ...extents.map((extent) => extent.through),
      ...silent.map((source) => source.completeThrough?.getTime() ?? null),
    ]),
  };
}

/** Silence is heard as far as the tracking API has listened; a file that it continues ends no earlier than by itself. */
function heardThrough(source: string, ownEnd: number, listenedThrough: number | null): number {
  if (listenedThrough === null) return ownEnd;
  return source === TRACKING_SOURCE ? listenedThrough : Math.max(ownEnd, listenedThrough);
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
