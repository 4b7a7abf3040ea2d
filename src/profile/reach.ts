import type { Warehouse } from '../warehouse/warehouse.ts';
import { areaCondition, readsProperties } from './area.ts';
import { extent, milliseconds, type Plan, quote, quoteList, scratch } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';

/** First moments kept of each candidate: the highest count that can be asked about. */
const MOST_COUNTED = 10;

/**
 * Builds `reaches` (account_id, kind, name, is_proxy, times, user_times): when each account first did what could be a milestone.
 *
 * Grain: account and candidate; a candidate is an event name, a feature area, a workflow or a declared milestone.
 * `times`: its first moments since `created`, at most `MOST_COUNTED`; `user_times`: the first moments of different
 * users. Only accounts whose `created` is a fact. Needs `births`, `runs` and `milestones`.
 */
export async function buildReaches(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  const table = scratch(plan, 'reaches');
  const columns = `account_id String, kind LowCardinality(String), name LowCardinality(String), is_proxy UInt8,
    times Array(Int64), user_times Array(Int64)`;
  await warehouse.command(`CREATE TABLE ${table} (${columns}) ENGINE = Memory`);
  const { taxonomy, activation } = plan.model;
  const proxies = `name IN ${quoteList(taxonomy.proxies)}`;
  await insert(warehouse, table, 'event', proxies, since(plan, 'event', eventsSql(plan, resolution)));
  const areas = taxonomy.features.map((area) => `if(${areaCondition(area)}, ${quote(area.name)}, '')`);
  if (areas.length > 0) {
    const named = `arrayJoin(arrayFilter(area -> area != '', [${areas.join(', ')}]))`;
    await insert(warehouse, table, 'area', '0', since(plan, named, eventsSql(plan, resolution)));
  }
  const runs = `SELECT account_id, user_id, completed_ms AS ms, workflow FROM ${scratch(plan, 'runs')} WHERE completed_ms > 0`;
  const workflows = taxonomy.workflows.map(({ name }, index) => `workflow = ${index}, ${quote(name)}`);
  if (workflows.length > 0) {
    const named = `multiIf(${workflows.join(', ')}, '')`;
    await insert(warehouse, table, 'workflow', '0', since(plan, named, runs));
  }
  for (const [index, { name }] of activation.milestones.entries()) {
    await warehouse.command(`INSERT INTO ${table} SELECT account_id, 'milestone', ${quote(name)}, 0, [milestone_${index}], []
      FROM ${scratch(plan, 'milestones')} WHERE milestone_${index} > 0`);
  }
}

function eventsSql(plan: Plan, resolution: Resolution): string {
  const extra = readsProperties(plan.model) ? ['properties'] : [];
  return resolvedEvents(plan, resolution, extra, `${milliseconds('time')} < ${extent(plan).to}`);
}

/** SQL: (account_id, name, times, user_times) of moments since `created`, named by an expression over them. */
function since(plan: Plan, named: string, moments: string): string {
  return `SELECT account_id, name,
      arraySlice(arraySort(arrayFlatten(groupArray(firsts))), 1, ${MOST_COUNTED}) AS times,
      groupArraySortedIf(${MOST_COUNTED})(first_ms, user_id != '') AS user_times
    FROM (
      SELECT m.account_id AS account_id, m.user_id AS user_id, m.name AS name, min(m.ms) AS first_ms,
        groupArraySorted(${MOST_COUNTED})(m.ms) AS firsts
      FROM (SELECT account_id, user_id, ms, toString(${named}) AS name FROM (${moments})) AS m
      INNER JOIN ${scratch(plan, 'births')} AS b ON b.account_id = m.account_id
      WHERE b.is_assumed = 0 AND isNotNull(b.created_ms) AND m.ms >= assumeNotNull(b.created_ms)
      GROUP BY account_id, user_id, name
    ) GROUP BY account_id, name`;
}

async function insert(warehouse: Warehouse, table: string, kind: string, isProxy: string, sql: string): Promise<void> {
  const settings = { join_use_nulls: 0, prefer_column_name_to_alias: 1 };
  await warehouse.command(
    `INSERT INTO ${table} SELECT account_id, ${quote(kind)}, name, ${isProxy}, times, user_times FROM (${sql})`,
    { settings },
  );
}
