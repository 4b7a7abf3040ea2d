import type { Warehouse } from '../warehouse/warehouse.ts';
import { paidTermsSql } from './contract.ts';
import { DAY_MS, instantArray, type Plan, scratch } from './plan.ts';
import type { Resolution } from './resolved.ts';
import { buildScratch } from './scratch.ts';

const YEAR_MS = 365 * DAY_MS;

/**
 * Builds `churn_rate` (at): churns in the 365 days before each instant and customer-years in them, over all customers.
 *
 * A spell joins paid contracts whose gaps are shorter than the grace, judged with what is known at the instant; it
 * counts as churn at its last day once the grace has passed. Needs `terms`; where a plan measures some accounts only,
 * the rate is still that of all.
 */
export async function buildChurnRate(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  const terms = plan.only === null ? scratch(plan, 'terms') : `(${paidTermsSql({ ...plan, only: null }, resolution)})`;
  await buildScratch(warehouse, plan, 'churn_rate', rateSql(spellSql(plan, terms)));
}

/** SQL: (at, account_id, start_ms, end_ms): spells as customer; `end_ms` is the instant itself while it lasts. */
function spellSql(plan: Plan, terms: string): string {
  const grace = plan.model.value.churnGraceDays * DAY_MS;
  const versions = `SELECT at, account_id, contract_id, argMax((is_paid, starts_ms, ifNull(ends_ms, at)), known_ms) AS v
    FROM ${terms} ARRAY JOIN ${instantArray(plan)} AS at
    WHERE known_ms < at AND starts_ms < at GROUP BY at, account_id, contract_id`;
  const merge = `arrayFold((spells, x) -> if(empty(spells) OR x.1 - spells[-1].2 >= ${grace},
      arrayPushBack(spells, x),
      arrayPushBack(arrayPopBack(spells), (spells[-1].1, greatest(spells[-1].2, x.2)))),
    arraySort(intervals), CAST([], 'Array(Tuple(Int64, Int64))'))`;
  return `SELECT at, account_id, spell.1 AS start_ms, if(at - spell.2 < ${grace}, at, spell.2) AS end_ms FROM (
      SELECT at, account_id, groupArray((v.2, least(v.3, at))) AS intervals FROM (${versions}) WHERE v.1 GROUP BY at, account_id
    ) ARRAY JOIN ${merge} AS spell`;
}

function rateSql(spells: string): string {
  return `SELECT at, countIf(end_ms < at AND end_ms >= at - ${YEAR_MS}) AS churns,
      sum(greatest(0, end_ms - greatest(start_ms, at - ${YEAR_MS}))) / ${YEAR_MS} AS customer_years
    FROM (${spells}) GROUP BY at`;
}
