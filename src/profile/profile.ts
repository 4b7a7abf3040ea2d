import { z } from 'zod';
import type { Model } from '../definition/model.ts';
import type { FactTableName } from '../model/table.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import {
  buildAccountBase,
  buildAccountPeople,
  buildAccountSessions,
  buildAccountUse,
  TALLIED,
} from './account_base.ts';
import { buildActivity } from './activity.ts';
import { assembleAccounts, assembleUsers, keptOfAccounts, keptOfUsers } from './assembly.ts';
import { ACCOUNT_SIGNALS, USER_SIGNALS } from './catalogue.ts';
import { buildChurnRate } from './churn_rate.ts';
import { tierSql } from './classes.ts';
import { buildContracts } from './contract.ts';
import { type Coverage, instantOf, readCoverage } from './coverage.ts';
import { buildIntegrations } from './integration.ts';
import { after, allOf, inLanes } from './lane.ts';
import { buildMembers, buildPersonRows } from './member.ts';
import { buildNeeds } from './need.ts';
import { buildOwnSignals, ownDefinitions, withOwnSignals } from './own_signal.ts';
import { buildPathways } from './pathway.ts';
import { DAY_MS, type Plan, scratch } from './plan.ts';
import { buildPopulation } from './population.ts';
import { buildProgress, buildUserProgress } from './progress.ts';
import { buildRanking, hasScores, type Ranked, rankingInstant, scoreInstant } from './ranking.ts';
import { keepRankings, rankedFacts, readRankings } from './rankings.ts';
import { isSteady, resolve, resolveAccounts } from './resolution.ts';
import type { Resolution } from './resolved.ts';
import { dropLeftovers, dropScratch, settingsOf } from './scratch.ts';
import { buildSessions } from './session.ts';
import { type Lens, signalRows } from './signal_definition.ts';
import { buildSponsors } from './sponsor.ts';
import { buildCosts, buildService, buildTickets } from './stream.ts';
import { buildEvents, withEvents } from './touched_events.ts';
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
  const [coverage] = await Promise.all([readCoverage(warehouse, model), dropLeftovers(warehouse, run)]);
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
  const plans: Plan[] = [];
  for (const chunk of chunks(instants, size)) {
    plans.push(...(await steadyPlans(warehouse, { ...base, run: `${run}_c`, instants: chunk })));
  }
  const lanes = inLanes(warehouse, base.only !== null);
  const measuring = measureAll(lanes, plans, whole, (measured) => {
    done += measured;
    request.onProgress?.(done, instants.length);
  });
  const ranking = rankAll(lanes, whole, asOfs);
  await allOf([measuring, ranking]);
  const ranked = await ranking;
  await allOf([assembleAccounts(lanes, whole, asOfs, ranked), assembleUsers(lanes, whole, asOfs)]);
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

/** Builds `ranking`: the Mondays that the as-ofs read, as kept or computed; and their own instants where no Monday serves. */
async function rankAll(warehouse: Warehouse, whole: Plan, asOfs: readonly number[]): Promise<Ranked> {
  const mondays = [...new Set(asOfs.map((asOf) => rankingInstant(whole, asOf)))].sort((a, b) => a - b);
  const facts = await rankedFacts(warehouse, whole, mondays);
  const ranked = new Map(await readRankings(warehouse, whole, facts));
  const lacking = mondays.filter((monday) => !ranked.has(monday) && hasScores(whole, monday));
  for (const plan of await rankingPlans(warehouse, whole, lacking)) {
    for (const [monday, n] of await rank(warehouse, plan)) ranked.set(monday, n);
    const computed = new Map([...facts].filter(([monday]) => plan.instants.includes(monday)));
    await keepRankings(warehouse, whole, computed, scratch(plan, 'ranking'));
    await dropScratch(warehouse, plan.run);
  }
  const unserved = asOfs.filter((asOf) => (ranked.get(rankingInstant(whole, asOf)) ?? 0) === 0);
  const own = [...new Set(unserved.map((asOf) => scoreInstant(whole, asOf)))].filter((at) => hasScores(whole, at));
  if (whole.only === null) return { mondays: ranked, hasOwn: false };
  for (const plan of await rankingPlans(warehouse, whole, own)) {
    await rank(warehouse, plan);
    await append(warehouse, plan, scratch(whole, 'ranking'), `SELECT * FROM ${scratch(plan, 'ranking')}`, false);
    await dropScratch(warehouse, plan.run);
  }
  return { mondays: ranked, hasOwn: true };
}

/** Plans of all accounts at instants, those together at which the same accounts are linked and left out. */
async function rankingPlans(warehouse: Warehouse, whole: Plan, instants: readonly number[]): Promise<readonly Plan[]> {
  if (instants.length === 0) return [];
  return steadyPlans(warehouse, {
    ...whole,
    only: null,
    run: `${whole.run}_r`,
    instants: [...instants].sort((a, b) => a - b),
  });
}

const rankedSchema = z.object({ at: z.coerce.number(), ranked: z.coerce.number() });

/** Ranks all accounts at the plan's instants; returns how many each ranked. The caller drops what was built. */
async function rank(warehouse: Warehouse, plan: Plan): Promise<ReadonlyMap<number, number>> {
  await dropScratch(warehouse, plan.run);
  const resolution = await resolveAccounts(warehouse, plan);
  await buildPopulation(warehouse, plan, resolution, 'contracts');
  await buildContracts(warehouse, plan, resolution);
  await buildCosts(warehouse, plan, resolution);
  await buildRanking(warehouse, plan);
  const rows = await warehouse.rows(
    `SELECT at, count() AS ranked FROM ${scratch(plan, 'ranking')} GROUP BY at`,
    rankedSchema,
  );
  return new Map(rows.map(({ at, ranked }) => [at, ranked]));
}

/** Adds the rows of a query to a table, which the first of them makes. */
async function append(warehouse: Warehouse, plan: Plan, target: string, sql: string, isFirst: boolean): Promise<void> {
  const verb = isFirst ? `CREATE TABLE ${target} ENGINE = Memory AS` : `INSERT INTO ${target}`;
  await warehouse.command(`${verb} ${sql}`, { settings: settingsOf(plan, 'wide') });
}

async function measureAll(
  warehouse: Warehouse,
  plans: readonly Plan[],
  whole: Plan,
  onMeasured: (instants: number) => void,
): Promise<void> {
  for (const [index, plan] of plans.entries()) {
    await measure(warehouse, plan, whole, index === 0);
    onMeasured(plan.instants.length);
  }
}

/** Measures the plan's instants: adds rows to `signals_account` and `signals_user` of the whole computation. */
async function measure(warehouse: Warehouse, plan: Plan, whole: Plan, isFirst: boolean): Promise<void> {
  if (!isFirst) await dropScratch(warehouse, plan.run);
  const lens: Lens = { model: plan.model, coverage: plan.coverage, instants: plan.instants };
  const resolution = await resolve(warehouse, plan);
  const users = scratch(whole, 'signals_user');
  await buildTables(warehouse, plan, resolution, users, () =>
    append(warehouse, plan, users, userSignalSql(plan, lens), isFirst),
  );
  await buildAccountBase(warehouse, plan);
  await append(warehouse, plan, scratch(whole, 'signals_account'), accountSignalSql(plan, lens), isFirst);
  if (plan.only === null) await dropScratch(warehouse, plan.run);
}

/**
 * Builds users' signals and everything that accounts' base rows are made of, each part as soon as what it reads is
 * there. The way to the users' signals is the longest: its parts stand first in the queue.
 */
async function buildTables(
  warehouse: Warehouse,
  plan: Plan,
  raw: Resolution,
  users: string,
  measureUsers: () => Promise<void>,
): Promise<void> {
  const events = buildEvents(warehouse, plan, raw);
  const resolution = withEvents(plan, raw);
  const persons = buildPersonRows(warehouse, plan, resolution);
  const population = buildPopulation(warehouse, plan, raw);
  const activity = after([events], () => buildActivity(warehouse, plan, resolution));
  const runs = after([events], () => buildRuns(warehouse, plan, resolution));
  const sessions = after([events], () => buildSessions(warehouse, plan, resolution));
  const steps = after([events], () => buildUserProgress(warehouse, plan, resolution));
  const members = after([population, activity, persons], () => buildMembers(warehouse, plan, resolution));
  const tickets = buildTickets(warehouse, plan, resolution);
  const base = after([members, sessions, runs, steps, tickets], () => buildUserBase(warehouse, plan));
  const own = after([runs], () => buildOwnSignals(warehouse, plan, resolution));
  const measured = after([base, own], measureUsers);
  const contracts = after([population], () => buildContracts(warehouse, plan, resolution));
  await allOf([
    ...[events, population, activity, persons, runs, sessions, steps, members, tickets, base, own, measured, contracts],
    after([contracts, activity, persons], () => buildPathways(warehouse, plan, resolution)),
    after([population, runs], () => buildProgress(warehouse, plan, resolution)),
    after([activity, persons], () => buildSponsors(warehouse, plan, resolution)),
    after([contracts], () => buildService(warehouse, plan, resolution)),
    after([contracts], () => buildChurnRate(warehouse, plan, resolution)),
    after([activity], () => buildAccountUse(warehouse, plan)),
    after([sessions], () => buildAccountSessions(warehouse, plan)),
    after([events], () => buildIntegrations(warehouse, plan, resolution)),
    buildNeeds(warehouse, plan, resolution),
    after([measured], () => buildAccountPeople(warehouse, plan, users)),
  ]);
}

/** SQL: (at, account, user): what is kept of the base row, signals, null reasons and tier. */
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
  const kept = ['at', 'account_id', 'user_id', ...keptOfUsers(plan.model), ...TALLIED, ...withReasons(signals)];
  return `SELECT ${kept.join(', ')}, ${tierSql(plan.model)} AS tier FROM (${signalRows(signals, lens, rows)})`;
}

const withReasons = (signals: readonly { readonly name: string }[]): string[] =>
  signals.flatMap(({ name }) => [name, `${name}__null`]);

/** SQL: (at, account): what a profile keeps of the base row, signals, null reasons and what is assumed. */
function accountSignalSql(plan: Plan, lens: Lens): string {
  const assumed = ACCOUNT_SIGNALS.flatMap((signal) =>
    Object.entries(signal.assumed?.(lens) ?? {}).map(
      ([name, when]) => `if(${signal.name}__null = 0 AND (${when}), ['${name}'], [])`,
    ),
  );
  const created = `if(is_assumed, ['created'], []), if(said_has_contracts, [], ['customer'])`;
  const signals = [...ACCOUNT_SIGNALS, ...ownDefinitions(plan, 'account')];
  const rows = signalRows(signals, lens, withOwnSignals(plan, 'account', scratch(plan, 'account_base')));
  const kept = ['at', 'account_id', ...keptOfAccounts(plan.model), ...withReasons(signals)];
  return `SELECT ${kept.join(', ')}, arrayDistinct(arrayConcat(${[created, ...assumed].join(', ')})) AS assumed FROM (${rows})`;
}
