import type { Engines } from './engines.ts';

/** Works with a table of some accounts (`account_id`), named after the process and the purpose, and drops it again. */
export async function withChosen<T>(
  { warehouse, run }: Pick<Engines, 'warehouse' | 'run'>,
  accountIds: readonly string[],
  purpose: string,
  work: (table: string) => Promise<T>,
): Promise<T> {
  const table = `${warehouse.database}.scratch_${run}_${purpose}`;
  await warehouse.command(
    `CREATE OR REPLACE TABLE ${table} ENGINE = Memory AS SELECT arrayJoin({ids: Array(String)}) AS account_id`,
    {
      parameters: { ids: [...accountIds] },
    },
  );
  try {
    return await work(table);
  } finally {
    await warehouse.command(`DROP TABLE IF EXISTS ${table} SYNC`);
  }
}

/** Profiles that are measured together: so many lie in memory beside what their accounts did. */
const TOGETHER = 1_500;
const FEWEST_TOGETHER = 14;

/** How many instants of so many accounts to measure together: each pass costs the same for one instant as for a hundred. */
export function instantsTogether(accounts: number): number {
  return Math.max(FEWEST_TOGETHER, Math.floor(TOGETHER / accounts));
}
