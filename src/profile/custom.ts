import type { Warehouse } from '../warehouse/warehouse.ts';
import { buildArrAt, buildTerms } from './contract.ts';
import { DAY_MS, extent, milliseconds, type Plan, scratch } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch } from './scratch.ts';
import { spellSql } from './spell.ts';

/**
 * Builds what became of each account as a customer, up to the plan's one instant:
 *
 * - `custom_spells` (account_id, start_ms, churned_ms): spells as a customer; `churned_ms` null while one lasts;
 * - `custom_arr` (account_id, t, arr, is_customer): what holds from the midnight `t` to the next row's, as known then;
 * - `custom_terms` (account_id, term_ends_ms, known_ms): ends of terms on paper.
 *
 * Where there is no contract source, spells come from use: they end on the first day of a silence of
 * `outcomes.inactive_days`, and the two other tables are empty.
 */
export async function buildCustom(
  warehouse: Warehouse,
  plan: Plan,
  resolution: Resolution,
  hasContracts: boolean,
): Promise<void> {
  await buildTerms(warehouse, plan, resolution);
  await buildScratch(warehouse, plan, 'points', changePointsSql(plan));
  await buildArrAt(warehouse, plan);
  const spells = hasContracts ? contractSpellsSql(plan) : activitySpellsSql(plan, resolution);
  await buildScratch(warehouse, plan, 'custom_spells', spells);
  await buildScratch(
    warehouse,
    plan,
    'custom_arr',
    `SELECT account_id, t, arr, is_customer FROM ${scratch(plan, 'arr_at')}`,
  );
  const terms = `SELECT DISTINCT account_id, assumeNotNull(term_ends_ms) AS term_ends_ms, known_ms FROM ${scratch(plan, 'terms')}
    WHERE is_paid AND isNotNull(term_ends_ms) AND known_ms < ${extent(plan).to}`;
  await buildScratch(warehouse, plan, 'custom_terms', terms);
}

/** SQL: midnights around which what an account pays can change: starts, ends, the end of the grace, news of a version. */
function changePointsSql(plan: Plan): string {
  const grace = plan.model.value.churnGraceDays * DAY_MS;
  const midnightAfter = (ms: string) => `intDiv(${ms} + ${DAY_MS - 1}, ${DAY_MS}) * ${DAY_MS}`;
  const moments = `[starts_ms, ifNull(ends_ms, starts_ms), ifNull(ends_ms, starts_ms) + ${grace}, ${midnightAfter('known_ms')}]`;
  return `SELECT DISTINCT account_id, arrayJoin([moment, moment + ${DAY_MS}]) AS t FROM (
      SELECT account_id, arrayJoin(${moments}) AS moment FROM ${scratch(plan, 'terms')}
    ) WHERE t <= ${extent(plan).to}`;
}

function contractSpellsSql(plan: Plan): string {
  const { to } = extent(plan);
  return `SELECT account_id, start_ms, if(end_ms < ${to}, toNullable(end_ms), NULL) AS churned_ms FROM (${spellSql(plan)})`;
}

/** SQL: (account_id, start_ms, churned_ms): spells of use: each begins with an activity and ends where a silence of the model's length begins. */
export function activitySpellsSql(plan: Plan, resolution: Resolution): string {
  const { to } = extent(plan);
  const silence = plan.model.outcomes.inactiveDays * DAY_MS;
  const where = `${milliseconds('time')} < ${to}`;
  const days = `SELECT account_id, intDiv(ms, ${DAY_MS}) * ${DAY_MS} AS day FROM (${resolvedEvents(plan, resolution, [], where)})
    WHERE account_id != '' GROUP BY account_id, day`;
  const stretches = `arraySplit((day, gap) -> gap > ${silence}, days, arrayDifference(days))`;
  return `SELECT account_id, stretch[1] AS start_ms,
      if(stretch[-1] + ${DAY_MS} + ${silence} <= ${to}, toNullable(stretch[-1] + ${DAY_MS}), NULL) AS churned_ms
    FROM (SELECT account_id, arraySort(groupArray(day)) AS days FROM (${days}) GROUP BY account_id)
    ARRAY JOIN ${stretches} AS stretch`;
}
