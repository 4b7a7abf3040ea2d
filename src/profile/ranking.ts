import type { Warehouse } from '../warehouse/warehouse.ts';
import { instantOf } from './coverage.ts';
import { DAY_MS, type Plan, scratch } from './plan.ts';
import { buildScratch } from './scratch.ts';
import { type Lens, signalRows } from './signal_definition.ts';
import { MONEY_SIGNALS } from './signals/account_money.ts';

const MONDAY_MS = 4 * DAY_MS;

/** The last Monday 00:00 UTC at or before an instant; 1970-01-05 was a Monday. */
function lastMonday(at: number): number {
  return at - ((((at - MONDAY_MS) % (7 * DAY_MS)) + 7 * DAY_MS) % (7 * DAY_MS));
}

function scoreSignal() {
  const found = MONEY_SIGNALS.find((signal) => signal.name === 'value_score');
  if (found === undefined) throw new Error('value_score is not among the money signals');
  return found;
}

/** The instant of the ranking that an as-of reads: the last Monday at or before the instant of its value scores. */
export function rankingInstant(plan: Plan, asOf: number): number {
  return lastMonday(instantOf(plan.coverage, scoreSignal().inputs, asOf));
}

/** The instant at which the value scores of an as-of itself are measured. */
export function scoreInstant(plan: Plan, asOf: number): number {
  return instantOf(plan.coverage, scoreSignal().inputs, asOf);
}

/** Whether anybody can have a value score at an instant: nobody before the first contract is known. */
export function hasScores(plan: Plan, instant: number): boolean {
  const first = plan.coverage.get('contracts')?.firstFact ?? null;
  return first !== null && first < instant;
}

/** How a score is computed at an instant, as SQL. */
export function scoreTextOf(plan: Plan, instant: number): string {
  return signalRows([scoreSignal()], { model: plan.model, coverage: plan.coverage, instants: [instant] }, '');
}

/**
 * Builds `ranking` (at, account): value scores of the customers at each instant of the plan, rounded to the cent, with
 * rank (1 is highest, ties share the best) and number of customers ranked. Needs `population`, `standing` and `costs`.
 */
export async function buildRanking(warehouse: Warehouse, plan: Plan): Promise<void> {
  const lens: Lens = { model: plan.model, coverage: plan.coverage, instants: plan.instants };
  const names = ['has_contracts', 'is_customer', 'arr', 'arr_before', 'was_customer_before', 'seats'];
  const base = `SELECT p.at AS at, p.account_id AS account_id, p.addressable_seats AS addressable_seats, p.employees AS employees,
      c.cost AS cost, ${names.map((name) => `k.${name} AS said_${name}`).join(', ')}
    FROM ${scratch(plan, 'population')} AS p
    INNER JOIN ${scratch(plan, 'standing')} AS k ON k.at = p.at AND k.account_id = p.account_id
    LEFT JOIN ${scratch(plan, 'costs')} AS c ON c.at = p.at AND c.account_id = p.account_id`;
  await buildScratch(warehouse, plan, 'ranking', rankSql(signalRows([scoreSignal()], lens, base)));
}

/** SQL: (at, account_id, score, place, ranked) of those of some rows that have a value score. */
function rankSql(rows: string): string {
  return `SELECT at, account_id, score, rank() OVER (PARTITION BY at ORDER BY score DESC) AS place, count() OVER (PARTITION BY at) AS ranked
    FROM (SELECT at, account_id, round(assumeNotNull(value_score), 2) AS score FROM (${rows}) WHERE isNotNull(value_score))`;
}

/** What is ranked of each Monday, by its instant; and whether those of the as-ofs' own instants are in `ranking` too. */
export interface Ranked {
  readonly mondays: ReadonlyMap<number, number>;
  readonly hasOwn: boolean;
}

/**
 * SQL: (as_of, account_id, place, ranked): where each customer of an as-of stands in the ranking that the as-of reads.
 *
 * A customer newer than the ranking is placed by its own score among the ranked; before the first ranking the as-of's
 * own scores are ranked. Scores of the as-of itself are in `signals_account`.
 */
export function placeSql(plan: Plan, asOfs: readonly number[], { mondays, hasOwn }: Ranked): string {
  const isRanked = (asOf: number): boolean => (mondays.get(rankingInstant(plan, asOf)) ?? 0) > 0;
  const [ranked, others] = [asOfs.filter(isRanked), asOfs.filter((asOf) => !isRanked(asOf))];
  const parts = others.map((asOf) => {
    const instant = scoreInstant(plan, asOf);
    const scores = `SELECT at, account_id, value_score FROM ${scratch(plan, 'signals_account')} WHERE at = ${instant}`;
    const own = hasOwn
      ? `SELECT account_id, place, ranked FROM ${scratch(plan, 'ranking')} WHERE at = ${instant}`
      : rankSql(scores);
    return `SELECT toInt64(${asOf}) AS as_of, account_id, toUInt64(place) AS place, toUInt64(ranked) AS ranked FROM (${own})`;
  });
  const places = plan.only === null ? placesOfAll : placesOfFew;
  return [...parts, ...(ranked.length === 0 ? [] : [places(plan, ranked)])].join(' UNION ALL ');
}

/** SQL: (as_of, instant, monday): the instant of an as-of's scores, and the Monday whose ranking it reads. */
function instantsSql(plan: Plan, asOfs: readonly number[]): string {
  const read = asOfs.map((asOf) => {
    const each = [asOf, scoreInstant(plan, asOf), rankingInstant(plan, asOf)];
    return `(${each.map((ms) => `toInt64(${ms})`).join(', ')})`;
  });
  return `SELECT each.1 AS as_of, each.2 AS instant, each.3 AS monday FROM (SELECT arrayJoin([${read.join(', ')}]) AS each)`;
}

/** SQL: (at, account_id, score): the accounts' own scores, as the ranking rounds them. */
function ownScoresSql(plan: Plan): string {
  return `SELECT at, account_id, round(assumeNotNull(value_score), 2) AS score
    FROM ${scratch(plan, 'signals_account')} WHERE isNotNull(value_score)`;
}

/**
 * SQL: places at as-ofs that have a ranking, of all accounts: own scores and ranked ones in one order. The ranked before
 * a row are those with higher scores, since of equal ones the row itself comes first.
 */
function placesOfAll(plan: Plan, asOfs: readonly number[]): string {
  const ranking = scratch(plan, 'ranking');
  const instants = instantsSql(plan, asOfs);
  return `SELECT as_of, account_id, if(place > 0, toUInt64(place), toUInt64(1 + higher)) AS place, toUInt64(ranked) AS ranked FROM (
      SELECT as_of, account_id, place, is_ranked, sum(is_ranked) OVER within AS higher, max(n) OVER (PARTITION BY as_of) AS ranked FROM (
        SELECT x.as_of AS as_of, o.account_id AS account_id, o.score AS score, m.place AS place, 0 AS is_ranked, 0 AS n
        FROM (${instants}) AS x INNER JOIN (${ownScoresSql(plan)}) AS o ON o.at = x.instant
        LEFT JOIN ${ranking} AS m ON m.at = x.monday AND m.account_id = o.account_id
        UNION ALL
        SELECT x.as_of AS as_of, r.account_id AS account_id, r.score AS score, 0 AS place, 1 AS is_ranked, r.ranked AS n
        FROM (${instants}) AS x INNER JOIN ${ranking} AS r ON r.at = x.monday
      ) WINDOW within AS (PARTITION BY as_of ORDER BY score DESC, is_ranked ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    ) WHERE is_ranked = 0`;
}

/** SQL: the same of few accounts, each beside all scores. */
function placesOfFew(plan: Plan, asOfs: readonly number[]): string {
  const ranking = scratch(plan, 'ranking');
  return `SELECT x.as_of AS as_of, o.account_id AS account_id,
        if(m.place > 0, toUInt64(m.place), toUInt64(1 + arrayCount(score -> score > o.score, r.scores))) AS place, toUInt64(r.ranked) AS ranked
      FROM (${instantsSql(plan, asOfs)}) AS x
      INNER JOIN (${ownScoresSql(plan)}) AS o ON o.at = x.instant
      INNER JOIN (SELECT at, groupArray(score) AS scores, max(ranked) AS ranked FROM ${ranking} GROUP BY at) AS r ON r.at = x.monday
      LEFT JOIN ${ranking} AS m ON m.at = x.monday AND m.account_id = o.account_id`;
}
