import { z } from 'zod';
import type { Model } from '../definition/model.ts';
import type { Entity } from '../model/signal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { type Asked, askedAt, askedOf, type Measurement } from './asked.ts';
import { assembleAccounts, assembleUsers } from './assembly.ts';
import { buildContracts } from './contract.ts';
import { type Coverage, instantOf, readCoverage } from './coverage.ts';
import { measureAll } from './division.ts';
import { allOf, inLanes } from './lane.ts';
import { append } from './measure.ts';
import { coveredWord, type Measured, type PastRows } from './past.ts';
import { DAY_MS, type Plan, scratch } from './plan.ts';
import { buildPopulation } from './population.ts';
import { buildRanking, hasScores, type Ranked, rankingInstant, scoreInstant } from './ranking.ts';
import { keepRankings, rankedFacts, readRankings } from './rankings.ts';
import { isSteady, resolveAccounts } from './resolution.ts';
import { dropLeftovers, dropScratch } from './scratch.ts';
import { instantsAtOnce, SIZES, type SliceSize, type SliceSizes, type Weight, weighAccounts } from './slice.ts';
import { buildCosts } from './stream.ts';

/** What to compute: as-ofs in milliseconds, and a name that no other computation uses at the same time. */
export interface ProfileRequest {
  readonly model: Model;
  readonly asOfs: readonly number[];
  readonly run: string;
  /** Table with a column account_id: compute these accounts only; null: all. */
  readonly only?: string | null;
  /** Names of the signals that are read, beside those that classes are made of; null or not given: all signals. */
  readonly signals?: ReadonlySet<string> | null;
  /** Rows measured before, of the same signals: what they hold of the accounts in `only` is not measured again. */
  readonly past?: PastRows | null;
  /** Most instants to measure together; fewer need less memory. Not given: what the accounts take decides. */
  readonly chunk?: number;
  /** What is measured together where all accounts are. */
  readonly slice?: SliceSize;
  /** Whose profiles are read: those of the others are not built, nor what nothing but they are made of; not given: both. */
  readonly entity?: Entity;
  readonly onProgress?: (done: number, all: number) => void;
}

/** Names of the tables that hold the profiles of a computation: (as_of, account_id, ...) and (as_of, account_id, user_id, ...). */
export interface ProfileTables {
  readonly accounts: string;
  readonly users: string;
  readonly coverage: Coverage;
  readonly measured: Measured;
}

/** Parts of an instant add up to whole ones but for this. */
const ROUNDING = 1e-6;

/**
 * Computes the profiles of all accounts and users at each as-of, from facts before it alone.
 *
 * Every signal is measured at the earliest of the as-of and the completeness of its inputs; all distinct instants are
 * measured in chunks, the larger the smaller the workspace, and each as-of takes every signal from its own instant. Where
 * all accounts are measured and do not fit into memory, they are measured slice by slice. The tables live until `dropProfiles`; where profiles of one entity alone
 * are asked for, those of the other are not there.
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
  const { entity = null } = request;
  const asked = askedOf(model, request.signals ?? null, entity);
  const instants = [...new Set(asOfs.flatMap((asOf) => signalInstants(asked, coverage, asOf)))].sort((a, b) => a - b);
  const whole: Measurement = { ...base, entity, instants, asOfs, asked, here: asked };
  let done = 0;
  const covered = coveredWord(coverage);
  const past = request.past?.covered === covered ? request.past : null;
  const isKept = (instant: number): boolean => past?.instants.has(instant) === true && !asOfs.includes(instant);
  const lanes = inLanes(warehouse, base.only !== null);
  const unmeasured = instants.filter((instant) => !isKept(instant));
  const isWeighed = base.only === null && unmeasured.length > 0;
  const measuring = (isWeighed ? weighAccounts(lanes, whole) : NOT_WEIGHED).then(async (weights) => {
    const parts = { ...whole, run: `${run}_c`, instants: unmeasured };
    const plans = await plansOf(lanes, parts, request.chunk ?? instantsAtOnce(weights));
    await measureAll(lanes, plans, { whole, weights, sizes: sizesOf(request) }, (measured) => {
      done += measured;
      request.onProgress?.(Math.floor(done + ROUNDING), instants.length);
    });
  });
  const ranking = entity === 'user' ? NOT_RANKED : rankAll(lanes, whole, asOfs);
  await allOf([measuring, ranking]);
  const ranked = await ranking;
  if (past !== null) await takePast(lanes, whole, past, instants.filter(isKept));
  await allOf([
    ...(entity === 'user' ? [] : [assembleAccounts(lanes, whole, asOfs, ranked)]),
    ...(entity === 'account' ? [] : [assembleUsers(lanes, whole, asOfs)]),
  ]);
  const measured: Measured = {
    ...{ accounts: scratch(whole, 'signals_account'), users: scratch(whole, 'signals_user'), covered },
    past: instants.filter((instant) => !asOfs.includes(instant)),
  };
  return { accounts: scratch(whole, 'accounts'), users: scratch(whole, 'users'), coverage, measured };
}

/** What to measure together, of a measurement of instants; those with as-ofs first. */
async function plansOf(warehouse: Warehouse, whole: Measurement, size: number): Promise<readonly Measurement[]> {
  const { asked, asOfs, coverage } = whole;
  const plans: Measurement[] = [];
  for (const chunk of chunks(whole.instants, size)) {
    for (const plan of await steadyPlans(warehouse, { ...whole, instants: chunk })) {
      plans.push({ ...whole, instants: plan.instants, here: askedAt(asked, coverage, plan.instants, asOfs) });
    }
  }
  // Every table is made by the first, and as-ofs have rows in all of them.
  return plans.sort((a, b) => Number(hasAsOf(b)) - Number(hasAsOf(a)));
}

const NOT_WEIGHED: Promise<readonly Weight[]> = Promise.resolve([]);
const NOT_RANKED: Promise<Ranked> = Promise.resolve({ mondays: new Map(), hasOwn: false });

/** Adds rows that were measured before to `signals_account` and `signals_user`. */
async function takePast(
  warehouse: Warehouse,
  whole: Measurement,
  past: PastRows,
  instants: readonly number[],
): Promise<void> {
  if (instants.length === 0) return;
  const among = whole.only === null ? '1' : `account_id IN (SELECT account_id FROM ${whole.only})`;
  const rows = (table: string) => `SELECT * FROM ${table} WHERE at IN (${instants.join(', ')}) AND ${among}`;
  const { entity } = whole;
  await allOf([
    ...(entity === 'user'
      ? []
      : [append(warehouse, whole, scratch(whole, 'signals_account'), rows(past.accounts), false)]),
    ...(entity === 'account'
      ? []
      : [append(warehouse, whole, scratch(whole, 'signals_user'), rows(past.users), false)]),
  ]);
}

const hasAsOf = ({ instants, asOfs }: Measurement): boolean => instants.some((instant) => asOfs.includes(instant));

/** Drops what `computeProfiles` built under this run's name. */
export async function dropProfiles(warehouse: Warehouse, run: string): Promise<void> {
  await dropScratch(warehouse, run);
}

/** The instants at which the signals of an as-of are measured: the as-of itself, and the completeness of inputs before it. */
function signalInstants({ account, user }: Asked, coverage: Coverage, asOf: number): readonly number[] {
  return [...new Set([asOf, ...[...account, ...user].map(({ inputs }) => instantOf(coverage, inputs, asOf))])];
}

const sizesOf = ({ slice }: ProfileRequest): SliceSizes => (slice === undefined ? SIZES : { together: slice, slice });

/** Instants of one time of day, at most `size` together. */
function chunks(instants: readonly number[], size: number): number[][] {
  const byPhase = new Map<number, number[]>();
  for (const instant of instants) byPhase.set(instant % DAY_MS, [...(byPhase.get(instant % DAY_MS) ?? []), instant]);
  return [...byPhase.values()].flatMap((list) =>
    Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size)),
  );
}

/** The plan itself where links and exclusions are the same at all of its instants, else those of its halves. */
async function steadyPlans(warehouse: Warehouse, plan: Plan): Promise<readonly Plan[]> {
  if (await isSteady(warehouse, plan)) return [plan];
  const middle = Math.ceil(plan.instants.length / 2);
  const [early, late] = [plan.instants.slice(0, middle), plan.instants.slice(middle)];
  return [
    ...(await steadyPlans(warehouse, { ...plan, instants: early })),
    ...(await steadyPlans(warehouse, { ...plan, instants: late })),
  ];
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
