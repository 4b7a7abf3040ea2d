import type { Warehouse } from '../warehouse/warehouse.ts';
import { paidTermsSql } from './contract.ts';
import { DAY_MS, type Plan, scratch } from './plan.ts';
import type { Resolution } from './resolved.ts';
import { buildScratch } from './scratch.ts';
import { spellSql } from './spell.ts';

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

function rateSql(spells: string): string {
  return `SELECT at, countIf(end_ms < at AND end_ms >= at - ${YEAR_MS}) AS churns,
      sum(greatest(0, end_ms - greatest(start_ms, at - ${YEAR_MS}))) / ${YEAR_MS} AS customer_years
    FROM (${spells}) GROUP BY at`;
}
