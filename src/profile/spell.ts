import { DAY_MS, instantArray, type Plan, scratch } from './plan.ts';

/**
 * SQL: (at, account_id, start_ms, end_ms): spells as customer, of contract versions `terms`, by default those of
 * the scratch table of that name;
 * `end_ms` is the instant itself while the spell lasts. Gaps shorter than the grace end none.
 */
export function spellSql(plan: Plan, terms = scratch(plan, 'terms')): string {
  const grace = plan.model.value.churnGraceDays * DAY_MS;
  const versions = `SELECT at, account_id, contract_id, argMax((is_paid, starts_ms, ifNull(ends_ms, at)), known_ms) AS v
    FROM ${terms} ARRAY JOIN ${instantArray(plan)} AS at
    WHERE known_ms < at AND starts_ms < at GROUP BY at, account_id, contract_id`;
  const merge = `arrayFold((spells, x) -> if(empty(spells) OR x.1 - spells[-1].2 >= ${grace},
      arrayPushBack(spells, x),
      arrayPushBack(arrayPopBack(spells), (spells[-1].1, greatest(spells[-1].2, x.2)))),
    arraySort(intervals), CAST([], 'Array(Tuple(Int64, Int64))'))`;
  return `SELECT at, account_id, spell.1 AS start_ms, if(at - spell.2 < ${grace}, at, spell.2) AS end_ms FROM (
      SELECT at, account_id, groupArray((v.2, least(v.3, at))) AS intervals FROM (${versions}) WHERE v.1 GROUP BY at, account_id
    ) ARRAY JOIN ${merge} AS spell`;
}
