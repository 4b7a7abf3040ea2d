import { z } from 'zod';
import type { Model } from '../definition/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { readCoverage } from './coverage.ts';
import { type Plan, scratch } from './plan.ts';
import { resolve } from './resolution.ts';
import { resolveKeys } from './resolved.ts';
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
  const count = async (sql: string): Promise<number> => (await warehouse.rows(sql, countSchema))[0]?.n ?? 0;
  try {
    const resolution = await resolve(warehouse, plan);
    const { excludedUsers, excludedAccounts } = resolution;
    const everybody = { ...resolution, excludedUsers: null, excludedAccounts: null };
    const tests = [
      ...(excludedUsers === null ? [] : [`user_id IN (SELECT user_id FROM ${excludedUsers})`]),
      ...(excludedAccounts === null ? [] : [`account_id IN (SELECT account_id FROM ${excludedAccounts})`]),
    ];
    if (tests.length === 0) return { users: 0, accounts: 0, events: 0 };
    const events = resolveKeys(plan, everybody, 'events', ['user_id'], '1');
    return {
      users: excludedUsers === null ? 0 : await count(`SELECT count() AS n FROM ${scratch(plan, 'excluded_users')}`),
      accounts:
        excludedAccounts === null ? 0 : await count(`SELECT count() AS n FROM ${scratch(plan, 'excluded_accounts')}`),
      events: await count(`SELECT count() AS n FROM (${events}) WHERE ${tests.join(' OR ')}`),
    };
  } finally {
    await dropScratch(warehouse, plan.run);
  }
}
