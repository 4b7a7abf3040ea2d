import type { Warehouse } from '../warehouse/warehouse.ts';
import {
  DAY_MS,
  dayNumber,
  extent,
  instantArray,
  instantOfDay,
  milliseconds,
  type Plan,
  phase,
  quote,
  scratch,
} from './plan.ts';
import { type Resolution, resolveKeys } from './resolved.ts';
import { buildScratch } from './scratch.ts';

const YEAR_MS = 365 * DAY_MS;

/**
 * Builds what contracts say at each instant:
 *
 * - `terms` (contract version): milliseconds, ARR in the workspace's currency at the rate of the contract's start
 *   (the currency's first rate where none had begun; unknown where it has none);
 * - `arr_at` (account, t): ARR and whether the account is a customer, grace included, with what was known at t;
 * - `standing` (at, account): seats, quota, renewal, relationship, ARR now and a year before, expansions.
 *
 * Needs `population`. Money is in the workspace's currency, undivided.
 */
export async function buildContracts(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildTerms(warehouse, plan, resolution);
  await buildScratch(warehouse, plan, 'points', pointsSql(plan));
  await buildArrAt(warehouse, plan);
  await buildScratch(warehouse, plan, 'standing', standingSql(plan));
}

/** Builds `force_at` and `arr_at` for the instants in the scratch table `points` (account_id, t). Needs `terms`. */
export async function buildArrAt(warehouse: Warehouse, plan: Plan): Promise<void> {
  await buildScratch(warehouse, plan, 'force_at', forceSql(plan, scratch(plan, 'points')));
  await buildScratch(warehouse, plan, 'arr_at', arrSql(plan));
}

/** Builds `terms`, the contract versions that count. */
export async function buildTerms(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'terms', termsSql(plan, resolution));
}

/** Kinds of contract that are paid. */
const IS_PAID = `IN ('', 'paid', 'addon')`;

/** SQL: contract versions that count, with what tells who was a customer when: their days, and whether they are paid. */
export function paidTermsSql(plan: Plan, resolution: Resolution): string {
  const columns = ['contract_id', 'known', 'starts', 'ends', 'kind'];
  return `SELECT account_id, contract_id, ${milliseconds('known')} AS known_ms, toInt64(toInt32(starts)) * ${DAY_MS} AS starts_ms,
      toInt64(toInt32(ends)) * ${DAY_MS} AS ends_ms, lower(toString(kind)) ${IS_PAID} AS is_paid
    FROM (${resolveKeys(plan, resolution, 'contracts', columns, '1')})`;
}

function termsSql(plan: Plan, resolution: Resolution): string {
  const columns = [
    'contract_id',
    'known',
    'starts',
    'ends',
    'term_ends',
    'notice',
    'kind',
    'currency',
    'arr_cents',
    'seats',
    'quota',
    'usage_unit',
  ];
  const day = (column: string) => `toInt64(toInt32(${column})) * ${DAY_MS}`;
  return `SELECT c.account_id AS account_id, c.contract_id AS contract_id, ${milliseconds('c.known')} AS known_ms,
      ${day('c.starts')} AS starts_ms, ${day('c.ends')} AS ends_ms, ${day('c.term_ends')} AS term_ends_ms,
      ${day('c.notice')} AS notice_ms, lower(toString(c.kind)) AS kind, kind ${IS_PAID} AS is_paid,
      c.arr_cents / 100 * if(c.currency = '' OR c.currency = ${quote(plan.model.currency)}, 1, coalesce(nullIf(r.per_unit, 0), nullIf(o.per_unit, 0))) AS arr,
      c.seats AS seats, c.quota AS quota, toString(c.usage_unit) AS usage_unit
    FROM (SELECT *, toInt32(starts) AS starts_day FROM (${resolveKeys(plan, resolution, 'contracts', columns, '1')})) AS c
    ASOF LEFT JOIN (SELECT toString(currency) AS unit, toInt32(\`from\`) AS from_day, per_unit FROM ${plan.database}.rates) AS r
      ON r.unit = toString(c.currency) AND c.starts_day >= r.from_day
    LEFT JOIN (SELECT toString(currency) AS unit, argMin(per_unit, \`from\`) AS per_unit FROM ${plan.database}.rates GROUP BY unit) AS o
      ON o.unit = toString(c.currency)`;
}

/** Instants at which an account's ARR is wanted: each as-of, a year before, and around every day that could raise it. */
function pointsSql(plan: Plan): string {
  const { from, to } = extent(plan);
  const changes = `SELECT account_id, ${instantOfDay(plan, dayNumber(plan, 'arrayJoin([starts_ms, ifNull(ends_ms, starts_ms), known_ms])'))} AS day
    FROM ${scratch(plan, 'terms')}`;
  return `SELECT DISTINCT account_id, t FROM (
      SELECT account_id, arrayJoin([at, at - ${YEAR_MS}]) AS t FROM ${scratch(plan, 'population')}
      UNION ALL
      SELECT account_id, arrayJoin([day, day + ${DAY_MS}]) AS t FROM (${changes})
      WHERE day >= ${from - YEAR_MS} AND day + ${DAY_MS} <= ${to}
    )`;
}

/** SQL: (account_id, t, contract_id, ...): the version of each contract that was known at t, of contracts begun by t. */
function versionsSql(plan: Plan, points: string): string {
  const kept = ['is_paid', 'kind', 'arr', 'seats', 'quota', 'usage_unit', 'starts_ms', 'ends_ms', 'term_ends_ms'];
  return `SELECT account_id, t, contract_id, ${kept.map((name, index) => `version.${index + 1} AS ${name}`).join(', ')},
      isNull(ends_ms) OR assumeNotNull(ends_ms) >= t AS is_in_force
    FROM (
      SELECT p.account_id AS account_id, p.t AS t, c.contract_id AS contract_id,
        argMax((${kept.map((name) => `c.${name}`).join(', ')}), c.known_ms) AS version
      FROM ${points} AS p INNER JOIN ${scratch(plan, 'terms')} AS c ON c.account_id = p.account_id
      WHERE c.known_ms < p.t AND c.starts_ms < p.t GROUP BY p.account_id, p.t, c.contract_id
    )`;
}

/** SQL: (account_id, t): sums over the contracts in force, and the last end among paid ones. */
function forceSql(plan: Plan, points: string): string {
  return `SELECT account_id, t, countIf(is_paid) AS paid, countIf(is_paid AND is_in_force) AS in_force,
      countIf(is_paid AND is_in_force AND isNull(arr)) AS unpriced,
      sumIf(ifNull(arr, 0), is_paid AND is_in_force) AS arr_in_force, maxIf(ifNull(ends_ms, 0), is_paid) AS last_end_ms,
      countIf(is_in_force AND kind IN ('trial', 'pilot')) AS trials, countIf(is_in_force AND kind = 'free') AS frees,
      if(countIf(is_paid AND is_in_force AND isNotNull(seats)) = 0, NULL, sumIf(ifNull(seats, 0), is_paid AND is_in_force)) AS seats,
      if(countIf(is_paid AND is_in_force AND isNotNull(quota)) = 0, NULL, sumIf(ifNull(quota, 0), is_paid AND is_in_force)) AS quota,
      groupUniqArrayIf(usage_unit, is_paid AND is_in_force AND usage_unit != '') AS usage_units,
      countIf(is_paid AND is_in_force AND isNotNull(term_ends_ms)) AS terms,
      minIf(term_ends_ms, is_paid AND is_in_force AND ifNull(term_ends_ms, 0) >= t) AS next_term_end_ms,
      minIf(toNullable(starts_ms), is_paid) AS first_paid_ms
    FROM (${versionsSql(plan, points)}) GROUP BY account_id, t`;
}

function arrSql(plan: Plan): string {
  const grace = plan.model.value.churnGraceDays * DAY_MS;
  const force = scratch(plan, 'force_at');
  const inGrace = `in_force = 0 AND paid > 0 AND t - last_end_ms < ${grace}`;
  const ends = `(SELECT DISTINCT account_id, last_end_ms AS t FROM ${force} WHERE ${inGrace})`;
  return `SELECT f.account_id AS account_id, f.t AS t, f.in_force > 0 OR (${inGrace.replaceAll(/\b(in_force|paid|t|last_end_ms)\b/g, 'f.$1')}) AS is_customer,
      multiIf(NOT is_customer, NULL, f.in_force > 0, if(f.unpriced > 0, NULL, f.arr_in_force), if(g.unpriced > 0, NULL, g.arr_in_force)) AS arr
    FROM ${force} AS f LEFT JOIN (${forceSql(plan, ends)}) AS g ON g.account_id = f.account_id AND g.t = f.last_end_ms`;
}

function standingSql(plan: Plan): string {
  const arrAt = scratch(plan, 'arr_at');
  const expansions = `SELECT at, s.account_id AS account_id, count() AS expansions FROM (
      SELECT a.account_id AS account_id, a.t AS day, a.arr AS before, b.arr AS after
      FROM ${arrAt} AS a INNER JOIN ${arrAt} AS b ON b.account_id = a.account_id AND b.t = a.t + ${DAY_MS}
      WHERE a.t % ${DAY_MS} = ${phase(plan)} AND a.arr > 0 AND b.arr >= 1.05 * a.arr - 1e-9
    ) AS s ARRAY JOIN ${instantArray(plan)} AS at
    WHERE s.day >= at - ${YEAR_MS} AND s.day + ${DAY_MS} <= at GROUP BY at, account_id`;
  const connected = plan.coverage.get('contracts');
  const hasContracts = connected?.isNamed === true ? '1' : `p.at > ${connected?.firstFact ?? '9000000000000'}`;
  // Spelt out twice: inside the query the bare name would be the contracts' own answer, unknown where there are none.
  const isCustomer = 'if(has_contracts, ifNull(n.is_customer, 0), 1)';
  return `SELECT p.at AS at, p.account_id AS account_id, ${hasContracts} AS has_contracts,
      ${isCustomer} AS is_customer, f.paid > 0 AS was_customer,
      multiIf(${isCustomer}, 'customer', f.paid > 0, 'churned', f.trials > 0, 'trial', f.frees > 0, 'free', 'prospect') AS relationship,
      n.arr AS arr, y.arr AS arr_before, ifNull(y.is_customer, 0) AS was_customer_before, ifNull(x.expansions, 0) AS expansions,
      f.in_force AS in_force, f.seats AS seats, f.quota AS quota, f.usage_units AS usage_units,
      f.next_term_end_ms AS next_term_end_ms, f.terms AS terms, f.first_paid_ms AS first_paid_ms
    FROM (SELECT at, account_id FROM ${scratch(plan, 'population')}) AS p
    LEFT JOIN ${scratch(plan, 'force_at')} AS f ON f.account_id = p.account_id AND f.t = p.at
    LEFT JOIN ${arrAt} AS n ON n.account_id = p.account_id AND n.t = p.at
    LEFT JOIN ${arrAt} AS y ON y.account_id = p.account_id AND y.t = p.at - ${YEAR_MS}
    LEFT JOIN (${expansions}) AS x ON x.at = p.at AND x.account_id = p.account_id`;
}
