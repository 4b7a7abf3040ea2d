import { z } from 'zod';
import type { Model } from '../definition/model.ts';
import type { FactTableName } from '../model/table.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { buildAccountBase } from './account_base.ts';
import { buildActivity } from './activity.ts';
import { assembleAccounts, assembleUsers } from './assembly.ts';
import { ACCOUNT_SIGNALS, USER_SIGNALS } from './catalogue.ts';
import { buildChurnRate } from './churn_rate.ts';
import { tierSql } from './classes.ts';
import { buildContracts } from './contract.ts';
import { type Coverage, instantOf, readCoverage } from './coverage.ts';
import { buildIntegrations } from './integration.ts';
import { buildMembers } from './member.ts';
import { buildNeeds } from './need.ts';
import { buildOwnSignals, ownDefinitions, withOwnSignals } from './own_signal.ts';
import { buildPathways } from './pathway.ts';
import { DAY_MS, type Plan, scratch } from './plan.ts';
import { buildPopulation } from './population.ts';
import { buildProgress } from './progress.ts';
import { buildRanking, rankingInstant, scoreInstant } from './ranking.ts';
import { isSteady, resolve } from './resolution.ts';
import { buildScratch, dropScratch, PROFILE_SETTINGS } from './scratch.ts';
import { buildSessions } from './session.ts';
import { type Lens, signalRows } from './signal_definition.ts';
import { buildSponsors } from './sponsor.ts';
import { buildCosts, buildService } from './stream.ts';
import { buildUserBase } from './user_base.ts';
import { buildRuns } from './workflow_run.ts';

/** What to compute: as-ofs in milliseconds, and a name that no other computation uses at the same time. */
export interface ProfileRequest {
  readonly model: Model;
  readonly asOfs: readonly number[];
  readonly run: string;
  /** Table with a column account_id: compute these accounts only; null: all. */
  readonly only?: string | null;
  /** Most instants to measure together; fewer need less memory. */
  readonly chunk?: number;
  readonly onProgress?: (done: number, all: number) => void;
}

/** Names of the tables that hold the profiles of a computation: (as_of, account_id, ...) and (as_of, account_id, user_id, ...). */
export interface ProfileTables {
  readonly accounts: string;
  readonly users: string;
  readonly coverage: Coverage;
}

/** Instants measured together when the workspace is small; one history pass serves them all. */
const CHUNK = 14;
/** Rows of users, over all instants of a chunk, that fit beside it in memory. */
const CHUNK_USERS = 600_000;

/**
 * Computes the profiles of all accounts and users at each as-of, from facts before it alone.
 *
 * Every signal is measured at the earliest of the as-of and the completeness of its inputs; all distinct instants are
 * measured in chunks, and each as-of takes every signal from its own instant. The tables live until `dropProfiles`.
 */
export async function computeProfiles(warehouse: Warehouse, request: ProfileRequest): Promise<ProfileTables> {
  const { model, run, asOfs } = request;
  const coverage = await readCoverage(warehouse, model);
  const base: Omit<Plan, 'instants'> = {
    model,
    coverage,
    database: warehouse.database,
    run,
    only: request.only ?? null,
  };
  const instants = [...new Set(asOfs.flatMap((asOf) => signalInstants(coverage, asOf)))].sort((a, b) => a - b);
  const whole: Plan = { ...base, instants };
  let done = 0;
  const size = request.chunk ?? (instants.length === 1 ? 1 : await chunkSize(warehouse));
  for (const chunk of chunks(instants, size)) {
    for (const plan of await steadyPlans(warehouse, { ...base, run: `${run}_c`, instants: chunk })) {
      await measure(warehouse, plan, scratch(whole, 'signals_account'), scratch(whole, 'signals_user'));
      done += plan.instants.length;
      request.onProgress?.(done, instants.length);
    }
  }
  const rankings = [...new Set(asOfs.flatMap((asOf) => [rankingInstant(whole, asOf), scoreInstant(whole, asOf)]))];
  for (const plan of await steadyPlans(warehouse, {
    ...base,
    only: null,
    run: `${run}_r`,
    instants: rankings.sort((a, b) => a - b),
  })) {
    await rank(warehouse, plan, scratch(whole, 'ranking'));
  }
  await assembleAccounts(warehouse, whole, asOfs);
  await assembleUsers(warehouse, whole, asOfs);
  return { accounts: scratch(whole, 'accounts'), users: scratch(whole, 'users'), coverage };
}

/** Drops what `computeProfiles` built under this run's name. */
export async function dropProfiles(warehouse: Warehouse, run: string): Promise<void> {
  await dropScratch(warehouse, run);
}

/** The instants at which the signals of an as-of are measured: the as-of itself, and the completeness of inputs before it. */
function signalInstants(coverage: Coverage, asOf: number): readonly number[] {
  const inputs: (readonly FactTableName[])[] = [...ACCOUNT_SIGNALS, ...USER_SIGNALS].map((signal) => signal.inputs);
  return [...new Set([asOf, ...inputs.map((names) => instantOf(coverage, names, asOf))])];
}

const usersSchema = z.object({ users: z.coerce.number() });

async function chunkSize(warehouse: Warehouse): Promise<number> {
  const [row] = await warehouse.rows(
    `SELECT uniqCombined(account_id, user_id) AS users FROM ${warehouse.database}.events`,
    usersSchema,
  );
  return Math.max(1, Math.min(CHUNK, Math.floor(CHUNK_USERS / Math.max(1, row?.users ?? 1))));
}

/** Instants of one time of day, at most `size` together. */
function chunks(instants: readonly number[], size: number): number[][] {
  const byPhase = new Map<number, number[]>();
  for (const instant of instants) byPhase.set(instant % DAY_MS, [...(byPhase.get(instant % DAY_MS) ?? []), instant]);
  return [...byPhase.values()].flatMap((list) =>
    Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size)),
  );
}

/** The plan itself where links and exclusions are the same at all of its instants, else one plan for each instant. */
async function steadyPlans(warehouse: Warehouse, plan: Plan): Promise<readonly Plan[]> {
  if (await isSteady(warehouse, plan)) return [plan];
  return plan.instants.map((instant) => ({ ...plan, instants: [instant] }));
}

async function rank(warehouse: Warehouse, plan: Plan, target: string): Promise<void> {
  await dropScratch(warehouse, plan.run);
  const resolution = await resolve(warehouse, plan);
  await buildPopulation(warehouse, plan, resolution);
  await buildContracts(warehouse, plan, resolution);
  await buildCosts(warehouse, plan, resolution);
  await buildRanking(warehouse, plan, plan.instants);
  await append(warehouse, target, scratch(plan, 'ranking'));
  await dropScratch(warehouse, plan.run);
}

async function append(warehouse: Warehouse, target: string, from: string): Promise<void> {
  await warehouse.command(`CREATE TABLE IF NOT EXISTS ${target} ENGINE = Memory AS SELECT * FROM ${from} LIMIT 0`);
  await warehouse.command(`INSERT INTO ${target} SELECT * FROM ${from}`, { settings: PROFILE_SETTINGS });
}

async function measure(warehouse: Warehouse, plan: Plan, accounts: string, users: string): Promise<void> {
  await dropScratch(warehouse, plan.run);
  const lens: Lens = { model: plan.model, coverage: plan.coverage };
  const resolution = await resolve(warehouse, plan);
  await buildPopulation(warehouse, plan, resolution);
  await buildActivity(warehouse, plan, resolution);
  await buildSessions(warehouse, plan, resolution);
  await buildRuns(warehouse, plan, resolution);
  await buildProgress(warehouse, plan, resolution);
  await buildIntegrations(warehouse, plan, resolution);
  await buildMembers(warehouse, plan, resolution);
  await buildContracts(warehouse, plan, resolution);
  await buildChurnRate(warehouse, plan, resolution);
  await buildService(warehouse, plan, resolution);
  await buildNeeds(warehouse, plan, resolution);
  await buildSponsors(warehouse, plan, resolution);
  await buildPathways(warehouse, plan, resolution);
  await buildOwnSignals(warehouse, plan, resolution);
  await buildUserBase(warehouse, plan);
  await buildScratch(warehouse, plan, 'user_profile', userSignalSql(plan, lens));
  await buildAccountBase(warehouse, plan);
  await buildScratch(warehouse, plan, 'account_signals', accountSignalSql(plan, lens));
  await append(warehouse, accounts, scratch(plan, 'account_signals'));
  await append(warehouse, users, scratch(plan, 'user_profile'));
  await dropScratch(warehouse, plan.run);
}

/** SQL: (at, account, user): base row, signals, null reasons and tier. */
function userSignalSql(plan: Plan, lens: Lens): string {
  const base = scratch(plan, 'user_base');
  const medians = `SELECT at AS median_at, account_id AS median_account, quantileExactInclusive(0.5)(frequency) AS median_frequency FROM (
      SELECT at, account_id, bitCount(bitAnd(days, ${2 ** 28 - 1})) / (least(28, greatest(7, assumeNotNull(first_seen))) / 7) AS frequency
      FROM ${base} WHERE bitAnd(days, ${2 ** 30 - 1}) != 0
    ) GROUP BY at, account_id`;
  const rows = `SELECT x.*, if(m.median_account = '', NULL, toNullable(m.median_frequency)) AS median_frequency
    FROM (${withOwnSignals(plan, 'user', base)}) AS x
    LEFT JOIN (${medians}) AS m ON m.median_at = x.at AND m.median_account = x.account_id`;
  const signals = [...USER_SIGNALS, ...ownDefinitions(plan, 'user')];
  return `SELECT *, ${tierSql(plan.model)} AS tier FROM (${signalRows(signals, lens, rows)})`;
}

/** SQL: (at, account): base row, signals, null reasons and what is assumed. */
function accountSignalSql(plan: Plan, lens: Lens): string {
  const assumed = ACCOUNT_SIGNALS.flatMap((signal) =>
    Object.entries(signal.assumed?.(lens) ?? {}).map(
      ([name, when]) => `if(${signal.name}__null = 0 AND (${when}), ['${name}'], [])`,
    ),
  );
  const created = `if(is_assumed, ['created'], []), if(said_has_contracts, [], ['customer'])`;
  const signals = [...ACCOUNT_SIGNALS, ...ownDefinitions(plan, 'account')];
  const rows = signalRows(signals, lens, withOwnSignals(plan, 'account', scratch(plan, 'account_base')));
  return `SELECT *, arrayDistinct(arrayConcat(${[created, ...assumed].join(', ')})) AS assumed FROM (${rows})`;
}
