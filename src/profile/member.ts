import type { Warehouse } from '../warehouse/warehouse.ts';
import { attributeSql, attributesOf, traitMaps } from './attribute.ts';
import { instantArray, milliseconds, type Plan, scratch } from './plan.ts';
import { type Resolution, resolveKeys } from './resolved.ts';
import { buildScratch } from './scratch.ts';

/** Start of a users row that gives none. */
const EVER = -9_000_000_000_000;

/**
 * Builds `members` (at, account, user): everybody who has a users row begun by the instant or an activity before it, with
 * the attributes of the row that began last, and `is_executive`-relevant facts of any row.
 *
 * Needs `population`, `person_rows` and `user_history`.
 */
export async function buildMembers(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'members', memberSql(plan, resolution));
}

/** Builds `person_rows` (account, user, row): what the users rows of the accounts say, and when they held. */
export async function buildPersonRows(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'person_rows', personRows(plan, resolution));
}

function personRows(plan: Plan, resolution: Resolution): string {
  const own = attributesOf(plan.model, 'user').filter((attribute) => !attribute.isTrait);
  const columns = ['user_id', ...own.map((attribute) => attribute.name), 'traits', '`from`', '`to`'];
  return `SELECT account_id, user_id, ${own.map((a) => a.name).join(', ')}, traits,
      ifNull(${milliseconds('`from`')}, ${EVER}) AS from_ms, ifNull(${milliseconds('`to`')}, 9000000000000) AS to_ms
    FROM (${resolveKeys(plan, resolution, 'users', columns, '1')}) WHERE user_id != ''`;
}

function memberSql(plan: Plan, resolution: Resolution): string {
  const attributes = attributesOf(plan.model, 'user');
  const hasTraits = resolution.hasTraits.user;
  const columns = attributes.filter((attribute) => !attribute.isTrait).map((attribute) => attribute.name);
  const latest = [...columns, 'traits', 'from_ms', 'to_ms']
    .map((c) => `argMax(tuple(${c}), (from_ms, to_ms)).1 AS ${c === 'from_ms' || c === 'to_ms' ? `last_${c}` : c}`)
    .join(', ');
  return `SELECT k.at AS at, k.account_id AS account_id, k.user_id AS user_id,
      if(p.account_id != '' AND p.last_from_ms > ${EVER}, toDate32(fromUnixTimestamp64Milli(toNullable(p.last_from_ms), 'UTC')), NULL) AS \`from\`,
      if(p.last_to_ms > 0 AND p.last_to_ms < k.at, toDate32(fromUnixTimestamp64Milli(toNullable(p.last_to_ms), 'UTC')), NULL) AS \`to\`,
      ${attributes.map((a) => `${attributeSql(a, 'p', hasTraits ? 'mapUpdate(t.values, u.values)' : null)} AS ${a.name}`).join(', ')}
    FROM (
      SELECT DISTINCT at, account_id, user_id FROM (
        SELECT at, account_id, user_id FROM ${scratch(plan, 'person_rows')} ARRAY JOIN ${instantArray(plan)} AS at WHERE from_ms < at
        UNION ALL
        SELECT at, account_id, user_id FROM ${scratch(plan, 'user_history')} ARRAY JOIN ${instantArray(plan)} AS at
        WHERE user_id != '' AND first_ms < at
      )
    ) AS k
    INNER JOIN ${scratch(plan, 'population')} AS a ON a.at = k.at AND a.account_id = k.account_id
    LEFT JOIN (
      SELECT at, account_id, user_id, ${latest} FROM ${scratch(plan, 'person_rows')} ARRAY JOIN ${instantArray(plan)} AS at
      WHERE from_ms < at GROUP BY at, account_id, user_id
    ) AS p ON p.at = k.at AND p.account_id = k.account_id AND p.user_id = k.user_id
    ${hasTraits ? traitJoins(plan) : ''}`;
}

function traitJoins(plan: Plan): string {
  const people = `SELECT user_id FROM ${scratch(plan, 'person_rows')} UNION DISTINCT SELECT user_id FROM ${scratch(plan, 'user_history')}`;
  const maps = traitMaps(plan, 'user', people);
  return `LEFT JOIN (SELECT * FROM (${maps}) WHERE key_account = '') AS t ON t.at = k.at AND t.key_id = k.user_id
    LEFT JOIN (SELECT * FROM (${maps}) WHERE key_account != '') AS u
      ON u.at = k.at AND u.key_id = k.user_id AND u.key_account = k.account_id`;
}
