import type { Warehouse } from '../warehouse/warehouse.ts';
import { areaBits, words } from './area.ts';
import { attributesOf } from './attribute.ts';
import { type BasePart, columnList } from './base_part.ts';
import { DAY_MS, dayArray, instantArray, instantOfDay, type Plan, quote, scratch } from './plan.ts';
import { buildScratch } from './scratch.ts';

/**
 * Builds `user_base` (at, account, user): what the users' signals that are asked for are made of, one row for each user
 * listed at the instant. Needs the tables that the parts read.
 */
export async function buildUserBase(warehouse: Warehouse, plan: Plan, parts: readonly BasePart[]): Promise<void> {
  await buildScratch(warehouse, plan, 'user_base', userBaseSql(plan, parts), 'wide');
}

/** Builds `user_runs` (at, account, user): runs closed and completed, and where they lapsed. Needs `runs`. */
export async function buildUserRuns(warehouse: Warehouse, plan: Plan): Promise<void> {
  await buildScratch(warehouse, plan, 'user_runs', userRunSql(plan));
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
function userBaseSql(plan: Plan, parts: readonly BasePart[]): string {
  const mask = (window: string) => `bitShiftLeft(toUInt64(1), toUInt8(greatest(0, ${window}))) - 1`;
  return `SELECT *, bitCount(bitAnd(days, ${mask('recent_window')})) AS recent_active,
      bitCount(bitAnd(bitShiftRight(days, toUInt8(recent_window)), ${mask('base_window')})) AS base_active
    FROM (SELECT *, if(ifNull(first_seen, 0) >= 44, 14, 7) AS recent_window,
      if(ifNull(first_seen, 0) >= 44, 30, least(30, ifNull(first_seen, 0) - 8)) AS base_window FROM (${userRowSql(plan, parts)}))`;
}

function userRowSql(plan: Plan, parts: readonly BasePart[]): string {
  return `SELECT m.at AS at, m.account_id AS account_id, m.user_id AS user_id, ${columnList(parts)}
    FROM ${scratch(plan, 'members')} AS m ${parts.map(({ join }) => join).join(' ')}`;
}

/** Everything that a user's base row can hold: the rows themselves first, then each table that is joined onto them. */
export function userParts(plan: Plan): readonly BasePart[] {
  const { model } = plan;
  const of = (alias: string, names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, `${alias}.\`${name}\``]));
  const on = (alias: string, hasAt = true): string =>
    `ON ${hasAt ? `${alias}.at = m.at AND ` : ''}${alias}.account_id = m.account_id AND ${alias}.user_id = m.user_id`;
  const joined = (table: string, alias: string, columns: Record<string, string>, hasAt = true): BasePart => ({
    reads: [table],
    join: `LEFT JOIN ${scratch(plan, table)} AS ${alias} ${on(alias, hasAt)}`,
    columns,
  });
  const attributes = attributesOf(model, 'user').map(({ name }) => name);
  const areas = areaBits(model).map(({ index }) => `area_${index}_days`);
  const used = areaBits(model).map(({ index }) => `if(w.area_${index}_days != 0, [${index}], [])`);
  const firsts = areaBits(model).filter(({ area }) => !area.isEntry);
  const sessions = `SELECT ${instantOfDay(plan, 'anchor')} AS at, account_id, user_id, arrayCount(x -> x < anchor AND x >= anchor - 30, starts) AS sessions
    FROM (SELECT account_id, user_id, groupArray(day) AS starts FROM ${scratch(plan, 'sessions')} GROUP BY account_id, user_id)
    ARRAY JOIN arrayFilter(x -> x > arrayMin(starts), ${dayArray(plan)}) AS anchor`;
  return [
    { reads: ['members'], join: '', columns: of('m', ['from', 'to', ...attributes]) },
    joined('user_window', 'w', {
      ...of('w', ['days', ...areas, ...words(model).map((word) => `areas_${word}`)]),
      used_areas: used.length === 0 ? 'emptyArrayUInt8()' : `arrayConcat(${used.join(', ')})`,
      ...{ events: 'w.events_30d', core_events: 'w.core_events_30d' },
    }),
    {
      reads: ['last_seen', 'user_history'],
      join: `LEFT JOIN ${scratch(plan, 'last_seen')} AS l ${on('l')} LEFT JOIN ${scratch(plan, 'user_history')} AS h ${on('h', false)}`,
      columns: {
        ...of(
          'h',
          firsts.map(({ index }) => `area_${index}_first_ms`),
        ),
        began_ms: 'if(h.first_ms > 0 AND h.first_ms < m.at, toNullable(h.first_ms), NULL)',
        first_ms: 'began_ms',
        last_ms: 'if(isNull(began_ms), NULL, toNullable(greatest(l.last_ms, h.last_old_ms)))',
        first_seen: `intDiv(m.at - began_ms, ${DAY_MS})`,
      },
    },
    joined(
      'user_progress',
      'p',
      {
        steps_reached: 'arrayCount(x -> x > 0 AND x < m.at, p.reach)',
        last_step_ms: 'if(steps_reached = 0, 0, p.reach[steps_reached])',
      },
      false,
    ),
    joined('user_runs', 'r', of('r', ['runs', 'runs_done', 'runs_prev', 'runs_prev_done', 'drop_off'])),
    { reads: ['sessions'], join: `LEFT JOIN (${sessions}) AS s ${on('s')}`, columns: of('s', ['sessions']) },
    joined('user_tickets', 't', { tickets: 't.tickets_30d' }),
  ];
}
