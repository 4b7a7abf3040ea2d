import type { Model } from '../definition/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { readCoverage } from './coverage.ts';
import { milliseconds, type Plan, scratch } from './plan.ts';
import { resolve } from './resolution.ts';
import { buildScratch, dropScratch } from './scratch.ts';
import { beforeInstants } from './stream.ts';

/** What accounts said they want and how sales went, by table; they live until `dropDealings`. */
export interface DealingTables {
  /** (account_id, job, ms): coded statements. */
  readonly statements: string;
  /**
   * (account_id, opportunity_id, kind, created_ms, won_ms, stages): `stages` are (ms, name) by time; `won_ms` null where
   * it was not won, `created_ms` its first stage where no row tells it.
   */
  readonly opportunities: string;
}

/** Builds statements and opportunities of every account, each under its own name, as known before an instant. */
export async function buildDealings(
  warehouse: Warehouse,
  request: { readonly model: Model; readonly run: string; readonly through: number },
): Promise<DealingTables> {
  const { model, run, through } = request;
  const coverage = await readCoverage(warehouse, model);
  const plan: Plan = {
    model,
    coverage,
    database: warehouse.database,
    run: `${run}_d`,
    instants: [through],
    only: null,
  };
  await dropDealings(warehouse, run);
  const resolution = { ...(await resolve(warehouse, plan)), accountLinks: null };
  const said = beforeInstants(plan, resolution, 'needs', 'time', ['job'], null);
  const statements = `SELECT account_id, toString(job) AS job, ms FROM (${said}) WHERE job != '' ORDER BY account_id, ms, job`;
  await buildScratch(warehouse, plan, 'statements', statements);
  const columns = ['opportunity_id', 'created', 'won', 'kind', 'stage'];
  const sold = beforeInstants(plan, resolution, 'opportunities', 'time', columns, null);
  const opportunities = `SELECT account_id, toString(opportunity_id) AS opportunity_id, argMin(toString(kind), ms) AS kind,
      ifNull(min(${milliseconds('created')}), min(ms)) AS created_ms,
      minIf(${milliseconds('won')}, isNotNull(won) AND ${milliseconds('won')} < ${through}) AS won_ms,
      arraySort(groupArray((ms, toString(stage)))) AS stages
    FROM (${sold}) GROUP BY account_id, opportunity_id`;
  await buildScratch(warehouse, plan, 'opportunities', opportunities);
  return { statements: scratch(plan, 'statements'), opportunities: scratch(plan, 'opportunities') };
}

/** Drops what `buildDealings` built under this run's name. */
export async function dropDealings(warehouse: Warehouse, run: string): Promise<void> {
  await dropScratch(warehouse, `${run}_d`);
}
