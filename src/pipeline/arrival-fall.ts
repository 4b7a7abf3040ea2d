import { z } from 'zod';
import type { Engines } from './engines.ts';

const DAY_MS = 86_400_000;

const fallenSchema = z.object({ source: z.string() });

/** Least events of a weekday before a fall by half says anything. */
const LEAST_ARRIVALS = 100;

/** Event sources of which the last whole day holds at most half of the events of the same weekday a week before. */
export async function fallenSources(
  { warehouse }: Pick<Engines, 'warehouse'>,
  asOf: number,
): Promise<readonly string[]> {
  const end = Math.floor(asOf / DAY_MS) * DAY_MS;
  const between = (from: number, to: number) =>
    `toUnixTimestamp64Milli(e.time) >= ${from} AND toUnixTimestamp64Milli(e.time) < ${to}`;
  const rows = await warehouse.rows(
    `SELECT toString(e.source) AS source FROM ${warehouse.database}.events AS e
    WHERE ${between(end - 8 * DAY_MS, end)} GROUP BY source
    HAVING countIf(${between(end - 8 * DAY_MS, end - 7 * DAY_MS)}) >= ${LEAST_ARRIVALS}
      AND 2 * countIf(${between(end - DAY_MS, end)}) <= countIf(${between(end - 8 * DAY_MS, end - 7 * DAY_MS)})`,
    fallenSchema,
  );
  return rows.map((row) => row.source);
}
