import type { FactTableName } from '../model/table.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { DAY_MS, instantArray, milliseconds, type Plan, scratch } from './plan.ts';
import { type Resolution, resolveKeys } from './resolved.ts';
import { buildScratch } from './scratch.ts';

/** Builds `tickets` (at, account): tickets of the last 30 days and the 30 before. */
export async function buildTickets(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'tickets', ticketSql(plan, resolution, ''));
}

/** Builds `user_tickets` (at, account, user): tickets of the last 30 days and the 30 before. */
export async function buildUserTickets(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'user_tickets', ticketSql(plan, resolution, 'user_id'));
}

/** Builds `nps` (at, account): the mean of the latest answers, and of those around day 90. Needs `births`. */
export async function buildNps(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'nps', npsSql(plan, resolution));
}

/** Builds `touches` (at, account): touches by marketing and community in the 90 days before each instant. */
export async function buildTouches(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'touches', touchSql(plan, resolution));
}

/** Builds `meters` (at, account): metered use of the 30 days before each instant. Needs `standing`. */
export async function buildMeters(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'meters', meterSql(plan, resolution));
}

/** Builds `sales` (at, account): days that the first won opportunity took. */
export async function buildSales(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'sales', salesSql(plan, resolution));
}

/** Builds `pulses` (at, account): the latest pulse. */
export async function buildPulses(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'pulses', pulseSql(plan, resolution));
}

/** Builds `costs` (at, account): cost entries of the 365 days before each instant, in currency. */
export async function buildCosts(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'costs', costSql(plan, resolution));
}

/** SQL: rows of a stream beside each instant `at` after them, at most `windowDays` (null: any time) before it. */
export function beforeInstants(
  plan: Plan,
  resolution: Resolution,
  table: FactTableName,
  time: string,
  columns: readonly string[],
  windowDays: number | null,
): string {
  const window = windowDays === null ? '1' : `ms >= at - ${windowDays * DAY_MS}`;
  return `SELECT *, at FROM (
      SELECT *, assumeNotNull(${milliseconds(time)}) AS ms FROM (${resolveKeys(plan, resolution, table, [time, ...columns], '1')})
      WHERE isNotNull(${time})
    ) ARRAY JOIN ${instantArray(plan)} AS at WHERE ms < at AND ${window}`;
}

function ticketSql(plan: Plan, resolution: Resolution, by: '' | 'user_id'): string {
  const key = by === '' ? '' : ', user_id';
  return `SELECT at, account_id${key}, countIf(ms >= at - ${30 * DAY_MS}) AS tickets_30d, countIf(ms < at - ${30 * DAY_MS}) AS tickets_prev
    FROM (${beforeInstants(plan, resolution, 'tickets', 'opened', ['user_id'], 60)})
    ${by === '' ? '' : `WHERE user_id != ''`} GROUP BY at, account_id${key}`;
}

function npsSql(plan: Plan, resolution: Resolution): string {
  const respondent = `if(user_id = '', concat('#', toString(fact_key)), concat('u', user_id))`;
  const rows = `SELECT at, account_id, ${respondent} AS respondent, ms, min(score) AS score
    FROM (${beforeInstants(plan, resolution, 'nps', 'time', ['user_id', 'score', 'fact_key'], null)}) GROUP BY at, account_id, respondent, ms`;
  const isRecent = `r.ms >= r.at - ${180 * DAY_MS}`;
  const born = 'assumeNotNull(b.created_ms)';
  const isEarly = `isNotNull(b.created_ms) AND r.ms >= ${born} + ${60 * DAY_MS} AND r.ms < ${born} + ${120 * DAY_MS}`;
  const people = `SELECT r.at AS at, r.account_id AS account_id, countIf(${isRecent}) AS recent, argMaxIf(r.score, r.ms, ${isRecent}) AS last_score,
      countIf(${isEarly}) AS early, sumIf(r.score, ${isEarly}) AS early_score
    FROM (${rows}) AS r LEFT JOIN ${scratch(plan, 'births')} AS b ON b.account_id = r.account_id GROUP BY r.at, r.account_id, r.respondent`;
  return `SELECT at, account_id, sumIf(last_score, recent > 0) / nullIf(countIf(recent > 0), 0) AS latest,
      sum(early_score) / nullIf(sum(early), 0) AS day_90
    FROM (${people}) GROUP BY at, account_id`;
}

function touchSql(plan: Plan, resolution: Resolution): string {
  return `SELECT at, account_id, count() AS touches FROM (${beforeInstants(plan, resolution, 'touches', 'time', ['kind'], 90)})
    WHERE kind IN ('marketing', 'community') GROUP BY at, account_id`;
}

function costSql(plan: Plan, resolution: Resolution): string {
  return `SELECT at, account_id, sum(amount_cents) / 100 AS cost
    FROM (${beforeInstants(plan, resolution, 'costs', 'time', ['amount_cents'], 365)}) GROUP BY at, account_id`;
}

function meterSql(plan: Plan, resolution: Resolution): string {
  return `SELECT m.at AS at, m.account_id AS account_id, sum(m.value) AS used
    FROM (${beforeInstants(plan, resolution, 'meters', 'time', ['meter', 'value'], 30)}) AS m
    LEFT JOIN ${scratch(plan, 'standing')} AS s ON s.at = m.at AND s.account_id = m.account_id
    WHERE empty(s.usage_units) OR has(s.usage_units, toString(m.meter)) GROUP BY at, account_id`;
}

function salesSql(plan: Plan, resolution: Resolution): string {
  const rows = beforeInstants(plan, resolution, 'opportunities', 'time', ['opportunity_id', 'created', 'won'], null);
  return `SELECT at, account_id, argMin((won_ms - assumeNotNull(created_ms)) / ${DAY_MS}, (created_ms, opportunity_id)) AS cycle_days FROM (
      SELECT at, account_id, opportunity_id, min(${milliseconds('created')}) AS created_ms,
        minIf(assumeNotNull(${milliseconds('won')}), isNotNull(won) AND ${milliseconds('won')} < at) AS won_ms
      FROM (${rows}) GROUP BY at, account_id, opportunity_id
    ) WHERE won_ms > 0 AND isNotNull(created_ms) GROUP BY at, account_id`;
}

function pulseSql(plan: Plan, resolution: Resolution): string {
  return `SELECT at, account_id, argMax(lower(trim(text)), (ms, text)) AS pulse
    FROM (${beforeInstants(plan, resolution, 'notes', 'time', ['text', 'kind'], null)})
    WHERE kind = 'pulse' AND lower(trim(text)) IN ('green', 'yellow', 'red') GROUP BY at, account_id`;
}
