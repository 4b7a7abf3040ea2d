import { z } from 'zod';
import { deleteRows, onCluster, storedTable } from '../warehouse/cluster.ts';
import type { Engines } from './engines.ts';

/** How long raw rows are kept; absent: for ever. */
export interface Retention {
  readonly eventsMonths?: number | undefined;
  readonly quarantineDays?: number | undefined;
}

/** What a retention removed. */
export interface Retained {
  /** Months of events, as `YYYYMM`. */
  readonly months: readonly string[];
}

const DAY_MS = 86_400_000;

/** The first instant whose events are kept: the start of the month so many months before this one. */
export function keptFrom(now: Date, eventsMonths: number): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - eventsMonths, 1));
}

/**
 * Removes raw events of months before those that are kept, a partition at a time, and refused rows that are too old.
 *
 * It is written first from when on events are kept, and then they are removed: a signal that looks further back says that
 * it is not covered, at every moment, and never that nothing happened. What was recorded of earlier days stays.
 */
export async function applyRetention(
  { warehouse }: Pick<Engines, 'warehouse'>,
  { eventsMonths, quarantineDays }: Retention,
  now: Date,
): Promise<Retained> {
  if (quarantineDays !== undefined) {
    const before = new Date(now.getTime() - quarantineDays * DAY_MS).toISOString().slice(0, 19).replace('T', ' ');
    await deleteRows(warehouse, 'quarantine', `received_at < toDateTime64('${before}', 3, 'UTC')`);
  }
  if (eventsMonths === undefined) return { months: [] };
  const from = keptFrom(now, eventsMonths);
  const first = from.getUTCFullYear() * 100 + from.getUTCMonth() + 1;
  const months = await warehouse.rows(
    `SELECT DISTINCT toString(toYYYYMM(time)) AS month FROM events WHERE toYYYYMM(time) < ${first} ORDER BY month`,
    z.object({ month: z.string().regex(/^\d{6}$/) }),
  );
  if (months.length === 0) return { months: [] };
  await warehouse.insertRows('coverage', [
    {
      ...{ source: '', table_name: 'events', covers_from: from.toISOString(), complete_through: null },
      ...{ carries_users: 1, rows: 0, received_at: now.toISOString() },
    },
  ]);
  for (const { month } of months) {
    const table = `${storedTable(warehouse, 'events')}${onCluster(warehouse.cluster)}`;
    await warehouse.command(`ALTER TABLE ${table} DROP PARTITION ${month}`);
  }
  return { months: months.map(({ month }) => month) };
}
