import type { Warehouse } from '../warehouse/warehouse.ts';
import { areaBits, words } from './area.ts';
import { attributesOf } from './attribute.ts';
import { DAY_MS, instantArray, type Plan, quote, scratch } from './plan.ts';
import { buildScratch } from './scratch.ts';

/**
 * Builds `user_base` (at, account, user): everything that a user's signals are made of, one row for each user listed at
 * the instant. Needs every scratch table of use, progress and service.
 */
export async function buildUserBase(warehouse: Warehouse, plan: Plan): Promise<void> {
  await buildScratch(warehouse, plan, 'user_runs', userRunSql(plan));
  await buildScratch(warehouse, plan, 'user_base', userBaseSql(plan), 'wide');
}

/** SQL: (at, account, user): runs closed and completed by the instant, of the last 30 days and the 30 before. */
function userRunSql(plan: Plan): string {
  const recent = `start_ms >= at - ${30 * DAY_MS}`;
  const names = plan.model.taxonomy.workflows.map((workflow) => `[${workflow.steps.map(quote).join(', ')}]`);
  const step = `[${names.join(', ')}][workflow + 1][reached + 1]`;
  return `SELECT at, account_id, user_id, countIf(is_closed AND ${recent}) AS runs, countIf(is_done AND ${recent}) AS runs_done,
      countIf(is_closed AND NOT ${recent}) AS runs_prev, countIf(is_done AND NOT ${recent}) AS runs_prev_done,
      arrayMap(x -> x.1, arraySort(x -> (-x.2, x.3, x.1), arrayMap(n -> (n, arrayCount(y -> y.1 = n, drops), arrayMin(y -> if(y.1 = n, y.2, 1000000000), drops)),
        arrayDistinct(arrayMap(y -> y.1, drops)))))[1] AS drop_off,
      groupArrayIf((${names.length === 0 ? `''` : step}, toInt64(reached)), is_lapsed) AS drops
    FROM (
      SELECT *, at, completed_ms > 0 AND completed_ms < at AS is_done, NOT is_done AND lapses_ms <= at AS is_lapsed, is_done OR is_lapsed AS is_closed
      FROM ${scratch(plan, 'runs')} ARRAY JOIN ${instantArray(plan)} AS at
      WHERE start_ms < at AND start_ms >= at - ${60 * DAY_MS}
    ) GROUP BY at, account_id, user_id`;
}

/** SQL: the rows of `user_base`, with the windows in which a user's frequency is measured and active days in each. */
function userBaseSql(plan: Plan): string {
  const mask = (window: string) => `bitShiftLeft(toUInt64(1), toUInt8(greatest(0, ${window}))) - 1`;
  return `SELECT *, bitCount(bitAnd(days, ${mask('recent_window')})) AS recent_active,
      bitCount(bitAnd(bitShiftRight(days, toUInt8(recent_window)), ${mask('base_window')})) AS base_active
    FROM (SELECT *, if(ifNull(first_seen, 0) >= 44, 14, 7) AS recent_window,
      if(ifNull(first_seen, 0) >= 44, 30, least(30, ifNull(first_seen, 0) - 8)) AS base_window FROM (${userRowSql(plan)}))`;
}

function userRowSql(plan: Plan): string {
  const { model } = plan;
  const attributes = attributesOf(model, 'user').map(({ name }) => `m.${name} AS ${name}`);
  const areas = areaBits(model).map(({ index }) => `w.area_${index}_days AS area_${index}_days`);
  const used = areaBits(model).map(({ index }) => `if(w.area_${index}_days != 0, [${index}], [])`);
  const firsts = areaBits(model)
    .filter(({ area }) => !area.isEntry)
    .map(({ index }) => `h.area_${index}_first_ms AS area_${index}_first_ms`);
  const sessions = `SELECT at, account_id, user_id, countIf(k < 30) AS sessions FROM ${scratch(plan, 'sessions')} GROUP BY at, account_id, user_id`;
  const on = (alias: string, hasAt: boolean) =>
    `ON ${hasAt ? `${alias}.at = m.at AND ` : ''}${alias}.account_id = m.account_id AND ${alias}.user_id = m.user_id`;
  return `SELECT m.at AS at, m.account_id AS account_id, m.user_id AS user_id, m.\`from\` AS \`from\`, m.\`to\` AS \`to\`,
      ${[...attributes, ...areas, ...firsts, ...words(model).map((word) => `w.areas_${word} AS areas_${word}`)].join(', ')},
      ${used.length === 0 ? 'emptyArrayUInt8()' : `arrayConcat(${used.join(', ')})`} AS used_areas,
      w.days AS days, w.events_30d AS events, w.core_events_30d AS core_events,
      if(h.first_ms > 0 AND h.first_ms < m.at, toNullable(h.first_ms), NULL) AS began_ms, began_ms AS first_ms,
      if(isNull(began_ms), NULL, toNullable(greatest(l.last_ms, h.last_old_ms))) AS last_ms,
      intDiv(m.at - began_ms, ${DAY_MS}) AS first_seen,
      arrayCount(x -> x > 0 AND x < m.at, p.reach) AS steps_reached, if(steps_reached = 0, 0, p.reach[steps_reached]) AS last_step_ms,
      r.runs AS runs, r.runs_done AS runs_done, r.runs_prev AS runs_prev, r.runs_prev_done AS runs_prev_done, r.drop_off AS drop_off,
      s.sessions AS sessions, t.tickets_30d AS tickets
    FROM ${scratch(plan, 'members')} AS m
    LEFT JOIN ${scratch(plan, 'user_window')} AS w ${on('w', true)}
    LEFT JOIN ${scratch(plan, 'last_seen')} AS l ${on('l', true)}
    LEFT JOIN ${scratch(plan, 'user_history')} AS h ${on('h', false)}
    LEFT JOIN ${scratch(plan, 'user_progress')} AS p ${on('p', false)}
    LEFT JOIN ${scratch(plan, 'user_runs')} AS r ${on('r', true)}
    LEFT JOIN (${sessions}) AS s ${on('s', true)}
    LEFT JOIN ${scratch(plan, 'user_tickets')} AS t ${on('t', true)}`;
}
