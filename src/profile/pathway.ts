import type { Warehouse } from '../warehouse/warehouse.ts';
import { DAY_MS, extent, instantArray, milliseconds, type Plan, quoteList, scratch } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch } from './scratch.ts';

/**
 * Builds `pathways` (at, account; only accounts with a first paid contract): how the account adopted (R025).
 *
 * `start_ms` is the start of that contract. Activity in a trial or pilot counts in neither "before" test.
 * Needs `terms`, `standing`, `user_history` and `person_rows`.
 */
export async function buildPathways(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'first_contracts', firstContractSql(plan));
  await buildScratch(warehouse, plan, 'pathways', pathwaySql(plan, resolution));
}

function firstContractSql(plan: Plan): string {
  const trials = `SELECT at, account_id, groupArray((v.1, v.2)) AS spans FROM (
      SELECT at, account_id, contract_id, argMax((starts_ms, if(ifNull(ends_ms, at) < at, assumeNotNull(ends_ms), at)), known_ms) AS v
      FROM ${scratch(plan, 'terms')} ARRAY JOIN ${instantArray(plan)} AS at
      WHERE known_ms < at AND starts_ms < at AND kind IN ('trial', 'pilot') GROUP BY at, account_id, contract_id
    ) GROUP BY at, account_id`;
  return `SELECT s.at AS at, s.account_id AS account_id, assumeNotNull(s.first_paid_ms) AS start_ms, t.spans AS trials
    FROM ${scratch(plan, 'standing')} AS s LEFT JOIN (${trials}) AS t ON t.at = s.at AND t.account_id = s.account_id
    WHERE isNotNull(s.first_paid_ms)`;
}

function pathwaySql(plan: Plan, resolution: Resolution): string {
  const lead = 14 * DAY_MS;
  const starts = scratch(plan, 'first_contracts');
  const until = `${milliseconds('time')} < ${extent(plan).to} AND user_id != ''`;
  const use = `SELECT c.account_id AS account_id, c.start_ms AS start_ms, c.trials AS trials, e.user_id AS user_id,
      minIf(e.ms, e.ms < c.start_ms AND NOT arrayExists(x -> e.ms >= x.1 AND e.ms < x.2, c.trials)) AS before_ms,
      countIf(e.ms >= c.start_ms AND e.ms < c.start_ms + ${30 * DAY_MS}) > 0 AS was_active_after
    FROM (${resolvedEvents(plan, resolution, [], until)}) AS e
    INNER JOIN (SELECT DISTINCT account_id, start_ms, trials FROM ${starts}) AS c ON c.account_id = e.account_id
    WHERE e.ms < c.start_ms + ${30 * DAY_MS} GROUP BY c.account_id, c.start_ms, c.trials, e.user_id`;
  const people = `SELECT at, account_id, user_id, max(lower(toString(seniority)) IN ${quoteList(plan.model.users.executiveSeniority)}) AS is_executive,
      max(ifNull(is_sponsor, 0)) AS is_sponsor, argMax(lower(toString(seniority)), (from_ms, to_ms)) IN ${quoteList(plan.model.users.executiveSeniority)} AS is_executive_now
    FROM ${scratch(plan, 'person_rows')} ARRAY JOIN ${instantArray(plan)} AS at WHERE from_ms < at GROUP BY at, account_id, user_id`;
  const firstThree = `SELECT at, account_id, arrayExists(x -> x.3, arraySlice(arraySort(firsts), 1, 3)) AS has_executive_first FROM (
      SELECT c.at AS at, h.account_id AS account_id,
        groupArray((h.first_ms, h.user_id, p.is_executive OR p.is_sponsor)) AS firsts
      FROM ${starts} AS c INNER JOIN ${scratch(plan, 'user_history')} AS h ON h.account_id = c.account_id
      LEFT JOIN (${people}) AS p ON p.at = c.at AND p.account_id = h.account_id AND p.user_id = h.user_id
      WHERE h.user_id != '' AND h.first_ms < c.at GROUP BY c.at, h.account_id
    )`;
  const spread = `arrayMax(arrayMap(s -> arrayCount(x -> x >= s AND x < s + ${7 * DAY_MS}, after_firsts), after_firsts))`;
  return `SELECT at, account_id, start_ms,
      multiIf(length(before_workers) >= 3 AND arrayMin(before_workers) <= start_ms - ${lead}, 'bottom_up',
        NOT arrayExists(x -> x < start_ms - ${lead}, befores)
          AND (has_executive_first OR (notEmpty(after_firsts) AND 2 * ${spread} >= length(after_firsts))),
        'top_down', 'mixed') AS pathway
    FROM (
      SELECT c.at AS at, c.account_id AS account_id, c.start_ms AS start_ms,
        groupArrayIf(u.before_ms, u.before_ms > 0) AS befores,
        groupArrayIf(u.before_ms, u.before_ms > 0 AND p.is_executive_now = 0) AS before_workers,
        any(f.has_executive_first) AS has_executive_first,
        groupArrayIf(h.first_ms, u.was_active_after AND u.user_id != '') AS after_firsts
      FROM ${starts} AS c
      LEFT JOIN (${use}) AS u ON u.account_id = c.account_id AND u.start_ms = c.start_ms AND u.trials = c.trials
      LEFT JOIN ${scratch(plan, 'user_history')} AS h ON h.account_id = c.account_id AND h.user_id = u.user_id
      LEFT JOIN (${people}) AS p ON p.at = c.at AND p.account_id = c.account_id AND p.user_id = u.user_id
      LEFT JOIN (${firstThree}) AS f ON f.at = c.at AND f.account_id = c.account_id
      GROUP BY c.at, c.account_id, c.start_ms
    )`;
}
