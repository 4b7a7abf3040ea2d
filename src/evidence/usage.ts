import { z } from 'zod';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** How a user began, and when they first were dormant after that. */
export interface Beginning {
  readonly accountId: string;
  /** First activity. */
  readonly firstMs: number;
  /** Used a secondary feature area within 60 days of it; null where no area is secondary. */
  readonly isSecondary: boolean | null;
  /** Days with an activity by then, and the end of the last of them. */
  readonly activeDays: number;
  readonly lastMs: number;
  /** The first instant after it at which 30 days without activity were full, by what was seen within 150 days of the first. */
  readonly silentMs: number;
}

/** Numbers of the UTC days on which an account used a feature area, ascending: by account id, then by area. */
export type AreaDays = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

const ms = z.coerce.number();
const beginningSchema = z.object({
  account_id: z.string(),
  first_ms: ms,
  is_secondary: ms.nullable(),
  active_days: ms,
  last_ms: ms,
  silent_ms: ms,
});
const daysSchema = z.object({ account_id: z.string(), area: z.string(), days: z.array(ms) });

/** Reads how users began from the table that the pipeline had built, by account and user. */
export async function readBeginnings(warehouse: Warehouse, table: string): Promise<readonly Beginning[]> {
  const rows = await warehouse.rows(
    `SELECT account_id, first_ms, is_secondary, active_days, last_ms, silent_ms FROM ${table} ORDER BY account_id, user_id`,
    beginningSchema,
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    firstMs: row.first_ms,
    isSecondary: row.is_secondary === null ? null : row.is_secondary === 1,
    activeDays: row.active_days,
    lastMs: row.last_ms,
    silentMs: row.silent_ms,
  }));
}

/** Reads the days on which accounts used feature areas from the table that the pipeline had built. */
export async function readAreaDays(warehouse: Warehouse, table: string): Promise<AreaDays> {
  const rows = await warehouse.rows(`SELECT account_id, area, days FROM ${table}`, daysSchema);
  const found = new Map<string, Map<string, readonly number[]>>();
  for (const { account_id, area, days } of rows) {
    const own = found.get(account_id);
    if (own === undefined) found.set(account_id, new Map([[area, days]]));
    else own.set(area, days);
  }
  return found;
}
