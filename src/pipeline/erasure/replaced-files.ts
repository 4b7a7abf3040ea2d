import { z } from 'zod';
import { whole } from '../../warehouse/values.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { columnsOf } from './treatment.ts';
import { WAREHOUSE_RECORDS } from './warehouse-register.ts';

const POLL_MILLIS = 500;
/** The engine looks for what is old once or twice a minute, and later where it has much to do. */
const MOST_POLLS = 600;

const TABLES = WAREHOUSE_RECORDS.filter(
  (record) => columnsOf(record, 'person', 'mention', 'words', 'entries', 'list', 'raw', 'touched').length > 0,
).map(({ table }) => table);

/**
 * Makes the embedded engine drop what it has replaced within a minute instead of eight, and put what it writes instead on
 * disk before that. A server of the operator's own is left as it is set.
 */
export async function hastenFiles(warehouse: Warehouse): Promise<void> {
  if (warehouse.kind !== 'embedded' || warehouse.cluster !== null) return;
  for (const table of TABLES) {
    await warehouse.command(
      `ALTER TABLE ${table} MODIFY SETTING old_parts_lifetime = 1, min_rows_to_fsync_after_merge = 1`,
    );
  }
}

/** Waits until the files that hold what was replaced are gone; answers whether they are. On a server: no. */
export async function awaitFilesGone(
  warehouse: Warehouse,
  pause: (milliseconds: number) => Promise<void>,
  signal?: AbortSignal,
): Promise<boolean> {
  if (warehouse.kind !== 'embedded' || warehouse.cluster !== null) return false;
  // A crash may have come before it was asked for.
  await hastenFiles(warehouse);
  const old = await replaced(warehouse);
  let left = old;
  for (let poll = 0; left.size > 0 && poll < MOST_POLLS && signal?.aborted !== true; poll += 1) {
    await pause(POLL_MILLIS);
    const now = await replaced(warehouse);
    left = new Set([...left].filter((name) => now.has(name)));
  }
  if (left.size > 0) return false;
  for (const table of TABLES) {
    await warehouse.command(`ALTER TABLE ${table} RESET SETTING old_parts_lifetime, min_rows_to_fsync_after_merge`);
  }
  return true;
}

async function replaced(warehouse: Warehouse): Promise<ReadonlySet<string>> {
  const rows = await warehouse.rows(
    `SELECT concat(table, '/', name) AS part, count() AS n FROM system.parts
     WHERE database = currentDatabase() AND NOT active AND table IN {tables:Array(String)} GROUP BY part`,
    z.object({ part: z.string(), n: whole }),
    { parameters: { tables: TABLES } },
  );
  return new Set(rows.map(({ part }) => part));
}
