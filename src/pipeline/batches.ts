import { z } from 'zod';
import { FACT_TABLES } from '../model/tables.ts';
import type { Engines } from './engines.ts';

/** Profiles of accounts that lie in memory together: those of ten thousand accounts on fourteen days. */
const PROFILES = 140_000;
/** Days computed together of any workspace: enough to share the history pass. */
const FEWEST_DAYS = 14;

/**
 * Cuts days into those that are computed together, the more the fewer accounts there are: what a batch costs hardly
 * depends on its days where accounts are few. Pure.
 */
export function batchesOf(days: readonly number[], accounts: number): readonly (readonly number[])[] {
  const size = Math.max(FEWEST_DAYS, Math.floor(PROFILES / Math.max(accounts, 1)));
  return Array.from({ length: Math.ceil(days.length / size) }, (_, index) =>
    days.slice(index * size, (index + 1) * size),
  );
}

/** Cuts days as the accounts of all facts take it; they are not counted where that would change nothing. */
export async function batchesOfAll(
  engines: Pick<Engines, 'warehouse'>,
  days: readonly number[],
): Promise<readonly (readonly number[])[]> {
  return batchesOf(days, days.length <= FEWEST_DAYS ? 0 : await accountsNamed(engines));
}

/** About how many accounts any fact names (`uniq`). */
async function accountsNamed({ warehouse }: Pick<Engines, 'warehouse'>): Promise<number> {
  const named = FACT_TABLES.filter(({ columns }) => columns.some(({ name }) => name === 'account_id'));
  const parts = named.map(({ name }) => `SELECT uniqState(account_id) AS accounts FROM ${warehouse.database}.${name}`);
  const [row] = await warehouse.rows(
    `SELECT uniqMerge(accounts) AS n FROM (${parts.join(' UNION ALL ')})`,
    z.object({ n: z.coerce.number() }),
  );
  return row?.n ?? 0;
}
