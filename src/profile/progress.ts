import type { Milestone } from '../definition/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { areaMask, eventCondition, readsProperties, words } from './area.ts';
import { DAY_MS, extent, milliseconds, type Plan, quote, quoteList, scratch } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch } from './scratch.ts';

/**
 * Builds `user_progress` (account, user): `reach`, the instant of each step of the user sequence that every as-of can
 * read (0: not reached before the plan's last instant).
 */
export async function buildUserProgress(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'user_progress', userSql(plan, resolution));
}

/**
 * Builds `account_progress` (account): `reach` for the account sequence, in the same way, and `first_areas_<word>`, areas
 * used in the first 30 days from `created`. Needs `births`; accounts without `created` are left out.
 */
export async function buildAccountProgress(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'account_progress', accountSql(plan, resolution));
}

/** Builds `milestones` (account): `milestone_<index>`. Needs `births` and `runs`; accounts without `created` are left out. */
export async function buildMilestones(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
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

/**
 * SQL: (account): when each milestone was reached, 0 where it was not; every event is looked at once for all of them.
 *
 * A milestone is reached with its `count`-th event and, where it wants `users`, with the first event of so many of them.
 */
function milestoneSql(plan: Plan, resolution: Resolution): string {
  const { milestones } = plan.model.activation;
  if (milestones.length === 0) return `SELECT '' AS account_id LIMIT 0`;
  const hits = milestones.map((milestone, index) => {
    const deadline =
      milestone.withinDays === null ? '' : `AND m.ms < assumeNotNull(b.created_ms) + ${milestone.withinDays * DAY_MS}`;
    return `m.hit_${index} ${deadline} ${milestone.users === null ? '' : `AND m.user_id != ''`} AS hit_${index}`;
  });
  const moments = `SELECT m.account_id AS account_id, m.user_id AS user_id, m.ms AS ms, ${hits.join(', ')}
    FROM (${momentSql(plan, resolution)}) AS m INNER JOIN ${scratch(plan, 'births')} AS b ON b.account_id = m.account_id
    WHERE isNotNull(b.created_ms) AND m.ms >= assumeNotNull(b.created_ms)`;
  const byUser = milestones.map(
    ({ count }, index) =>
      `groupArraySortedIf(${count})(ms, hit_${index}) AS times_${index}, countIf(hit_${index}) > 0 AS has_${index}`,
  );
  const reached = milestones.map(({ count, users }, index) => {
    const counted = `arraySort(groupArrayArray(times_${index}))[${count}]`;
    if (users === null) return `${counted} AS milestone_${index}`;
    const people = `groupArraySortedIf(${users})(times_${index}[1], has_${index})[${users}]`;
    return `if(${counted} = 0 OR ${people} = 0, toInt64(0), greatest(${counted}, ${people})) AS milestone_${index}`;
  });
  return `SELECT account_id, ${reached.join(', ')} FROM (
      SELECT account_id, user_id, ${byUser.join(', ')} FROM (${moments}) GROUP BY account_id, user_id
    ) GROUP BY account_id`;
}

/** SQL: (account, user, ms, hit_<index> for each milestone): events, and completed runs for milestones on a workflow. */
function momentSql(plan: Plan, resolution: Resolution): string {
  const { milestones } = plan.model.activation;
  const ofEvents = milestones.filter(({ workflow }) => workflow === null);
  const names = [...new Set(ofEvents.map(({ event }) => event ?? ''))];
  const isReading = ofEvents.some(({ where }) => where !== null);
  const events = resolvedEvents(
    plan,
    resolution,
    isReading ? ['properties', 'session_id'] : [],
    `${before(plan)} AND event IN ${quoteList(names)}`,
  );
  const hit = ({ event, where, workflow }: Milestone): string => {
    if (workflow !== null) return '0';
    const isNamed = `event = ${quote(event ?? '')}`;
    return where === null ? isNamed : `${isNamed} AND ifNull(${eventCondition(where)}, 0) = 1`;
  };
  const workflows = plan.model.taxonomy.workflows.map(({ name }) => name);
  const done = ({ workflow }: Milestone): string =>
    workflow === null ? '0' : `workflow = ${workflows.indexOf(workflow)}`;
  const columns = (of: (milestone: Milestone) => string) =>
    milestones.map((milestone, index) => `toUInt8(${of(milestone)}) AS hit_${index}`).join(', ');
  const parts = [
    ...(ofEvents.length === 0 ? [] : [`SELECT account_id, user_id, ms, ${columns(hit)} FROM (${events})`]),
    ...(ofEvents.length === milestones.length
      ? []
      : [
          `SELECT account_id, user_id, completed_ms AS ms, ${columns(done)} FROM ${scratch(plan, 'runs')} WHERE completed_ms > 0`,
        ]),
  ];
  return parts.join(' UNION ALL ');
}
