import type { Model } from '../definition/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { areaCondition, readsProperties } from './area.ts';
import { readCoverage } from './coverage.ts';
import { resolveApart } from './history.ts';
import { inLanes } from './lane.ts';
import { DAY_MS, extent, milliseconds, type Plan, quote, scratch } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch, dropScratch } from './scratch.ts';

/** Days from the first activity of a user in which secondary features are looked for. */
const FIRST_DAYS = 60;
/** Days after those in which a user may fall silent. */
const NEXT_DAYS = 90;
/** Days without activity after which a user is dormant. */
const SILENT_DAYS = 30;

interface UsageRequest {
  readonly model: Model;
  /** A name that no other computation uses at the same time. */
  readonly run: string;
  readonly through: number;
}

/**
 * Builds (account_id, user_id, first_ms, is_secondary, active_days, last_ms, silent_ms), and names the table: how each user began, and
 * when they first were dormant after that. It lives until `dropUsage`.
 *
 * Grain: user in an account with an activity. `is_secondary`: used an area that is no entry within 60 days of the first
 * activity; null without such areas. `active_days`: days with an activity that were over by then; `last_ms`: end of the last of them. `silent_ms`: the instant
 * from which that user had been without activity for 30 days, the first one after `last_ms`, as activities within 150 days
 * of the first tell it: later ones were not looked at. Links as `buildHistory` has them.
 */
export async function buildBeginnings(engine: Warehouse, request: UsageRequest): Promise<string> {
  return build(engine, request, 'beginnings', beginningsSql);
}

/**
 * Builds (account_id, area, days), and names the table: numbers of the UTC days on which each account used each feature
 * area, ascending, events without a user counted. It lives until `dropUsage`. Links as `buildHistory` has them.
 */
export async function buildAreaDays(engine: Warehouse, request: UsageRequest): Promise<string> {
  return build(engine, request, 'area_days', areaDaysSql);
}

async function build(
  engine: Warehouse,
  { model, run, through }: UsageRequest,
  name: string,
  sqlOf: (plan: Plan, resolution: Resolution) => string,
): Promise<string> {
  const warehouse = inLanes(engine, false);
  const coverage = await readCoverage(warehouse, model);
  const database = warehouse.database;
  const plan: Plan = { model, coverage, database, run: `${run}_u`, instants: [through], only: null };
  await dropUsage(warehouse, run);
  const { apart } = await resolveApart(warehouse, plan, run);
  await buildScratch(warehouse, plan, name, sqlOf(plan, apart), 'reading');
  return scratch(plan, name);
}

function eventsSql(plan: Plan, resolution: Resolution): string {
  const extra = readsProperties(plan.model) ? ['properties'] : [];
  return resolvedEvents(plan, resolution, extra, `${milliseconds('time')} < ${extent(plan).to}`);
}

function beginningsSql(plan: Plan, resolution: Resolution): string {
  const secondary = plan.model.taxonomy.features.filter(({ isEntry }) => !isEntry).map(areaCondition);
  const isSecondary = secondary.length === 0 ? 'NULL' : `toNullable(${secondary.join(' OR ')})`;
  const named = `SELECT account_id, user_id, ms, ${isSecondary} AS is_secondary FROM (${eventsSql(plan, resolution)}) WHERE user_id != ''`;
  const firsts = `SELECT account_id, user_id, min(ms) AS first_ms FROM (${named}) GROUP BY account_id, user_id`;
  const landmark = `first_ms + ${FIRST_DAYS * DAY_MS}`;
  return `SELECT account_id, user_id, first_ms, is_secondary, active_days, (last_day + 1) * ${DAY_MS} AS last_ms,
      (if(gap_day = 0, after[-1], gap_day) + 1 + ${SILENT_DAYS}) * ${DAY_MS} AS silent_ms
    FROM (
      SELECT account_id, user_id, first_ms, is_secondary,
        arrayLast(day -> (day + 1) * ${DAY_MS} <= ${landmark}, days) AS last_day,
        arrayFilter(day -> day >= last_day, days) AS after, length(days) - length(after) + 1 AS active_days,
        arrayFirst((day, gap) -> gap > ${SILENT_DAYS}, arrayPopBack(after), arrayPopFront(arrayDifference(after))) AS gap_day
      FROM (
        SELECT n.account_id AS account_id, n.user_id AS user_id, f.first_ms AS first_ms,
          max(n.is_secondary AND n.ms < ${landmark.replace('first_ms', 'f.first_ms')}) AS is_secondary,
          arraySort(groupUniqArray(toInt64(intDiv(n.ms, ${DAY_MS})))) AS days
        FROM (${named}) AS n INNER JOIN (${firsts}) AS f ON f.account_id = n.account_id AND f.user_id = n.user_id
        WHERE n.ms < f.first_ms + ${(FIRST_DAYS + NEXT_DAYS) * DAY_MS} GROUP BY account_id, user_id, first_ms
      )
    )`;
}

function areaDaysSql(plan: Plan, resolution: Resolution): string {
  const areas = plan.model.taxonomy.features.map((area) => `if(${areaCondition(area)}, ${quote(area.name)}, '')`);
  const named =
    areas.length === 0 ? "CAST([], 'Array(String)')" : `arrayFilter(area -> area != '', [${areas.join(', ')}])`;
  return `SELECT account_id, area, arraySort(groupUniqArray(toInt32(intDiv(ms, ${DAY_MS})))) AS days
    FROM (SELECT account_id, ms, arrayJoin(${named}) AS area FROM (${eventsSql(plan, resolution)}))
    WHERE account_id != '' GROUP BY account_id, area`;
}

/** Drops what was built here under this run's name. */
export async function dropUsage(warehouse: Warehouse, run: string): Promise<void> {
  await dropScratch(warehouse, `${run}_u`);
  await dropScratch(warehouse, `${run}_b`);
}
