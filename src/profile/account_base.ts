import type { Warehouse } from '../warehouse/warehouse.ts';
import { areaBits, words } from './area.ts';
import { attributesOf } from './attribute.ts';
import { allOf } from './lane.ts';
import { jobUserColumns } from './need.ts';
import { type Plan, scratch } from './plan.ts';
import { buildScratch } from './scratch.ts';
import { ACTIVE_MASKS } from './signals/user.ts';

const { M7, M28, M30 } = ACTIVE_MASKS;

/** Builds `account_use` (at, account): use of the last 60 days. Needs `user_window`. */
export async function buildAccountUse(warehouse: Warehouse, plan: Plan): Promise<void> {
  await buildScratch(warehouse, plan, 'account_use', useSql(plan));
}

/** Builds `account_sessions` (at, account): session counts, medians and trend. Needs `sessions`. */
export async function buildAccountSessions(warehouse: Warehouse, plan: Plan): Promise<void> {
  await buildScratch(warehouse, plan, 'account_sessions', sessionSql(plan));
}

/** Columns of a user's base row that an account's tally of its users reads. */
export const TALLIED: readonly string[] = ['first_seen', 'days', 'runs', 'runs_done'];

/** Builds `account_people` and `account_departments` (at, account): tiers, decline, runs and departments of users. */
export async function buildAccountPeople(warehouse: Warehouse, plan: Plan, users: string): Promise<void> {
  await allOf([
    buildScratch(warehouse, plan, 'account_people', peopleSql(plan, users)),
    buildScratch(warehouse, plan, 'account_departments', departmentSql(plan)),
  ]);
}

/**
 * Builds `account_base` (at, account): everything that an account's signals are made of, one row for each account that
 * exists at the instant. Needs every other scratch table, user signals and tiers included.
 */
export async function buildAccountBase(warehouse: Warehouse, plan: Plan): Promise<void> {
  await buildScratch(warehouse, plan, 'account_base', baseSql(plan), 'wide');
}

/** SQL: (at, account): use of the last 60 days, over users and events without one. */
function useSql(plan: Plan): string {
  const { model } = plan;
  const days = areaBits(model).map(({ index }) => `groupBitOr(area_${index}_days) AS area_${index}_days`);
  return `SELECT at, account_id, sum(events_30d) AS events,
      countIf(user_id != '' AND bitAnd(days, ${M7}) != 0) AS active_7, countIf(user_id != '' AND bitAnd(days, ${M30}) != 0) AS active_30,
      countIf(user_id != '' AND bitAnd(bitShiftRight(days, 30), ${M30}) != 0) AS active_prev,
      sumIf(bitCount(bitAnd(days, ${M7})), user_id != '') AS user_days_7, sumIf(bitCount(bitAnd(days, ${M28})), user_id != '') AS user_days_28,
      sumIf(bitCount(bitAnd(days, ${M30})), user_id != '') AS user_days_30, sumIf(core_events_30d, user_id != '') AS core_events,
      sum(help_events_30d) AS help_events, maxIf(events_30d, user_id != '') AS top_user_events, sumIf(events_30d, user_id != '') AS user_events,
      ${[...words(model).map((word) => `groupBitOr(u.areas_${word}) AS areas_${word}`), ...days].join(', ')}
      ${jobUserColumns(plan)
        .map((column) => `, ${column.replaceAll('areas_', 'u.areas_')}`)
        .join('')}
    FROM ${scratch(plan, 'user_window')} AS u GROUP BY at, account_id`;
}

/**
 * SQL: (at, account): session counts and medians, and the sums of the least-squares line through 60 daily counts.
 *
 * `sse_scaled` is the residual sum of squares times 4 x 60 x 17995, in whole numbers, so that a perfect line is zero.
 */
function sessionSql(plan: Plan): string {
  return `SELECT at, account_id, sum(n) AS sessions_60, sumIf(n, k < 30) AS sessions_now, sumIf(n, k >= 30) AS sessions_prev,
      sum((59 - k) * toInt64(n)) AS sum_xy, sum(toInt64(n) * toInt64(n)) AS sum_yy,
      toInt64(sessions_60) AS sum_y, 2 * sum_xy - 59 * sum_y AS twice_sxy,
      4 * 17995 * (60 * sum_yy - sum_y * sum_y) - 60 * twice_sxy * twice_sxy AS sse_scaled,
      arrayFlatten(groupArrayIf(lengths, k < 30)) AS lengths_now, arrayFlatten(groupArrayIf(lengths, k >= 30)) AS lengths_prev,
      arrayReduce('quantileExactInclusive(0.5)', lengths_now) AS median_now, arrayReduce('quantileExactInclusive(0.5)', lengths_prev) AS median_prev
    FROM (
      SELECT at, account_id, k, count() AS n, groupArray(minutes) AS lengths FROM ${scratch(plan, 'sessions')} GROUP BY at, account_id, k
    ) GROUP BY at, account_id`;
}

/** SQL: (at, account): tiers, decline and runs of the account's users. */
function peopleSql(plan: Plan, users: string): string {
  const hasBaseline = `first_seen >= 44 AND frequency_baseline__null = 0`;
  return `SELECT at, account_id, countIf(tier = 'power') AS power, countIf(tier = 'at_risk') AS at_risk,
      countIf(in_decline = 1) AS in_decline, countIf(isNotNull(in_decline)) AS with_baseline, countIf(frequency_baseline__null = 1) AS baselines_missing,
      countIf(${hasBaseline}) AS long_baselines, sumIf(bitCount(bitAnd(days, ${2 ** 14 - 1})), ${hasBaseline}) AS recent_days,
      sumIf(bitCount(bitAnd(bitShiftRight(days, 14), ${M30})), ${hasBaseline}) AS base_days,
      sum(runs) AS runs, sum(runs_done) AS runs_done
    FROM ${users} WHERE at IN (${plan.instants.join(', ')}) GROUP BY at, account_id`;
}

/** SQL: (at, account): departments of the users active in 30 days. */
function departmentSql(plan: Plan): string {
  return `SELECT at, account_id, count() AS departments, max(n) / sum(n) AS top_share FROM (
      SELECT at, account_id, department, count() AS n FROM ${scratch(plan, 'user_base')}
      WHERE bitAnd(days, ${M30}) != 0 AND isNotNull(department) GROUP BY at, account_id, department
    ) GROUP BY at, account_id`;
}

function baseSql(plan: Plan): string {
  const { model } = plan;
  const attributes = attributesOf(model, 'account').map(({ name }) => `p.${name} AS ${name}`);
  const areas = areaBits(model).map(({ index }) => `u.area_${index}_days AS area_${index}_days`);
  const masks = words(model).flatMap((word) => [
    `u.areas_${word} AS areas_${word}`,
    `a.first_areas_${word} AS first_areas_${word}`,
  ]);
  const milestones = model.activation.milestones.map((_, index) => `m.milestone_${index} AS milestone_${index}`);
  const join = (name: string, alias: string, hasAt = true) =>
    `LEFT JOIN ${scratch(plan, name)} AS ${alias} ON ${hasAt ? `${alias}.at = p.at AND ` : ''}${alias}.account_id = p.account_id`;
  return `SELECT p.at AS at, p.account_id AS account_id, p.created_ms AS created_ms, p.created AS created, p.lead_created AS lead_created, p.is_assumed AS is_assumed,
      ${[...attributes, ...areas, ...masks, ...milestones].join(', ')},
      u.events AS events, greatest(y.last_event_ms, o.last_any_ms) AS last_event_ms, greatest(y.last_active_ms, o.last_user_ms) AS last_active_ms,
      ${['active_7', 'active_30', 'active_prev', 'user_days_7', 'user_days_28', 'user_days_30', 'core_events', 'help_events', 'top_user_events', 'user_events'].map((name) => `u.${name} AS ${name}`).join(', ')}
      ${model.jobs.map((_, index) => `, u.job_${index}_users AS job_${index}_users`).join('')},
      ${['sessions_60', 'sessions_now', 'sessions_prev', 'sum_y', 'twice_sxy', 'sse_scaled', 'median_now', 'median_prev'].map((name) => `s.${name} AS ${name}`).join(', ')},
      length(s.lengths_now) AS n_now, length(s.lengths_prev) AS n_prev,
      ${['power', 'at_risk', 'in_decline', 'with_baseline', 'baselines_missing', 'long_baselines', 'recent_days', 'base_days', 'runs', 'runs_done'].map((name) => `e.${name} AS ${name}`).join(', ')},
      d.departments AS departments, d.top_share AS top_share, arrayCount(x -> x > 0 AND x < p.at, a.reach) AS steps_reached,
      if(steps_reached = 0, 0, a.reach[steps_reached]) AS last_step_ms, i.integrations AS integrations,
      w.pathway AS pathway, w.start_ms AS first_contract_ms, w.account_id != '' AS has_pathway,
      z.account_id != '' AS ever_sponsor, z.has_sponsor AS has_sponsor, z.is_active AS sponsor_is_active, z.is_engaged AS sponsor_is_engaged, z.changed_ms AS sponsor_changed_ms,
      t.tickets_30d AS tickets, t.tickets_prev AS tickets_prev, n.latest AS nps_mean, n.day_90 AS nps_day, q.touches AS touches,
      ${['job', 'second_job', 'maturity', 'decision_process', 'integration_need', 'success_criteria', 'second_job_released'].map((name) => `j.${name} AS said_${name}`).join(', ')},
      v.cycle_days AS cycle_days, v.account_id != '' AS has_won, l.pulse AS said_pulse, c.cost AS cost, g.used AS metered,
      ${['has_contracts', 'is_customer', 'was_customer', 'relationship', 'arr', 'arr_before', 'was_customer_before', 'expansions', 'in_force', 'seats', 'quota', 'next_term_end_ms', 'terms', 'first_paid_ms'].map((name) => `k.${name} AS said_${name}`).join(', ')},
      r.churns AS churns, r.customer_years AS customer_years
    FROM (SELECT * FROM ${scratch(plan, 'population')} WHERE at IN (${plan.instants.join(', ')})) AS p
    ${join('account_use', 'u')}
    LEFT JOIN (SELECT at, account_id, max(last_ms) AS last_event_ms, maxIf(last_ms, user_id != '') AS last_active_ms
      FROM ${scratch(plan, 'last_seen')} GROUP BY at, account_id) AS y ON y.at = p.at AND y.account_id = p.account_id
    LEFT JOIN (SELECT account_id, max(last_old_ms) AS last_any_ms, maxIf(last_old_ms, user_id != '') AS last_user_ms
      FROM ${scratch(plan, 'user_history')} GROUP BY account_id) AS o ON o.account_id = p.account_id
    ${join('account_sessions', 's')} ${join('account_people', 'e')} ${join('account_departments', 'd')}
    ${join('account_progress', 'a', false)} ${join('milestones', 'm', false)} ${join('integrations', 'i')} ${join('pathways', 'w')}
    ${join('sponsors', 'z')} ${join('tickets', 't')} ${join('nps', 'n')} ${join('touches', 'q')} ${join('needs', 'j')}
    ${join('sales', 'v')} ${join('pulses', 'l')} ${join('costs', 'c')} ${join('meters', 'g')} ${join('standing', 'k')}
    LEFT JOIN ${scratch(plan, 'churn_rate')} AS r ON r.at = p.at`;
}
