import { z } from 'zod';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { type Plan, scratch } from './plan.ts';

/**
 * Settings of the profile's statements: a join fills with a column's default ('' or 0; null where the column is
 * nullable), which is what "no row" means in every scratch table. Scratch tables need not survive a crash, and
 * compiling expressions of statements that run once costs more than it saves.
 */
export const PROFILE_SETTINGS = {
  join_use_nulls: 0,
  prefer_column_name_to_alias: 1,
  allow_suspicious_low_cardinality_types: 1,
  fsync_metadata: 0,
  max_query_size: 64_000_000,
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
  // This pass looks at every pair of comparisons in a statement: a third of the time of one with a hundred signals.
  optimize_and_compare_chain: 0,
} as const;

/** Engine of tables that are kept beside those of the next step: in memory, compressed. */
export const KEPT = 'Memory SETTINGS compress = 1';

/**
 * What a statement is like: `reading` goes through many raw events, `wide` has hundreds of columns and reads nothing but
 * scratch tables, `plain` is neither.
 */
export type StatementKind = 'plain' | 'wide' | 'reading';

/**
 * Settings of a statement of the plan. Where some accounts are measured, statements run side by side and read next to
 * nothing: a core each, and for wide ones no second look at the plan, which takes longer than it can save there.
 */
export function settingsOf(plan: Plan, kind: StatementKind): Readonly<Record<string, number>> {
  if (plan.only === null || plan.slice !== undefined || kind === 'reading') return PROFILE_SETTINGS;
  const alone = { ...PROFILE_SETTINGS, max_threads: 1 };
  return kind === 'wide' ? { ...alone, query_plan_enable_optimizations: 0 } : alone;
}

/** Builds a scratch table of this computation from a query. */
export async function buildScratch(
  warehouse: Warehouse,
  plan: Plan,
  name: string,
  sql: string,
  kind: StatementKind = 'plain',
): Promise<void> {
  await warehouse.command(`CREATE TABLE ${scratch(plan, name)} ENGINE = Memory AS ${sql}`, {
    settings: settingsOf(plan, kind),
  });
}

const nameSchema = z.object({ name: z.string() });

/** Parts of a run, and tables that it leaves to its caller. */
const OWN = '(c_.*|r_.*|g_.*|sliced_.*|signals_account|signals_user|ranking|accounts|users)';

/** Drops what an earlier run of that name, cut off half-way, has left; never a table that the caller named like it. */
export async function dropLeftovers(warehouse: Warehouse, run: string): Promise<void> {
  await dropWhere(warehouse, `match(name, '^scratch_${run}_${OWN}$')`);
}

/** Drops every scratch table of a run; also called after a failure. */
export async function dropScratch(warehouse: Warehouse, run: string): Promise<void> {
  await dropWhere(warehouse, `startsWith(name, 'scratch_${run}_')`);
}

async function dropWhere(warehouse: Warehouse, where: string): Promise<void> {
  const tables = await warehouse.rows(
    `SELECT name FROM system.tables WHERE database = '${warehouse.database}' AND ${where}`,
    nameSchema,
  );
  if (tables.length === 0) return;
  const names = tables.map(({ name }) => `${warehouse.database}.${name}`).join(', ');
  await warehouse.command(`DROP TABLE IF EXISTS ${names} SYNC`, { settings: { fsync_metadata: 0 } });
}
