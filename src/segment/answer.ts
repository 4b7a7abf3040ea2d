import { z } from 'zod';
import { homeClasses } from '../definition/home.ts';
import type { Model, Segment } from '../definition/model.ts';
import { scopeOf } from '../definition/scopes.ts';
import type { SignalEntry } from '../model/signal.ts';
import { compileCondition } from '../rule/compile.ts';
import type { Condition } from '../rule/condition.ts';
import { deleteRows } from '../warehouse/cluster.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** The rules' own answer for one account and day. Instants in milliseconds. */
export interface Answer {
  readonly asOf: number;
  readonly accountId: string;
  readonly relationship: string;
  /** Inside the ICP; null unknown. */
  readonly eligible: boolean | null;
  /** Segment without the overlay; null for who is no customer. */
  readonly home: string | null;
  readonly raw: string | null;
  /** For prospects, trials and free accounts: the home segment they would probably have. */
  readonly likely: string | null;
  readonly cohort: string | null;
  readonly valueTier: string | null;
  readonly arr: number | null;
  readonly lastEventDays: number | null;
}

const text = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** SQL of conditions over rows whose columns are the names themselves. */
function compiler(model: Model, catalogue: readonly SignalEntry[]): (condition: Condition) => string {
  const { typeOf } = scopeOf('account', model, catalogue);
  const asOf = `toDate32(fromUnixTimestamp64Milli(as_of, 'UTC'))`;
  return (condition) => `ifNull(${compileCondition(condition, { columnOf: (name) => name, typeOf, asOf })}, 0)`;
}

/** SQL: the first home segment whose rule holds, else the first rung of the fallback. */
function homeSql(model: Model, compile: (condition: Condition) => string): string {
  const arms = homeClasses(model).map(
    ({ name, when }) => `${when === null ? '1' : compile(when)}, toNullable(${text(name)})`,
  );
  return arms.length === 0 ? `CAST(NULL, 'Nullable(String)')` : `multiIf(${arms.join(', ')}, NULL)`;
}

/** SQL: whether the overlay lies over the home segment: its own rule, or an indicator of the home that enters it. */
function overlaySql(segments: readonly Segment[], compile: (condition: Condition) => string): string {
  const overlays = segments.filter((segment) => segment.isOverlay).map((segment) => compile(segment.when));
  const indicators = segments
    .filter((segment) => !segment.isOverlay)
    .flatMap((segment) =>
      segment.motion.churnIndicators
        .filter((indicator) => indicator.entersAtRisk)
        .map((indicator) => `(home_segment = ${text(segment.name)} AND ${compile(indicator.when)})`),
    );
  return overlays.length === 0 ? '0' : `(${[...overlays, ...indicators].join(' OR ')})`;
}

/** Names that the answers of a model read from a profile; some are signals, some classes and attributes. */
export function answerNames(model: Model): readonly string[] {
  const rules = [...homeClasses(model), ...model.segments].flatMap(({ when }) => when ?? []);
  const indicators = model.segments.flatMap(({ motion }) =>
    motion.churnIndicators.flatMap(({ entersAtRisk, when }) => (entersAtRisk ? [when] : [])),
  );
  return ['arr', 'days_since_last_event', ...[...rules, ...indicators].flatMap(({ names }) => names)];
}

/** SQL: answers for every row of a table of account profiles, in the columns of the table `answers`. */
export function answerSql(
  model: Model,
  catalogue: readonly SignalEntry[],
  profiles: string,
  computedAt: number,
): string {
  const compile = compiler(model, catalogue);
  const overlay = model.segments.find((segment) => segment.isOverlay)?.name ?? '';
  return `SELECT ${text(model.version)} AS model_version, fromUnixTimestamp64Milli(as_of, 'UTC') AS as_of_at, account_id, relationship, eligible,
      if(is_customer, home_segment, NULL) AS home,
      multiIf(NOT is_customer, NULL, ${overlaySql(model.segments, compile)}, toNullable(${text(overlay)}), home_segment) AS raw,
      if(relationship IN ('prospect', 'trial', 'free'), home_segment, NULL) AS likely,
      cohort, value_tier, arr, days_since_last_event AS last_event_days,
      fromUnixTimestamp64Milli(toInt64(${computedAt}), 'UTC') AS computed_at
    FROM (SELECT *, ${homeSql(model, compile)} AS home_segment FROM ${profiles})`;
}

/**
 * Writes the answers of all as-ofs in a table of profiles, in place of those that stood there: of all accounts, or of those
 * in the table `only`.
 */
export async function writeAnswers(
  warehouse: Warehouse,
  model: Model,
  catalogue: readonly SignalEntry[],
  profiles: string,
  asOfs: readonly number[],
  computedAt: number,
  only: string | null = null,
): Promise<void> {
  const table = `${warehouse.database}.answers`;
  const days = asOfs.map((asOf) => `fromUnixTimestamp64Milli(toInt64(${asOf}), 'UTC')`).join(', ');
  const among = only === null ? '' : ` AND account_id IN (SELECT account_id FROM ${only})`;
  await deleteRows(warehouse, table, `model_version = ${text(model.version)} AND as_of IN (${days})${among}`);
  await warehouse.command(`INSERT INTO ${table} ${answerSql(model, catalogue, profiles, computedAt)}`, {
    settings: { prefer_column_name_to_alias: 1 },
  });
}

const answerSchema = z.object({
  as_of: z.coerce.number(),
  account_id: z.string(),
  relationship: z.string(),
  eligible: z.number().nullable(),
  home: z.string().nullable(),
  raw: z.string().nullable(),
  likely: z.string().nullable(),
  cohort: z.string().nullable(),
  value_tier: z.string().nullable(),
  arr: z.number().nullable(),
  last_event_days: z.number().nullable(),
});

/** Reads the answers of a model version in `[from, to]`, by account and day: of all accounts, or of those in the table `only`. */
export async function readAnswers(
  warehouse: Warehouse,
  version: string,
  from: number,
  to: number,
  only: string | null = null,
): Promise<Answer[]> {
  const among = only === null ? '' : `AND account_id IN (SELECT account_id FROM ${only})`;
  const found: Answer[] = [];
  // A window of ten thousand accounts is half a million rows: as text, as parsed and as checked they would lie there together.
  for await (const block of warehouse.stream(
    `SELECT toUnixTimestamp64Milli(as_of) AS as_of, account_id, relationship, eligible, home, raw, likely, cohort, value_tier, arr, last_event_days
    FROM ${warehouse.database}.answers AS a
    WHERE model_version = ${text(version)} AND a.as_of >= ${instant(from)} AND a.as_of <= ${instant(to)} ${among}
    ORDER BY account_id, a.as_of`,
    answerSchema,
  )) {
    for (const row of block) {
      const before = found.at(-1)?.accountId;
      // One text for all days of an account.
      found.push(answerOf(before === row.account_id ? { ...row, account_id: before } : row));
    }
  }
  return found;
}

const instant = (ms: number): string => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`;

/** The answers for a table of profiles, by account and as-of, kept nowhere. */
export async function answersFor(
  warehouse: Warehouse,
  model: Model,
  catalogue: readonly SignalEntry[],
  profiles: string,
): Promise<readonly Answer[]> {
  const rows = await warehouse.rows(
    `SELECT toUnixTimestamp64Milli(as_of_at) AS as_of, account_id, relationship, eligible, home, raw, likely, cohort, value_tier, arr, last_event_days
    FROM (${answerSql(model, catalogue, profiles, 0)}) ORDER BY account_id, as_of_at`,
    answerSchema,
    { settings: { prefer_column_name_to_alias: 1 } },
  );
  return rows.map(answerOf);
}

function answerOf(row: z.infer<typeof answerSchema>): Answer {
  return {
    asOf: row.as_of,
    accountId: row.account_id,
    relationship: row.relationship,
    eligible: row.eligible === null ? null : row.eligible === 1,
    home: row.home,
    raw: row.raw,
    likely: row.likely,
    cohort: row.cohort,
    valueTier: row.value_tier,
    arr: row.arr,
    lastEventDays: row.last_event_days,
  };
}

const daySchema = z.object({ as_of: z.coerce.number(), computed_at: z.coerce.number() });

/** The days for which a model version has answers, and when each was computed. */
export async function answeredDays(warehouse: Warehouse, version: string): Promise<ReadonlyMap<number, number>> {
  const rows = await warehouse.rows(
    `SELECT toUnixTimestamp64Milli(a.as_of) AS as_of, toUnixTimestamp64Milli(min(a.computed_at)) AS computed_at
    FROM ${warehouse.database}.answers AS a WHERE model_version = ${text(version)} GROUP BY a.as_of`,
    daySchema,
  );
  return new Map(rows.map((row) => [row.as_of, row.computed_at]));
}
