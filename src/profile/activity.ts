import type { Warehouse } from '../warehouse/warehouse.ts';
import { anyArea, areaBits, areaCondition, areaMask, readsProperties, words } from './area.ts';
import { after, allOf } from './lane.ts';
import { DAY_MS, dayArray, dayNumber, extent, instantOfDay, milliseconds, type Plan, scratch } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch } from './scratch.ts';

/** Days of detail that the windows look back; day masks hold one bit for each. */
export const WINDOW_DAYS = 60;

/**
 * Builds what is known of use:
 *
 * - `user_days` (account, user, day of the plan's phase): events, core events, help events, areas, last instant;
 * - `user_window` (at, account, user): day masks of the last 60 days, in all and by area, and counts of the last 30;
 * - `last_seen` (at, account, user): last instant before `at`, as far as the windows look back;
 * - `user_history` (account, user): first instant ever, last before the windows, first use of each area.
 *
 * The user is empty for events without one.
 */
export async function buildActivity(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  const days = buildScratch(warehouse, plan, 'user_days', userDaysSql(plan, resolution));
  await allOf([
    days,
    after([days], () => buildScratch(warehouse, plan, 'user_window', userWindowSql(plan))),
    after([days], () => buildScratch(warehouse, plan, 'last_seen', lastSeenSql(plan))),
    buildScratch(warehouse, plan, 'user_history', userHistorySql(plan, resolution)),
  ]);
}

function windowStart(plan: Plan): number {
  return extent(plan).from - WINDOW_DAYS * DAY_MS;
}

function userDaysSql(plan: Plan, resolution: Resolution): string {
  const { model } = plan;
  const between = `${milliseconds('time')} >= ${windowStart(plan)} AND ${milliseconds('time')} < ${extent(plan).to}`;
  const masks = words(model).map((word) => `${areaMask(model, word)} AS a${word}`);
  return `SELECT account_id, user_id, ${dayNumber(plan, 'ms')} AS day, count() AS events,
      countIf(${anyArea(model, 'a', (area) => area.isCore)}) AS core_events,
      countIf(${anyArea(model, 'a', (area) => area.isHelp)}) AS help_events,
      max(ms) AS last_ms, ${words(model)
        .map((word) => `groupBitOr(a${word}) AS areas_${word}`)
        .join(', ')}
    FROM (
      SELECT account_id, user_id, ms, ${masks.join(', ')}
      FROM (${resolvedEvents(plan, resolution, readsProperties(model) ? ['properties'] : [], between)})
    ) GROUP BY account_id, user_id, day`;
}

function userWindowSql(plan: Plan): string {
  const areas = areaBits(plan.model).map(
    ({ index, word, bit }) => `groupBitOrIf(day_bit, bitTest(areas_${word}, ${bit})) AS area_${index}_days`,
  );
  return `SELECT ${instantOfDay(plan, 'anchor')} AS at, account_id, user_id, groupBitOr(day_bit) AS days,
      sumIf(events, k < 30) AS events_30d, sumIf(core_events, k < 30) AS core_events_30d,
      sumIf(help_events, k < 30) AS help_events_30d,
      ${words(plan.model)
        .map((word) => `groupBitOrIf(areas_${word}, k < 30) AS areas_${word}`)
        .join(', ')}
      ${areas.length === 0 ? '' : `, ${areas.join(', ')}`}
    FROM (
      SELECT *, anchor, anchor - 1 - day AS k, bitShiftLeft(toUInt64(1), toUInt8(k)) AS day_bit FROM ${scratch(plan, 'user_days')}
      ARRAY JOIN arrayFilter(x -> x > day AND x <= day + ${WINDOW_DAYS}, ${dayArray(plan)}) AS anchor
    ) GROUP BY anchor, account_id, user_id`;
}

function lastSeenSql(plan: Plan): string {
  return `SELECT ${instantOfDay(plan, 'anchor')} AS at, account_id, user_id, arrayMax(x -> x.2, arrayFilter(x -> x.1 < anchor, seen)) AS last_ms
    FROM (SELECT account_id, user_id, min(day) AS first_day, groupArray((day, last_ms)) AS seen FROM ${scratch(plan, 'user_days')} GROUP BY account_id, user_id)
    ARRAY JOIN arrayFilter(x -> x > first_day, ${dayArray(plan)}) AS anchor`;
}

function userHistorySql(plan: Plan, resolution: Resolution): string {
  const { model } = plan;
  const firsts = areaBits(model)
    .filter(({ area }) => !area.isEntry)
    .map(({ area, index }) => `minIf(ms, ${areaCondition(area)}) AS area_${index}_first_ms`);
  const before = `${milliseconds('time')} < ${extent(plan).to}`;
  return `SELECT account_id, user_id, min(ms) AS first_ms, maxIf(ms, ms < ${windowStart(plan)}) AS last_old_ms
      ${firsts.length === 0 ? '' : `, ${firsts.join(', ')}`}
    FROM (${resolvedEvents(plan, resolution, readsProperties(model) ? ['properties'] : [], before)})
    GROUP BY account_id, user_id`;
}
