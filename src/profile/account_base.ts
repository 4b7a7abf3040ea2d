import type { Warehouse } from '../warehouse/warehouse.ts';
import { WINDOW_DAYS } from './activity.ts';
import { areaBits, words } from './area.ts';
import { attributesOf } from './attribute.ts';
import { type BasePart, columnList } from './base_part.ts';
import { jobUserColumns } from './need.ts';
import { dayArray, instantOfDay, MINUTE_MS, type Plan, scratch } from './plan.ts';
import { buildScratch } from './scratch.ts';
import { minutesBy } from './session.ts';
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

/** Builds `account_people` (at, account): tiers, decline and runs of users. Needs the users' signals. */
export async function buildAccountPeople(warehouse: Warehouse, plan: Plan, users: string): Promise<void> {
  await buildScratch(warehouse, plan, 'account_people', peopleSql(plan, users));
}

/** Builds `account_departments` (at, account): departments of the users active in 30 days. Needs `user_base`. */
export async function buildAccountDepartments(warehouse: Warehouse, plan: Plan): Promise<void> {
  await buildScratch(warehouse, plan, 'account_departments', departmentSql(plan));
}

/**
 * Builds `account_base` (at, account): what the signals that are asked for are made of, one row for each account that
 * exists at the instant. Needs the tables that the parts read.
 */
export async function buildAccountBase(warehouse: Warehouse, plan: Plan, parts: readonly BasePart[]): Promise<void> {
  const sql = `SELECT p.at AS at, p.account_id AS account_id, ${columnList(parts)}
    FROM (SELECT * FROM ${scratch(plan, 'population')} WHERE at IN (${plan.instants.join(', ')})) AS p
    ${parts.map(({ join }) => join).join(' ')}`;
  await buildScratch(warehouse, plan, 'account_base', sql, 'wide');
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
  const at = instantOfDay(plan, 'anchor');
  const lasted = minutesBy(at, 's.1', 's.2', 's.3');
  return `SELECT at, account_id, sum(n) AS sessions_60, sumIf(n, k < 30) AS sessions_now, sumIf(n, k >= 30) AS sessions_prev,
      sum((59 - k) * toInt64(n)) AS sum_xy, sum(toInt64(n) * toInt64(n)) AS sum_yy,
      toInt64(sessions_60) AS sum_y, 2 * sum_xy - 59 * sum_y AS twice_sxy,
      4 * 17995 * (60 * sum_yy - sum_y * sum_y) - 60 * twice_sxy * twice_sxy AS sse_scaled,
      arrayFlatten(groupArrayIf(lengths, k < 30)) AS lengths_now, arrayFlatten(groupArrayIf(lengths, k >= 30)) AS lengths_prev,
      arrayReduce('quantileExactInclusive(0.5)', lengths_now) AS median_now, arrayReduce('quantileExactInclusive(0.5)', lengths_prev) AS median_prev
    FROM (
      SELECT ${at} AS at, account_id, anchor - 1 - day AS k, n, arrayConcat(settled, arrayMap(s -> ${lasted}, open)) AS lengths
      FROM (
        SELECT account_id, day, count() AS n, groupArrayIf((last_ms - start_ms) / ${MINUTE_MS}, empty(crossing)) AS settled,
          groupArrayIf((start_ms, last_ms, crossing), notEmpty(crossing)) AS open
        FROM ${scratch(plan, 'sessions')} GROUP BY account_id, day
      ) ARRAY JOIN arrayFilter(x -> x > day AND x <= day + ${WINDOW_DAYS}, ${dayArray(plan)}) AS anchor
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

const USE_COLUMNS = [
  ...['events', 'active_7', 'active_30', 'active_prev', 'user_days_7', 'user_days_28', 'user_days_30', 'core_events'],
  ...['help_events', 'top_user_events', 'user_events'],
];
const SESSION_COLUMNS = [
  ...['sessions_60', 'sessions_now', 'sessions_prev', 'sum_y', 'twice_sxy', 'sse_scaled', 'median_now', 'median_prev'],
];
/** What the tally of an account's users says of it. */
export const PEOPLE_COLUMNS: readonly string[] = [
  ...['power', 'at_risk', 'in_decline', 'with_baseline', 'baselines_missing', 'long_baselines', 'recent_days'],
  ...['base_days', 'runs', 'runs_done'],
];
const NEED_COLUMNS = [
  ...[
    'job',
    'second_job',
    'maturity',
    'decision_process',
    'integration_need',
    'success_criteria',
    'second_job_released',
  ],
];
const STANDING_COLUMNS = [
  ...['has_contracts', 'is_customer', 'was_customer', 'relationship', 'arr', 'arr_before', 'was_customer_before'],
  ...['expansions', 'in_force', 'seats', 'quota', 'next_term_end_ms', 'terms', 'first_paid_ms'],
];

function columnsOf(alias: string, names: readonly string[], prefix = ''): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`${prefix}${name}`, `${alias}.${name}`]));
}

/** Everything that an account's base row can hold: the rows themselves first, then each table that is joined onto them. */
export function accountParts(plan: Plan): readonly BasePart[] {
  const { model } = plan;
  const attributes = attributesOf(model, 'account').map(({ name }) => name);
  const own = ['created_ms', 'created', 'lead_created', 'is_assumed'];
  return [
    { reads: ['population'], join: '', columns: columnsOf('p', [...own, ...attributes]) },
    ...useParts(plan),
    ...peopleParts(plan),
    ...saidParts(plan),
  ];
}

function joined(plan: Plan, table: string, alias: string, columns: Record<string, string>, hasAt = true): BasePart {
  const at = hasAt ? `${alias}.at = p.at AND ` : '';
  const join = `LEFT JOIN ${scratch(plan, table)} AS ${alias} ON ${at}${alias}.account_id = p.account_id`;
  return { reads: [table], join, columns };
}

function useParts(plan: Plan): readonly BasePart[] {
  const { model } = plan;
  const areas = areaBits(model).map(({ index }) => `area_${index}_days`);
  const masks = words(model).map((word) => `areas_${word}`);
  const jobs = model.jobs.map((_, index) => `job_${index}_users`);
  const milestones = model.activation.milestones.map((_, index) => `milestone_${index}`);
  const seen = `SELECT at, account_id, max(last_ms) AS last_event_ms, maxIf(last_ms, user_id != '') AS last_active_ms
      FROM ${scratch(plan, 'last_seen')} GROUP BY at, account_id`;
  const old = `SELECT account_id, max(last_old_ms) AS last_any_ms, maxIf(last_old_ms, user_id != '') AS last_user_ms
      FROM ${scratch(plan, 'user_history')} GROUP BY account_id`;
  return [
    joined(plan, 'account_use', 'u', columnsOf('u', [...USE_COLUMNS, ...areas, ...masks, ...jobs])),
    {
      reads: ['last_seen', 'user_history'],
      join: `LEFT JOIN (${seen}) AS y ON y.at = p.at AND y.account_id = p.account_id LEFT JOIN (${old}) AS o ON o.account_id = p.account_id`,
      columns: {
        last_event_ms: 'greatest(y.last_event_ms, o.last_any_ms)',
        last_active_ms: 'greatest(y.last_active_ms, o.last_user_ms)',
      },
    },
    joined(plan, 'account_sessions', 's', {
      ...columnsOf('s', SESSION_COLUMNS),
      ...{ n_now: 'length(s.lengths_now)', n_prev: 'length(s.lengths_prev)' },
    }),
    joined(
      plan,
      'account_progress',
      'a',
      {
        ...columnsOf(
          'a',
          words(model).map((word) => `first_areas_${word}`),
        ),
        steps_reached: 'arrayCount(x -> x > 0 AND x < p.at, a.reach)',
        last_step_ms: 'if(steps_reached = 0, 0, a.reach[steps_reached])',
      },
      false,
    ),
    joined(plan, 'milestones', 'm', columnsOf('m', milestones), false),
    joined(plan, 'integrations', 'i', columnsOf('i', ['integrations'])),
  ];
}

function peopleParts(plan: Plan): readonly BasePart[] {
  return [
    joined(plan, 'account_people', 'e', columnsOf('e', PEOPLE_COLUMNS)),
    joined(plan, 'account_departments', 'd', columnsOf('d', ['departments', 'top_share'])),
    joined(plan, 'pathways', 'w', {
      ...columnsOf('w', ['pathway']),
      ...{ first_contract_ms: 'w.start_ms', has_pathway: `w.account_id != ''` },
    }),
    joined(plan, 'sponsors', 'z', {
      ...{ ever_sponsor: `z.account_id != ''`, has_sponsor: 'z.has_sponsor', sponsor_is_active: 'z.is_active' },
      ...{ sponsor_is_engaged: 'z.is_engaged', sponsor_changed_ms: 'z.changed_ms' },
    }),
  ];
}

function saidParts(plan: Plan): readonly BasePart[] {
  return [
    joined(plan, 'tickets', 't', { tickets: 't.tickets_30d', tickets_prev: 't.tickets_prev' }),
    joined(plan, 'nps', 'n', { nps_mean: 'n.latest', nps_day: 'n.day_90' }),
    joined(plan, 'touches', 'q', columnsOf('q', ['touches'])),
    joined(plan, 'needs', 'j', columnsOf('j', NEED_COLUMNS, 'said_')),
    joined(plan, 'sales', 'v', { cycle_days: 'v.cycle_days', has_won: `v.account_id != ''` }),
    joined(plan, 'pulses', 'l', { said_pulse: 'l.pulse' }),
    joined(plan, 'costs', 'c', columnsOf('c', ['cost'])),
    joined(plan, 'meters', 'g', { metered: 'g.used' }),
    joined(plan, 'standing', 'k', columnsOf('k', STANDING_COLUMNS, 'said_')),
    {
      reads: ['churn_rate'],
      join: `LEFT JOIN ${scratch(plan, 'churn_rate')} AS r ON r.at = p.at`,
      columns: columnsOf('r', ['churns', 'customer_years']),
    },
  ];
}
