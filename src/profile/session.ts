import type { Warehouse } from '../warehouse/warehouse.ts';
import { WINDOW_DAYS } from './activity.ts';
import { DAY_MS, dayArray, dayNumber, extent, instantOfDay, MINUTE_MS, milliseconds, type Plan } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch } from './scratch.ts';

/** A gap this long or longer starts the next session. */
const GAP_MS = 30 * MINUTE_MS;

/**
 * Builds `sessions` (account, user, start): sessions started in the 60 days before any instant: `start_ms`, `last_ms`, the
 * `day` on which each started, and where it did not end on that day the instants of its events (`crossing`).
 *
 * Whether an event starts a session is decided by the activity before it, wherever the window begins: reading 30
 * minutes more than the window is enough. How long it was by an instant is told by `minutesBy`: a row for each instant
 * would be many times as many.
 */
export async function buildSessions(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'sessions', cutSql(plan, resolution, WINDOW_DAYS));
}

/** SQL: (at, account, user, start): sessions started in the `days` before each instant. */
export function sessionSql(plan: Plan, resolution: Resolution, days: number): string {
  const at = instantOfDay(plan, 'anchor');
  return `SELECT ${at} AS at, account_id, user_id, start_ms, anchor - 1 - day AS k,
      ${minutesBy(at, 'start_ms', 'last_ms', 'crossing')} AS minutes
    FROM (${cutSql(plan, resolution, days)})
    ARRAY JOIN arrayFilter(x -> x > day AND x <= day + ${days}, ${dayArray(plan)}) AS anchor`;
}

/** SQL: minutes that a session had lasted by an instant, from its columns in `sessions`. */
export function minutesBy(at: string, start: string, last: string, crossing: string): string {
  return `(if(${last} < ${at}, ${last}, arrayMax(arrayFilter(x -> x < ${at}, ${crossing}))) - ${start}) / ${MINUTE_MS}`;
}

function cutSql(plan: Plan, resolution: Resolution, days: number): string {
  const { from, to } = extent(plan);
  const start = from - days * DAY_MS;
  const between = `${milliseconds('time')} > ${start - GAP_MS} AND ${milliseconds('time')} < ${to} AND user_id != ''`;
  return `SELECT account_id, user_id, session[1] AS start_ms, session[-1] AS last_ms, ${dayNumber(plan, 'start_ms')} AS day,
      if(${dayNumber(plan, 'last_ms')} = day, emptyArrayInt64(), session) AS crossing
    FROM (
      SELECT account_id, user_id,
        arrayJoin(arraySplit((x, gap) -> gap >= ${GAP_MS}, instants, arrayDifference(instants))) AS session
      FROM (
        SELECT account_id, user_id, arraySort(groupArray(ms)) AS instants
        FROM (${resolvedEvents(plan, resolution, [], between)}) GROUP BY account_id, user_id
      )
    )`;
}
