import type { Model } from '../definition/model.ts';
import { CHURN_EVENT, CHURN_TRAIT, SAYS_NO } from '../model/churn_words.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { buildTerms } from './contract.ts';
import { readCoverage } from './coverage.ts';
import { activitySpellsSql } from './custom.ts';
import { resolveApart } from './history.ts';
import { inLanes } from './lane.ts';
import { extent, milliseconds, type Plan, quote, quoteList, scratch } from './plan.ts';
import { type Resolution, resolveKeys } from './resolved.ts';
import { buildScratch, dropScratch } from './scratch.ts';

/** What facts other than the ends of contracts tell of churn, by table; they live until `dropTellings`. */
export interface TellingTables {
  /** (account_id, start_ms, churned_ms): spells of use, ended by a silence of `outcomes.inactive_days`; null: it lasts. */
  readonly use: string;
  /** (account_id, at_ms): the day of notice, of accounts that have given it for all that they pay for. */
  readonly notices: string;
  /** (account_id, event, at_ms): events whose name tells that the account left, whether the model ignores them or not. */
  readonly events: string;
  /** (account_id, is_churned): accounts with a trait that tells of churn, and what it says; it has no day. */
  readonly traits: string;
}

/** Builds what is told of churn beside the ends of contracts, as known before an instant; links as `buildHistory` has them. */
export async function buildTellings(
  engine: Warehouse,
  request: { readonly model: Model; readonly run: string; readonly through: number },
): Promise<TellingTables> {
  const warehouse = inLanes(engine, false);
  const { model, run, through } = request;
  const coverage = await readCoverage(warehouse, model);
  const database = warehouse.database;
  const plan: Plan = { model, coverage, database, run: `${run}_t`, instants: [through], only: null };
  await dropTellings(warehouse, run);
  const { apart } = await resolveApart(warehouse, plan, run);
  await buildTerms(warehouse, plan, apart);
  await buildScratch(warehouse, plan, 'use', activitySpellsSql(plan, apart));
  await buildScratch(warehouse, plan, 'notices', noticesSql(plan));
  await buildScratch(warehouse, plan, 'leavings', eventsSql(plan, apart));
  await buildScratch(warehouse, plan, 'flags', traitsSql(plan, apart));
  return {
    use: scratch(plan, 'use'),
    notices: scratch(plan, 'notices'),
    events: scratch(plan, 'leavings'),
    traits: scratch(plan, 'flags'),
  };
}

/** SQL: the last of the days on which what is paid for was given notice of, or ended, if nothing is left and notice was given. */
function noticesSql(plan: Plan): string {
  const { to } = extent(plan);
  const versions = `SELECT account_id, contract_id, argMax((is_paid, notice_ms, ends_ms), known_ms) AS v
    FROM ${scratch(plan, 'terms')} WHERE known_ms < ${to} AND starts_ms < ${to} GROUP BY account_id, contract_id`;
  const isNoticed = `isNotNull(v.2) AND assumeNotNull(v.2) < ${to}`;
  return `SELECT account_id, max(if(${isNoticed}, least(assumeNotNull(v.2), ifNull(v.3, v.2)), assumeNotNull(v.3))) AS at_ms
    FROM (${versions}) WHERE v.1 GROUP BY account_id
    HAVING countIf(${isNoticed}) > 0 AND countIf(NOT (${isNoticed}) AND (isNull(v.3) OR assumeNotNull(v.3) >= ${to})) = 0`;
}

function eventsSql(plan: Plan, resolution: Resolution): string {
  const where = `account_id != '' AND ${milliseconds('time')} < ${extent(plan).to} AND match(lower(event), ${quote(CHURN_EVENT)})`;
  const rows = resolveKeys(plan, resolution, 'events', ['time', 'event'], where);
  return `SELECT DISTINCT account_id, toString(event) AS event, ${milliseconds('time')} AS at_ms FROM (${rows})`;
}

function traitsSql(plan: Plan, resolution: Resolution): string {
  const isTold = `match(lower(k), ${quote(CHURN_TRAIT)})`;
  const rows = resolveKeys(plan, resolution, 'accounts', ['traits'], '1');
  return `SELECT account_id,
      max(arrayExists((k, v) -> ${isTold} AND lower(v) NOT IN ${quoteList(SAYS_NO)}, mapKeys(traits), mapValues(traits))) AS is_churned
    FROM (${rows}) WHERE arrayExists(k -> ${isTold}, mapKeys(traits)) GROUP BY account_id`;
}

/** Drops what `buildTellings` built under this run's name. */
export async function dropTellings(warehouse: Warehouse, run: string): Promise<void> {
  await dropScratch(warehouse, `${run}_t`);
  await dropScratch(warehouse, `${run}_b`);
}
