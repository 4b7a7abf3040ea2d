import { DAY, type Setting } from './duckdb-facts.ts';

/** SQL statements for `standing`: what contracts say of every account, at the as-of and a year before. */
export function moneyStatements({ model, at }: Setting): readonly string[] {
  const grace = model.value.churnGraceDays * DAY;
  const points = `SELECT account_id, unnest([${at}, ${at - 365 * DAY}]) AS t FROM population`;
  return [
    `CREATE TEMP TABLE force_at AS ${forceSql(points)}`,
    `CREATE TEMP TABLE arr_at AS
      WITH judged AS (
        SELECT *, in_force = 0 AND paid > 0 AND t - last_end_ms < ${grace} AS in_grace FROM force_at
      ), before AS (
        ${forceSql('SELECT DISTINCT account_id, last_end_ms AS t FROM judged WHERE in_grace')}
      )
      SELECT j.account_id, j.t, j.in_force > 0 OR j.in_grace AS is_customer,
        CASE WHEN j.in_force > 0 THEN j.arr WHEN j.in_grace THEN coalesce(b.arr, 0) END AS arr
      FROM judged AS j LEFT JOIN before AS b ON b.account_id = j.account_id AND b.t = j.last_end_ms`,
    `CREATE TEMP TABLE standing AS
      SELECT p.account_id, coalesce(f.in_force, 0) AS in_force, f.seats, f.next_term_end_ms,
        coalesce(n.is_customer, false) AS is_customer, n.arr,
        CASE WHEN y.is_customer THEN y.arr END AS arr_before, p.capacity, coalesce(c.cost, 0) AS cost
      FROM population AS p
      LEFT JOIN force_at AS f ON f.account_id = p.account_id AND f.t = ${at}
      LEFT JOIN arr_at AS n ON n.account_id = p.account_id AND n.t = ${at}
      LEFT JOIN arr_at AS y ON y.account_id = p.account_id AND y.t = ${at - 365 * DAY}
      LEFT JOIN (
        SELECT account_id, sum(cents) / 100 AS cost FROM costs WHERE ms < ${at} AND ms >= ${at - 365 * DAY} GROUP BY account_id
      ) AS c ON c.account_id = p.account_id`,
  ];
}

/** SQL: sums over the contracts in force at points (account_id, t), with what was known then. */
function forceSql(points: string): string {
  const inForce = 'is_paid AND is_in_force';
  return `SELECT account_id, t, count(*) FILTER (is_paid) AS paid, count(*) FILTER (${inForce}) AS in_force,
      coalesce(sum(arr) FILTER (${inForce}), 0) AS arr, max(coalesce(ends_ms, 0)) FILTER (is_paid) AS last_end_ms,
      sum(seats) FILTER (${inForce}) AS seats, min(term_ends_ms) FILTER (${inForce} AND term_ends_ms >= t) AS next_term_end_ms
    FROM (
      SELECT account_id, t, contract_id, v.*, v.ends_ms IS NULL OR v.ends_ms >= t AS is_in_force FROM (
        SELECT p.account_id, p.t, c.contract_id, arg_max(
          {is_paid: c.is_paid, arr: c.arr, seats: c.seats, ends_ms: c.ends_ms, term_ends_ms: c.term_ends_ms}, c.known_ms) AS v
        FROM (${points}) AS p JOIN contracts AS c ON c.account_id = p.account_id AND c.known_ms < p.t AND c.starts_ms < p.t
        GROUP BY ALL
      )
    ) GROUP BY ALL`;
}
