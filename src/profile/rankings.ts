import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { FactTableName } from '../model/table.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { DAY_MS, milliseconds, type Plan, quote, scratch } from './plan.ts';
import { scoreTextOf } from './ranking.ts';
import { buildScratch, PROFILE_SETTINGS } from './scratch.ts';

/** Raise it when a ranking comes to mean something else by other SQL than that of the score. */
const FORM = 1;

/** Facts of which a ranking is made: their table, and the instant that must lie before it (null: every row counts). */
const READ: readonly (readonly [table: FactTableName, instant: string | null, where: string])[] = [
  ['accounts', null, '1'],
  ['contracts', 'known', '1'],
  ['rates', null, '1'],
  ['costs', 'time', '1'],
  ['account_links', null, '1'],
  ['traits', 'from', `entity = 'account'`],
];

const sumSchema = z.object({ monday: z.coerce.number(), sums: z.string() });

/**
 * What the ranking of each of some Mondays is made of, as one word: equal words, equal facts.
 *
 * Why: late facts, links, exclusions and edits all change the word, whatever order they came in; nobody need remember
 * to say that something was touched.
 */
export async function rankedFacts(
  warehouse: Warehouse,
  plan: Plan,
  mondays: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const list = mondays.map((monday) => `toInt64(${monday})`).join(', ');
  const parts = READ.map(([table, instant, where]) => {
    const ms =
      instant === null ? 'toInt64(-9000000000000)' : `ifNull(${milliseconds(`f.\`${instant}\``)}, -9000000000000)`;
    return `SELECT monday, '${table}' AS fact_table, count() AS n, sum(hash) AS total FROM (
        SELECT ${ms} AS ms, cityHash64(fact_key, content) AS hash FROM ${plan.database}.${table} AS f WHERE ${where}
      ) ARRAY JOIN [${list}] AS monday WHERE ms < monday GROUP BY monday`;
  });
  const rows = await warehouse.rows(
    `SELECT monday, arrayStringConcat(arraySort(groupArray(concat(fact_table, ' ', toString(n), ' ', toString(total)))), ', ') AS sums
    FROM (${parts.join(' UNION ALL ')}) GROUP BY monday`,
    sumSchema,
  );
  const sums = new Map(rows.map((row) => [row.monday, row.sums]));
  return new Map(mondays.map((monday) => [monday, wordOf(plan, monday, sums.get(monday) ?? '')]));
}

function wordOf(plan: Plan, monday: number, sums: string): string {
  const parts = [FORM, scoreTextOf(plan, monday), coverageText(plan, monday), sums];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** What the coverage says of the inputs of a score at an instant. */
function coverageText(plan: Plan, monday: number): readonly unknown[] {
  return (['contracts', 'costs'] as const).map((table) => {
    const covered = plan.coverage.get(table);
    const isBegun = covered?.firstFact != null && covered.firstFact < monday;
    const isCovered = covered?.coversFrom == null || covered.coversFrom <= monday - 365 * DAY_MS;
    return [covered?.isNamed ?? false, isBegun, isCovered];
  });
}

const countSchema = z.object({ at: z.coerce.number(), ranked: z.coerce.number(), kept: z.coerce.number() });

/** Builds `ranking` (at, account, score, place, ranked) from what is kept; returns how many each whole Monday ranked. */
export async function readRankings(
  warehouse: Warehouse,
  plan: Plan,
  facts: ReadonlyMap<number, string>,
): Promise<ReadonlyMap<number, number>> {
  const table = scratch(plan, 'ranking');
  const wanted = [...facts].map(([monday, word]) => `(${monday}, ${quote(word)})`).join(', ');
  const mondays = [...facts.keys()].map((monday) => `fromUnixTimestamp64Milli(toInt64(${monday}), 'UTC')`).join(', ');
  await buildScratch(
    warehouse,
    plan,
    'ranking',
    `SELECT DISTINCT ${milliseconds('r.at')} AS at, account_id, score, place, ranked FROM ${plan.database}.rankings AS r
    WHERE model_version = ${quote(plan.model.version)} AND r.at IN (${mondays}) AND (${milliseconds('r.at')}, toString(facts)) IN (${wanted})`,
  );
  const counts = await warehouse.rows(
    `SELECT at, max(ranked) AS ranked, count() AS kept FROM ${table} GROUP BY at`,
    countSchema,
  );
  const whole = counts.filter(({ ranked, kept }) => ranked === kept);
  if (whole.length < counts.length) {
    const kept = whole.map(({ at }) => at);
    await warehouse.command(`ALTER TABLE ${table} DELETE WHERE at NOT IN (${[...kept, 0].join(', ')})`, {
      settings: { mutations_sync: 1 },
    });
  }
  return new Map(whole.map(({ at, ranked }) => [at, ranked]));
}

/** Adds rankings that were computed, a table (at, account, score, place, ranked), to `ranking` and to what is kept. */
export async function keepRankings(
  warehouse: Warehouse,
  plan: Plan,
  facts: ReadonlyMap<number, string>,
  from: string,
): Promise<void> {
  const columns = 'account_id, score, place, ranked';
  await warehouse.command(`INSERT INTO ${scratch(plan, 'ranking')} SELECT at, ${columns} FROM ${from}`);
  const mondays = [...facts.keys()].join(', ');
  const words = [...facts.values()].map(quote).join(', ');
  await warehouse.command(
    `INSERT INTO ${plan.database}.rankings (model_version, at, facts, ${columns})
    SELECT ${quote(plan.model.version)}, fromUnixTimestamp64Milli(r.at, 'UTC'), transform(r.at, [${mondays}], [${words}], ''), ${columns}
    FROM ${from} AS r`,
    { settings: PROFILE_SETTINGS },
  );
}
