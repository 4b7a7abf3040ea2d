import type { Milestone } from '../definition/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { areaMask, eventCondition, readsProperties, words } from './area.ts';
import { DAY_MS, extent, milliseconds, type Plan, quote, quoteList, scratch } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch } from './scratch.ts';

/**
 * Builds what accounts and users have reached, as instants that every as-of can read (0: not reached before the plan's
 * last instant):
 *
 * - `user_progress` (account, user): `reach`, one instant for each step of the user sequence;
 * - `account_progress` (account): `reach` for the account sequence and `first_areas_<word>`, areas used in the first 30
 *   days from `created`;
 * - `milestones` (account): `milestone_<index>`.
 *
 * Needs `births` and `runs`. Accounts without `created` are left out of the account tables.
 */
export async function buildProgress(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'user_progress', userSql(plan, resolution));
  await buildScratch(warehouse, plan, 'account_progress', accountSql(plan, resolution));
  await buildScratch(warehouse, plan, 'milestones', milestoneSql(plan, resolution));
}

function before(plan: Plan): string {
  return `${milliseconds('time')} < ${extent(plan).to}`;
}

/** SQL: arrays of the instants of each step, and the chain of first instants at or after the step before. */
function chainSql(steps: readonly string[]): { arrays: string; reach: string } {
  const arrays = steps.map((step, index) => `arraySort(groupArrayIf(ms, event = ${quote(step)})) AS step_${index}`);
  const links = steps.map((_, index) =>
    index === 0
      ? `if(empty(step_0), toInt64(0), step_0[1]) AS reach_0`
      : `if(reach_${index - 1} = 0, toInt64(0), arrayFirst(x -> x >= reach_${index - 1}, step_${index})) AS reach_${index}`,
  );
  return {
    arrays: arrays.join(', '),
    reach: `${links.join(', ')}, [${steps.map((_, index) => `reach_${index}`).join(', ')}] AS reach`,
  };
}

function userSql(plan: Plan, resolution: Resolution): string {
  const steps = plan.model.activation.userSequence;
  const where = `${before(plan)} AND user_id != '' AND event IN ${quoteList(steps)}`;
  const events = resolvedEvents(plan, resolution, [], where);
  if (steps.length === 0) return `SELECT account_id, user_id, emptyArrayInt64() AS reach FROM (${events}) LIMIT 0`;
  const chain = chainSql(steps);
  return `SELECT account_id, user_id, reach FROM (
      SELECT account_id, user_id, ${chain.reach} FROM (
        SELECT account_id, user_id, ${chain.arrays} FROM (${events}) GROUP BY account_id, user_id
      )
    )`;
}

function accountSql(plan: Plan, resolution: Resolution): string {
  const { model } = plan;
  const steps = model.activation.accountSequence;
  const chain = chainSql(steps);
  const names = [...new Set([...steps, ...model.taxonomy.features.flatMap((area) => area.events)])];
  const where = `${before(plan)} AND event IN ${quoteList(names)}`;
  const masks = words(model).map((word) => `${areaMask(model, word)} AS mask_${word}`);
  const firsts = words(model).map(
    (word) => `groupBitOrIf(mask_${word}, ms < created_ms + ${30 * DAY_MS}) AS first_areas_${word}`,
  );
  const kept = words(model).map((word) => `first_areas_${word}`);
  return `SELECT account_id, ${kept.join(', ')}, ${steps.length === 0 ? 'emptyArrayInt64() AS reach' : chain.reach} FROM (
      SELECT account_id, ${firsts.join(', ')} ${steps.length === 0 ? '' : `, ${chain.arrays}`} FROM (
        SELECT e.account_id AS account_id, e.ms AS ms, e.event AS event, assumeNotNull(b.created_ms) AS created_ms, ${masks.join(', ')}
        FROM (${resolvedEvents(plan, resolution, readsProperties(model) ? ['properties'] : [], where)}) AS e
        INNER JOIN ${scratch(plan, 'births')} AS b ON b.account_id = e.account_id
        WHERE isNotNull(b.created_ms) AND e.ms >= assumeNotNull(b.created_ms)
      ) GROUP BY account_id
    )`;
}

function milestoneSql(plan: Plan, resolution: Resolution): string {
  const parts = plan.model.activation.milestones.map((milestone, index) => {
    const from = milestone.workflow === null ? eventMoments(plan, resolution, milestone) : runMoments(plan, milestone);
    return reachedSql(plan, milestone, index, from);
  });
  const columns = plan.model.activation.milestones.map((_, index) => `milestone_${index}`);
  if (parts.length === 0) return `SELECT '' AS account_id LIMIT 0`;
  const rows = parts.join(' UNION ALL ');
  return `SELECT account_id, ${columns.map((name, index) => `sumIf(reached_ms, milestone = ${index}) AS ${name}`).join(', ')}
    FROM (${rows}) GROUP BY account_id`;
}

/** SQL: one row for each account that reached the milestone: when. */
function reachedSql(plan: Plan, milestone: Milestone, index: number, moments: string): string {
  const { count, users, withinDays } = milestone;
  const deadline = withinDays === null ? '' : `AND m.ms < assumeNotNull(b.created_ms) + ${withinDays * DAY_MS}`;
  const counted = `SELECT m.account_id AS account_id, m.user_id AS user_id, m.ms AS ms
    FROM (${moments}) AS m INNER JOIN ${scratch(plan, 'births')} AS b ON b.account_id = m.account_id
    WHERE isNotNull(b.created_ms) AND m.ms >= assumeNotNull(b.created_ms) ${deadline} ${users === null ? '' : `AND m.user_id != ''`}`;
  const byCount = `SELECT account_id, groupArraySorted(${count})(ms)[${count}] AS ms FROM (${counted}) GROUP BY account_id`;
  if (users === null)
    return `SELECT account_id, ${index} AS milestone, ms AS reached_ms FROM (${byCount}) WHERE ms > 0`;
  const byUsers = `SELECT account_id, groupArraySorted(${users})(first_ms)[${users}] AS ms
    FROM (SELECT account_id, user_id, min(ms) AS first_ms FROM (${counted}) GROUP BY account_id, user_id) GROUP BY account_id`;
  return `SELECT c.account_id AS account_id, ${index} AS milestone, greatest(c.ms, u.ms) AS reached_ms
    FROM (${byCount}) AS c INNER JOIN (${byUsers}) AS u ON u.account_id = c.account_id WHERE c.ms > 0 AND u.ms > 0`;
}

function eventMoments(plan: Plan, resolution: Resolution, milestone: Milestone): string {
  const where = `${before(plan)} AND event = ${quote(milestone.event ?? '')}`;
  const events = resolvedEvents(plan, resolution, milestone.where === null ? [] : ['properties', 'session_id'], where);
  if (milestone.where === null) return events;
  return `SELECT account_id, user_id, ms FROM (${events}) WHERE ifNull(${eventCondition(milestone.where)}, 0) = 1`;
}

function runMoments(plan: Plan, milestone: Milestone): string {
  const workflow = plan.model.taxonomy.workflows.findIndex((candidate) => candidate.name === milestone.workflow);
  return `SELECT account_id, user_id, completed_ms AS ms FROM ${scratch(plan, 'runs')}
    WHERE workflow = ${workflow} AND completed_ms > 0`;
}
