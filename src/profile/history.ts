import type { Model } from '../definition/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { readCoverage } from './coverage.ts';
import { buildCustom } from './custom.ts';
import { buildFirmographics } from './firmographic.ts';
import { inLanes } from './lane.ts';
import { DAY_MS, extent, milliseconds, type Plan, scratch } from './plan.ts';
import { buildPopulation } from './population.ts';
import { buildAccountProgress, buildMilestones } from './progress.ts';
import { buildReaches } from './reach.ts';
import { resolve, resolveAccounts } from './resolution.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch, dropScratch } from './scratch.ts';
import { buildRuns } from './workflow_run.ts';

/** What to tell the history of: all that was known before `through`, milliseconds. */
export interface HistoryRequest {
  readonly model: Model;
  /** A name that no other computation uses at the same time. */
  readonly run: string;
  readonly through: number;
  /** Ages in whole days at which firmographics are wanted. */
  readonly ageDays: readonly number[];
}

/** Tables of what became of one set of accounts as customers; see `buildCustom`. */
interface CustomTables {
  readonly spells: string;
  readonly arr: string;
  readonly terms: string;
}

/** What happened to every account, by table. They live until `dropHistory`. */
export interface HistoryTables {
  /** (account_id, created_ms, is_assumed): every account, each under its own name. */
  readonly accounts: string;
  /** See `buildReaches`. */
  readonly reaches: string;
  /** (account_id, at_ms, eligible, one column a band): accounts at each age asked for; see `buildFirmographics`. */
  readonly firmographics: string;
  /** (account_id, days): numbers of the UTC days with an activity, ascending. */
  readonly activeDays: string;
  /** (account_id, at_ms): days on which an account was declared to be merged or renamed, for both sides. */
  readonly links: string;
  /** Each account by itself, as before any later link was made. */
  readonly apart: CustomTables;
  /** With every link made: survivors carry on what was merged into them. */
  readonly linked: CustomTables;
  readonly hasContracts: boolean;
  /** Begin of the events, milliseconds; null without any. */
  readonly eventsFrom: number | null;
}

/**
 * Builds the history of all accounts up to an instant, for analyses that look forward from a day in the past.
 *
 * A link made before the second day of the events has always been: it is another name, and its sides are never apart.
 */
export async function buildHistory(engine: Warehouse, request: HistoryRequest): Promise<HistoryTables> {
  const warehouse = inLanes(engine, false);
  const { model, run, through } = request;
  const coverage = await readCoverage(warehouse, model);
  const base: Plan = {
    model,
    coverage,
    database: warehouse.database,
    run: `${run}_h`,
    instants: [through],
    only: null,
  };
  await dropHistory(warehouse, run);
  const eventsFrom = coverage.get('events')?.coversFrom ?? null;
  const { resolution, apart, begin } = await resolveApart(warehouse, base, run);
  const contracts = coverage.get('contracts');
  const hasContracts = contracts?.isNamed === true || (contracts?.firstFact ?? null) !== null;
  await buildPopulation(warehouse, base, apart);
  await buildRuns(warehouse, base, apart);
  await buildAccountProgress(warehouse, base, apart);
  await buildMilestones(warehouse, base, apart);
  await buildReaches(warehouse, base, apart);
  await buildCustom(warehouse, base, apart, hasContracts);
  const ages = `CAST([${request.ageDays.map((days) => days * DAY_MS).join(', ')}], 'Array(Int64)')`;
  const pairs = `SELECT account_id, assumeNotNull(created_ms) + arrayJoin(${ages}) AS at_ms
    FROM ${scratch(base, 'births')} WHERE isNotNull(created_ms)`;
  const firmographics = await buildFirmographics(warehouse, base, pairs);
  await buildScratch(warehouse, base, 'active_days', activeDaysSql(base, apart));
  const linkedPlan: Plan = resolution.accountLinks === null ? base : { ...base, run: `${run}_l` };
  if (linkedPlan !== base) await buildCustom(warehouse, linkedPlan, resolution, hasContracts);
  const sides = `SELECT arrayJoin([account_id, into_account_id]) AS account_id, ${milliseconds('l.at')} AS at_ms
    FROM ${warehouse.database}.account_links AS l WHERE kind != 'split' AND account_id != into_account_id AND at_ms >= ${begin} AND at_ms < ${through}`;
  await buildScratch(warehouse, base, 'links', sides);
  const custom = (plan: Plan): CustomTables => ({
    spells: scratch(plan, 'custom_spells'),
    arr: scratch(plan, 'custom_arr'),
    terms: scratch(plan, 'custom_terms'),
  });
  return {
    accounts: scratch(base, 'births'),
    reaches: scratch(base, 'reaches'),
    firmographics,
    activeDays: scratch(base, 'active_days'),
    links: scratch(base, 'links'),
    apart: custom(base),
    linked: custom(linkedPlan),
    hasContracts,
    eventsFrom,
  };
}

/**
 * Who facts belong to in a history: with every link made, and with those alone that were made before the second day of
 * the events (`apart`), which ends at `begin`. Builds under `run` with `_b` behind it.
 */
export async function resolveApart(
  warehouse: Warehouse,
  base: Plan,
  run: string,
): Promise<{ readonly resolution: Resolution; readonly apart: Resolution; readonly begin: number }> {
  const resolution = await resolve(warehouse, base);
  const begin = (base.coverage.get('events')?.coversFrom ?? extent(base).to) + DAY_MS;
  const early = await resolveAccounts(warehouse, { ...base, run: `${run}_b`, instants: [begin] });
  return { resolution, apart: { ...resolution, accountLinks: early.accountLinks }, begin };
}

function activeDaysSql(plan: Plan, resolution: Resolution): string {
  const where = `${milliseconds('time')} < ${extent(plan).to}`;
  return `SELECT account_id, arraySort(groupUniqArray(toInt32(intDiv(ms, ${DAY_MS})))) AS days
    FROM (${resolvedEvents(plan, resolution, [], where)}) WHERE user_id != '' GROUP BY account_id`;
}

/** Drops what `buildHistory` built under this run's name. */
export async function dropHistory(warehouse: Warehouse, run: string): Promise<void> {
  await dropScratch(warehouse, `${run}_h`);
  await dropScratch(warehouse, `${run}_l`);
  await dropScratch(warehouse, `${run}_b`);
}
