import { z } from 'zod';
import type { Model } from '../definition/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { readCoverage } from './coverage.ts';
import type { Plan } from './plan.ts';
import { resolve } from './resolution.ts';
import { type Resolution, resolveKeys } from './resolved.ts';
import { dropScratch } from './scratch.ts';

/** What `exclude` leaves out of every signal: people, accounts, and events of either. */
export interface ExcludedCount {
  readonly users: number;
  readonly accounts: number;
  readonly events: number;
}

const countSchema = z.object({ n: z.coerce.number() });

/**
 * Counts the internal, test and demo traffic that the model excludes, as of an instant in milliseconds.
 *
 * An event counts once, whether its user, its account or both are left out. Null where the model excludes nothing.
 */
export async function countExcluded(
  warehouse: Warehouse,
  model: Model,
  run: string,
  asOf: number,
): Promise<ExcludedCount | null> {
  if (model.exclude.users === null && model.exclude.accounts === null) return null;
  const coverage = await readCoverage(warehouse, model);
  const plan: Plan = { model, coverage, database: warehouse.database, run: `${run}_x`, instants: [asOf], only: null };
  try {
    return await countLeftOut(warehouse, plan, await resolve(warehouse, plan));
  } finally {
    await dropScratch(warehouse, plan.run);
  }
}

/** SQL: events of everybody, whoever is left out: (account_id, user_id). */
export function everyEvent(plan: Plan, resolution: Resolution): string {
  return resolveKeys(plan, { ...resolution, excludedUsers: null, excludedAccounts: null }, 'events', ['user_id'], '1');
}

/** Counts what a resolution leaves out: all zero where that is nothing. */
export async function countLeftOut(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<ExcludedCount> {
  const count = async (sql: string): Promise<number> => (await warehouse.rows(sql, countSchema))[0]?.n ?? 0;
  const { excludedUsers: users, excludedAccounts: accounts } = resolution;
  const tests = [
    ...(users === null ? [] : [`user_id IN (SELECT user_id FROM ${users})`]),
    ...(accounts === null ? [] : [`account_id IN (SELECT account_id FROM ${accounts})`]),
  ];
  if (tests.length === 0) return { users: 0, accounts: 0, events: 0 };
  return {
    users: users === null ? 0 : await count(`SELECT count() AS n FROM ${users}`),
    accounts: accounts === null ? 0 : await count(`SELECT count() AS n FROM ${accounts}`),
    events: await count(`SELECT count() AS n FROM (${everyEvent(plan, resolution)}) WHERE ${tests.join(' OR ')}`),
  };
}
