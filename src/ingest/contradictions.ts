import { z } from 'zod';
import { CHURN_TRAIT, SAYS_NO } from '../model/churn_words.ts';
import { FACT_TABLES } from '../model/tables.ts';
import { whole } from '../warehouse/values.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Ground } from './ground.ts';
import type { Contradiction } from './report.ts';
import { countOf } from './staging.ts';

const pair = z.object({ count: whole, of: whole });
const PAID = `kind IN ('paid', 'addon', '')`;
/** Traits of an account that tell of churn in words of their own. */
const IS_CHURN_TRAIT = `match(lower(k), '${CHURN_TRAIT}')`;
const NO = SAYS_NO.map((word) => `'${word}'`).join(', ');
/** How much fuller an end must be among the churned before it is told: the end is then written when they leave. */
const END_SHARE_GAP = 0.5;

/**
 * Ways in which the facts disagree with themselves, with how often; only those that occur.
 *
 * `horizon` is the moment up to which anything is known: a contract that ends after it is running.
 */
export async function findContradictions(
  warehouse: Warehouse,
  ground: Ground,
  horizon: Date,
): Promise<Contradiction[]> {
  const found = [
    await usageBeforeCreation(warehouse, ground),
    await ticketsBeforeCreation(warehouse, ground),
    ...(await churnToldTwice(warehouse, ground, horizon)),
    await churnEventWithoutEnd(warehouse, ground),
    ...(await endsOfTheChurned(warehouse, ground, horizon)),
  ];
  return found.filter((contradiction) => contradiction.count > 0);
}

async function ask(warehouse: Warehouse, sql: string): Promise<{ count: number; of: number }> {
  const [row] = await warehouse.rows(sql, pair, { settings: { join_use_nulls: 1 } });
  return row ?? { count: 0, of: 0 };
}

/** (old_id, new_id): accounts that carry on under another name; what names the old one belongs to the new. */
function links(ground: Ground): string {
  return `SELECT account_id AS old_id, argMax(into_account_id, at) AS new_id
    FROM ${ground.known('account_links')} WHERE kind != 'split' AND account_id != into_account_id GROUP BY old_id`;
}

async function usageBeforeCreation(warehouse: Warehouse, ground: Ground): Promise<Contradiction> {
  const { count, of } = await ask(
    warehouse,
    `SELECT countIf(e.first < a.created) AS count, count() AS of
     FROM (
       SELECT if(ifNull(l.new_id, '') != '', l.new_id, f.account_id) AS owner, min(f.first) AS first
       FROM (SELECT account_id, min(time) AS first FROM ${ground.known('events')} WHERE account_id != '' GROUP BY account_id) AS f
       LEFT JOIN (${links(ground)}) AS l ON l.old_id = f.account_id GROUP BY owner
     ) AS e
     INNER JOIN (SELECT account_id, created FROM ${ground.known('accounts')} WHERE isNotNull(created)) AS a ON a.account_id = e.owner`,
  );
  const message = `${count} of ${of} accounts with usage were used before they were created`;
  return { code: 'usage-before-creation', message, count, of };
}

async function ticketsBeforeCreation(warehouse: Warehouse, ground: Ground): Promise<Contradiction> {
  const { count, of } = await ask(
    warehouse,
    `SELECT countIf(t.opened < a.created) AS count, count() AS of
     FROM (SELECT account_id, opened FROM ${ground.known('tickets')}) AS t
     INNER JOIN (SELECT account_id, created FROM ${ground.known('accounts')} WHERE isNotNull(created)) AS a ON a.account_id = t.account_id`,
  );
  const message = `${count} of ${of} tickets were opened before their account was created`;
  return { code: 'ticket-before-creation', message, count, of };
}

/** Accounts of which an event tells that they left, and whose contracts run on. */
async function churnEventWithoutEnd(warehouse: Warehouse, ground: Ground): Promise<Contradiction> {
  const { count, of } = await ask(
    warehouse,
    `SELECT countIf(c.running > 0) AS count, count() AS of
     FROM (SELECT DISTINCT account_id FROM ${ground.known('events')} WHERE match(lower(event), '(^|_|\\b)(churn|cancel)') AND account_id != '') AS e
     INNER JOIN (
       SELECT account_id, countIf(isNull(ends)) AS running FROM (
         SELECT account_id, contract_id, argMax(tuple(ends), known).1 AS ends FROM ${ground.known('contracts')} WHERE ${PAID} GROUP BY account_id, contract_id
       ) GROUP BY account_id
     ) AS c ON c.account_id = e.account_id`,
  );
  const message = `${count} of ${of} accounts with an event of churn have a contract without an end`;
  return { code: 'churn-event-without-end', message, count, of };
}

/** Accounts whose own row says something else about churn than their contracts do. */
async function churnToldTwice(warehouse: Warehouse, ground: Ground, horizon: Date): Promise<Contradiction[]> {
  const told = `SELECT account_id, arrayExists((k, v) -> ${IS_CHURN_TRAIT} AND lower(v) NOT IN (${NO}), mapKeys(traits), mapValues(traits)) AS says_churned,
      arrayExists(k -> ${IS_CHURN_TRAIT}, mapKeys(traits)) AS says_anything
    FROM ${ground.known('accounts')}`;
  const contracts = `SELECT account_id, countIf(isNull(ends)) > 0 AS is_open, countIf(isNull(ends) OR ends > ${dayOf(horizon)}) = 0 AS has_ended FROM (
      SELECT account_id, contract_id, argMax(tuple(ends), known).1 AS ends FROM ${ground.known('contracts')} WHERE ${PAID} GROUP BY account_id, contract_id
    ) GROUP BY account_id`;
  const [row] = await warehouse.rows(
    `SELECT countIf(is_open AND says_churned) AS running, countIf(has_ended = 1 AND NOT says_churned) AS ended, count() AS of
     FROM (${contracts}) AS c INNER JOIN (${told}) AS a ON a.account_id = c.account_id
     WHERE (SELECT max(says_anything) FROM (${told})) = 1`,
    z.object({ running: whole, ended: whole, of: whole }),
  );
  const { running = 0, ended = 0, of = 0 } = row ?? {};
  return [
    {
      code: 'churn-flag-without-end',
      message: `${running} of ${of} accounts are marked as churned and have a contract without an end`,
      count: running,
      of,
    },
    {
      code: 'end-without-churn-flag',
      message: `${ended} of ${of} accounts have only ended contracts and are not marked as churned`,
      count: ended,
      of,
    },
  ];
}

/** An end that is known mostly of those who left was written when they left, and tells the future to the past. */
async function endsOfTheChurned(warehouse: Warehouse, ground: Ground, horizon: Date): Promise<Contradiction[]> {
  const latest = `SELECT account_id, contract_id, argMax(tuple(term_ends), known).1 AS term_ends, argMax(tuple(ends), known).1 AS ends
    FROM ${ground.known('contracts')} WHERE ${PAID} GROUP BY account_id, contract_id`;
  const [row] = await warehouse.rows(
    `SELECT countIf(has_churned) AS churned, countIf(NOT has_churned) AS others,
       countIf(has_churned AND filled) AS churned_filled, countIf(NOT has_churned AND filled) AS others_filled
     FROM (
       SELECT account_id, countIf(isNull(ends) OR ends > ${dayOf(horizon)}) = 0 OR account_id IN (${saysChurned(ground)}) AS has_churned,
         countIf(isNotNull(term_ends)) > 0 AS filled
       FROM (${latest}) GROUP BY account_id
     )`,
    z.object({ churned: whole, others: whole, churned_filled: whole, others_filled: whole }),
  );
  if (row === undefined || row.churned === 0 || row.others === 0) return [];
  const churnedShare = row.churned_filled / row.churned;
  const othersShare = row.others_filled / row.others;
  if (churnedShare - othersShare < END_SHARE_GAP) return [];
  const message = `term_ends is filled for ${percent(churnedShare)} of the churned accounts and ${percent(othersShare)} of the others: it was written when they left, so days to renewal would tell the future`;
  return [{ code: 'ends-known-of-the-churned', message, count: row.churned_filled, of: row.churned }];
}

function saysChurned(ground: Ground): string {
  return `SELECT account_id FROM ${ground.known('accounts')} WHERE arrayExists((k, v) -> ${IS_CHURN_TRAIT} AND lower(v) NOT IN (${NO}), mapKeys(traits), mapValues(traits))`;
}

function dayOf(at: Date): string {
  return `toDate32('${at.toISOString().slice(0, 10)}')`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** Accounts and users that facts name and that no accounts or users row declares; former names of accounts are none. */
export async function countCreated(warehouse: Warehouse, ground: Ground): Promise<{ accounts: number; users: number }> {
  const naming = (column: string): string =>
    FACT_TABLES.filter((table) => table.name !== 'account_links' && table.name !== 'traits')
      .filter((table) => table.columns.some((candidate) => candidate.name === column))
      .map((table) => `SELECT DISTINCT ${column} FROM ${ground.known(table.name)} WHERE ${column} != ''`)
      .join(' UNION ALL ');
  const unknown = (column: string, declared: string): string =>
    `SELECT uniqExact(${column}) AS n FROM (${naming(column)}) WHERE ${column} NOT IN (SELECT ${column} FROM ${declared})`;
  return {
    accounts: await countOf(
      warehouse,
      `${unknown('account_id', ground.known('accounts'))} AND account_id NOT IN (SELECT old_id FROM (${links(ground)}))`,
    ),
    users: await countOf(warehouse, unknown('user_id', ground.known('users'))),
  };
}

/** Events that name no account, and whose user has at that time a row in none or in several. */
export async function countUnattributed(warehouse: Warehouse, ground: Ground): Promise<number> {
  return countOf(
    warehouse,
    `SELECT countIf(length(arrayDistinct(arrayMap(r -> r.1, arrayFilter(r -> (isNull(r.2) OR r.2 <= e.time) AND (isNull(r.3) OR r.3 > e.time), u.rows)))) != 1) AS n
     FROM (SELECT user_id, time FROM ${ground.known('events')} WHERE account_id = '') AS e
     LEFT JOIN (
       SELECT user_id, groupArray((account_id, \`from\`, \`to\`)) AS rows FROM ${ground.known('users')} GROUP BY user_id
     ) AS u ON u.user_id = e.user_id
     SETTINGS join_use_nulls = 0`,
  );
}
