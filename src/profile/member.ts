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
 * Needs `births`, `person_rows` and `user_history`.
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
  const columns = ['user_id', ...own.map((attribute) => attribute.name), 'traits', '`from`', '`to`', 'fact_key'];
  return `SELECT account_id, user_id, ${own.map((a) => a.name).join(', ')}, traits, fact_key,
      ifNull(${milliseconds('`from`')}, ${EVER}) AS from_ms, ifNull(${milliseconds('`to`')}, 9000000000000) AS to_ms
    FROM (${resolveKeys(plan, resolution, 'users', columns, '1')}) WHERE user_id != ''`;
}

/** End of what lasts. */
const NEVER = 9_000_000_000_000;

/**
 * SQL: the rows of a user laid end to end, each from its own begin to that of the next, with the time before any row where
 * there is activity; then one row for each instant within them. Whoever is looked up is looked up once, not at each instant.
 */
function memberSql(plan: Plan, resolution: Resolution): string {
  const attributes = attributesOf(plan.model, 'user');
  const hasTraits = resolution.hasTraits.user;
  const rows = scratch(plan, 'person_rows');
  const spans = `SELECT *, 1 AS is_told,
      leadInFrame(from_ms, 1, toInt64(${NEVER})) OVER (PARTITION BY account_id, user_id ORDER BY from_ms, to_ms, fact_key
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS until_ms FROM ${rows}`;
  const own = attributes.filter((attribute) => !attribute.isTrait).map((attribute) => attribute.name);
  const columns = [...own, 'traits', 'to_ms'];
  const untold = `SELECT h.account_id AS account_id, h.user_id AS user_id, h.first_ms AS begin_ms,
      if(p.user_id = '', toInt64(${NEVER}), p.first_from_ms) AS until_ms, 0 AS is_told, ${columns.map((c) => `n.${c} AS ${c}`).join(', ')}
    FROM ${scratch(plan, 'user_history')} AS h
    LEFT JOIN (SELECT account_id, user_id, min(from_ms) AS first_from_ms FROM ${rows} GROUP BY account_id, user_id) AS p
      ON p.account_id = h.account_id AND p.user_id = h.user_id
    LEFT JOIN (SELECT * FROM ${rows} LIMIT 0) AS n ON n.account_id = h.account_id AND n.user_id = h.user_id
    WHERE h.user_id != ''`;
  const told = `SELECT account_id, user_id, from_ms AS begin_ms, until_ms, is_told, ${columns.join(', ')} FROM (${spans})`;
  return `SELECT p.at AS at, p.account_id AS account_id, p.user_id AS user_id,
      if(p.is_told AND p.begin_ms > ${EVER}, toDate32(fromUnixTimestamp64Milli(toNullable(p.begin_ms), 'UTC')), NULL) AS \`from\`,
      if(p.to_ms > 0 AND p.to_ms < p.at, toDate32(fromUnixTimestamp64Milli(toNullable(p.to_ms), 'UTC')), NULL) AS \`to\`,
      ${attributes.map((a) => `${attributeSql(a, 'p', hasTraits ? 'mapUpdate(t.values, u.values)' : null)} AS ${a.name}`).join(', ')}
    FROM (
      SELECT *, at FROM (
        SELECT r.*, ifNull(b.created_ms, ${EVER}) AS born_ms FROM (${told} UNION ALL ${untold}) AS r
        INNER JOIN ${scratch(plan, 'births')} AS b ON b.account_id = r.account_id
      ) ARRAY JOIN arrayFilter(x -> x > begin_ms AND x <= until_ms AND x > born_ms, ${instantArray(plan)}) AS at
    ) AS p
    ${hasTraits ? traitJoins(plan) : ''}`;
}

function traitJoins(plan: Plan): string {
  const people = `SELECT user_id FROM ${scratch(plan, 'person_rows')} UNION DISTINCT SELECT user_id FROM ${scratch(plan, 'user_history')}`;
  const maps = traitMaps(plan, 'user', people);
  return `LEFT JOIN (SELECT * FROM (${maps}) WHERE key_account = '') AS t ON t.at = p.at AND t.key_id = p.user_id
    LEFT JOIN (SELECT * FROM (${maps}) WHERE key_account != '') AS u
      ON u.at = p.at AND u.key_id = p.user_id AND u.key_account = p.account_id`;
}
