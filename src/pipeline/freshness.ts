import { z } from 'zod';
import { FACT_TABLES, TRACKING_SOURCE } from '../model/tables.ts';
import { answeredDays } from '../segment/answer.ts';
import type { Engines } from './engines.ts';

const DAY_MS = 86_400_000;

const extentSchema = z.object({ first: z.coerce.number().nullable(), rows: z.coerce.number() });

/** First instant of any fact and number of fact rows before an instant; `first` null: no fact at all. */
export async function factExtent(
  { warehouse }: Engines,
  before: number,
): Promise<{ first: number | null; rows: number }> {
  const parts = FACT_TABLES.filter((table) => table.instant !== null).map(({ name, instant }) => {
    const ms = `toUnixTimestamp64Milli(f.\`${instant}\`)`;
    return `SELECT nullIf(min(${ms}), 0) AS first_ms, countIf(ifNull(${ms} < ${before}, 1)) AS n FROM ${warehouse.database}.${name} AS f`;
  });
  const [row] = await warehouse.rows(
    `SELECT min(first_ms) AS first, sum(n) AS rows FROM (${parts.join(' UNION ALL ')})`,
    extentSchema,
  );
  return { first: row?.first ?? null, rows: row?.rows ?? 0 };
}

const touchedSchema = z.object({ touched: z.coerce.number().nullable(), through: z.coerce.number().nullable() });

/**
 * The days of a list whose answers must be computed: those without one, and those that facts received since could change.
 *
 * A fact changes the days after its own instant; and since a stream's completeness moves on with new facts, so do the
 * days that were answered at its old end.
 */
export async function staleDays(engines: Engines, days: readonly number[]): Promise<readonly number[]> {
  const answered = await answeredDays(engines.warehouse, engines.model.version);
  const computed = days.flatMap((day) => answered.get(day) ?? []);
  if (computed.length === 0) return days;
  const since = Math.min(...computed);
  const touched = await earliestTouched(engines, since, await liveThrough(engines));
  return days.filter((day) => !answered.has(day) || (touched !== null && day > touched));
}

/** Tracked facts received before this instant are in the answers already, milliseconds; 0: none is known to be. */
async function liveThrough({ warehouse, model }: Engines): Promise<number> {
  const [row] = await warehouse.rows(
    `SELECT max(toUnixTimestamp64Milli(received_through)) AS through FROM ${warehouse.database}.live_marks WHERE model_version = {version:String}`,
    z.object({ through: z.coerce.number() }),
    { parameters: { version: model.version } },
  );
  return row?.through ?? 0;
}

/** Notes that every tracked fact received before an instant is in the answers of the days that it touches. */
export async function markLive({ warehouse, model }: Engines, receivedThrough: number, now: Date): Promise<void> {
  await warehouse.insertRows('live_marks', [
    {
      model_version: model.version,
      received_through: new Date(receivedThrough).toISOString(),
      written_at: now.toISOString(),
    },
  ]);
}

async function earliestTouched({ warehouse }: Engines, since: number, live: number): Promise<number | null> {
  const parts = FACT_TABLES.map(({ name, instant, isStream, columns }) => {
    const origin = columns.some((column) => column.name === 'source') ? 'origin' : 'source';
    const ms = instant === null ? 'toInt64(0)' : `ifNull(toUnixTimestamp64Milli(f.\`${instant}\`), 0)`;
    const isNew = `toUnixTimestamp64Milli(f.received_at) > if(f.${origin} = '${TRACKING_SOURCE}', ${Math.max(since, live)}, ${since})`;
    const end = isStream ? `(intDiv(maxIf(${ms}, NOT ${isNew}), ${DAY_MS}) + 1) * ${DAY_MS}` : 'toInt64(9000000000000)';
    return `SELECT countIf(${isNew}) AS fresh, minIf(${ms}, ${isNew}) AS first_ms, ${end} AS end_ms FROM ${warehouse.database}.${name} AS f`;
  });
  const [row] = await warehouse.rows(
    `SELECT if(count() = 0, NULL, min(first_ms)) AS touched, if(count() = 0, NULL, min(end_ms)) AS through
    FROM (${parts.join(' UNION ALL ')}) WHERE fresh > 0`,
    touchedSchema,
  );
  if (row?.touched == null) return null;
  return Math.min(row.touched, row.through ?? row.touched);
}
