import type { Warehouse } from '../warehouse/warehouse.ts';
import { instantArray, type Plan, scratch } from './plan.ts';
import type { Resolution } from './resolved.ts';
import { buildScratch } from './scratch.ts';
import { beforeInstants } from './stream.ts';

const OPEN = '9000000000000';

/**
 * Builds `sponsors` (at, account; only accounts that ever had one): whether one is present, was active in 30 days, has
 * engaged since taking the role, and when the role last changed hands.
 *
 * Needs `person_rows`, `user_window` and `user_history`.
 */
export async function buildSponsors(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'sponsor_spells', spellSql(plan));
  await buildScratch(warehouse, plan, 'sponsors', sponsorSql(plan, resolution));
}

/** SQL: (at, account, user, start_ms, end_ms): unbroken spells in the role; an end that has not come yet is open. */
function spellSql(plan: Plan): string {
  const merge = `arrayFold((spells, x) -> if(empty(spells) OR x.1 > spells[-1].2,
      arrayPushBack(spells, x),
      arrayPushBack(arrayPopBack(spells), (spells[-1].1, greatest(spells[-1].2, x.2)))),
    arraySort(held), CAST([], 'Array(Tuple(Int64, Int64))'))`;
  return `SELECT at, account_id, user_id, spell.1 AS start_ms, spell.2 AS end_ms FROM (
      SELECT at, account_id, user_id, groupArray((from_ms, if(to_ms < at, to_ms, toInt64(${OPEN})))) AS held
      FROM ${scratch(plan, 'person_rows')} ARRAY JOIN ${instantArray(plan)} AS at
      WHERE is_sponsor = 1 AND from_ms < at GROUP BY at, account_id, user_id
    ) ARRAY JOIN ${merge} AS spell`;
}

function sponsorSql(plan: Plan, resolution: Resolution): string {
  const meetings = `SELECT at, account_id, user_id, max(ms) AS met_ms
    FROM (${beforeInstants(plan, resolution, 'touches', 'time', ['user_id', 'kind'], null)})
    WHERE kind = 'meeting' AND user_id != '' GROUP BY at, account_id, user_id`;
  const lastHolder = `arraySort(x -> (x.3, x.1), arrayFilter(x -> x.2 < s.2, spells))[-1]`;
  const isTaken = `notEmpty(arrayFilter(x -> x.2 < s.2, spells)) AND empty(arrayFilter(x -> x.2 < s.2 AND x.3 >= s.2, spells))
    AND ${lastHolder}.1 != s.1`;
  return `SELECT at, account_id, max(is_present) AS has_sponsor, max(is_present AND is_active) AS is_active,
      max(is_present AND is_engaged) AS is_engaged, groupArray((user_id, start_ms, end_ms)) AS spells,
      arrayMax(arrayConcat([toInt64(-1)], arrayMap(s -> s.3, arrayFilter(s -> s.3 < ${OPEN}, spells)),
        arrayMap(s -> s.2, arrayFilter(s -> ${isTaken}, spells)))) AS changed_ms
    FROM (
      SELECT s.at AS at, s.account_id AS account_id, s.user_id AS user_id, s.start_ms AS start_ms, s.end_ms AS end_ms,
        s.end_ms = ${OPEN} AS is_present, bitAnd(w.days, ${2 ** 30 - 1}) != 0 AS is_active,
        greatest(l.last_ms, h.last_old_ms, m.met_ms) >= greatest(s.start_ms, 1) AS is_engaged
      FROM ${scratch(plan, 'sponsor_spells')} AS s
      LEFT JOIN ${scratch(plan, 'user_window')} AS w ON w.at = s.at AND w.account_id = s.account_id AND w.user_id = s.user_id
      LEFT JOIN ${scratch(plan, 'last_seen')} AS l ON l.at = s.at AND l.account_id = s.account_id AND l.user_id = s.user_id
      LEFT JOIN ${scratch(plan, 'user_history')} AS h ON h.account_id = s.account_id AND h.user_id = s.user_id
      LEFT JOIN (${meetings}) AS m ON m.at = s.at AND m.account_id = s.account_id AND m.user_id = s.user_id
    ) GROUP BY at, account_id`;
}
