import { join } from 'node:path';
import type { Model } from '../src/definition/model.ts';

/** What the hand-written SQL is written for: one as-of, at midnight, of a simulated company. */
export interface Setting {
  readonly directory: string;
  readonly model: Model;
  readonly at: number;
}

/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** SQL text literal. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const ms = (column: string): string => `epoch_ms(${column}::TIMESTAMP)`;

/**
 * SQL statements that load the files of a simulated company into tables of DuckDB's own: our import, so to speak. Events
 * delivered twice are kept once; rows lie in the order of account, user and time, as ours do.
 */
export function loadStatements({ directory }: Setting): readonly string[] {
  const file = (path: string) => text(join(directory, 'data', path));
  const csv = (path: string) => `read_csv(${file(path)}, header = true, all_varchar = true)`;
  return [
    `CREATE TABLE accounts AS SELECT account_id, name, ${ms('created')} AS created_ms,
      coalesce(addressable_seats, employees)::DOUBLE AS capacity FROM ${csv('accounts.csv')}`,
    `CREATE TABLE users AS SELECT account_id, user_id, email, department, ${ms('"from"')} AS from_ms, ${ms('"to"')} AS to_ms
      FROM ${csv('users.csv')}`,
    `CREATE TABLE contracts AS SELECT account_id, contract_id, epoch_ms(starts::DATE::TIMESTAMP) AS starts_ms,
      epoch_ms(ends::DATE::TIMESTAMP) AS ends_ms, epoch_ms(term_ends::DATE::TIMESTAMP) AS term_ends_ms,
      coalesce(${ms('known')}, starts_ms) AS known_ms, coalesce(kind, '') IN ('', 'paid', 'addon') AS is_paid,
      arr::DOUBLE AS arr, seats::DOUBLE AS seats FROM ${csv('contracts.csv')}`,
    `CREATE TABLE tickets AS SELECT account_id, coalesce(user_id, '') AS user_id, epoch_ms(opened::TIMESTAMP) AS ms
      FROM read_json(${file('tickets.jsonl')}, columns = {account_id: 'VARCHAR', user_id: 'VARCHAR', opened: 'VARCHAR'})`,
    `CREATE TABLE touches AS SELECT account_id, kind, epoch_ms("time"::TIMESTAMP) AS ms
      FROM read_json(${file('touches.jsonl')}, columns = {account_id: 'VARCHAR', kind: 'VARCHAR', "time": 'VARCHAR'})`,
    `CREATE TABLE nps AS SELECT account_id, user_id, response_id, score::DOUBLE AS score, ${ms('"time"')} AS ms FROM ${csv('nps.csv')}`,
    `CREATE TABLE costs AS SELECT account_id, round(amount * 100)::BIGINT AS cents, epoch_ms("time") AS ms
      FROM read_parquet(${file('costs.parquet')})`,
    `CREATE TABLE events AS SELECT coalesce(account_id, '') AS account_id, coalesce(user_id, '') AS user_id,
        epoch_ms("time") AS ms, event, properties
      FROM (SELECT DISTINCT message_id, account_id, user_id, "time", event, properties FROM read_parquet(${file('events/*.parquet')}))
      ORDER BY 1, 2, 3`,
  ];
}

/** SQL statements for what all signals stand on: who is left out, which account an event belongs to, what areas it is of. */
export function groundStatements({ model, at }: Setting): readonly string[] {
  const areas = model.taxonomy.features.flatMap((area, index) =>
    area.events.map((event) => `(${text(event)}, ${1 << index}, ${area.isCore}, ${area.isHelp})`),
  );
  const ignored = model.taxonomy.ignore.map(text).join(', ');
  return [
    `CREATE TEMP TABLE event_areas AS SELECT event, bit_or(mask)::UBIGINT AS mask, bool_or(is_core) AS is_core, bool_or(is_help) AS is_help
      FROM (VALUES ${areas.join(', ')}) AS t (event, mask, is_core, is_help) GROUP BY event`,
    `CREATE TEMP TABLE excluded AS SELECT DISTINCT user_id FROM users
      WHERE email LIKE '%@acme.example' AND coalesce(from_ms, 0) < ${at}`,
    `CREATE TEMP TABLE population AS SELECT * FROM accounts WHERE coalesce(created_ms < ${at}, true) AND NOT coalesce(name LIKE 'Test %', false)`,
    `CREATE TEMP TABLE attributed AS
      SELECT min(s.account_id) AS account_id, o.user_id, o.ms, o.event, o.properties
      FROM (SELECT rowid AS id, * FROM events WHERE account_id = '' AND user_id != '' AND ms < ${at}) AS o
      JOIN users AS s ON s.user_id = o.user_id AND coalesce(s.from_ms, -9000000000000) <= o.ms AND coalesce(s.to_ms, 9000000000000) > o.ms
      WHERE coalesce(s.from_ms, 0) < ${at}
      GROUP BY o.id, o.user_id, o.ms, o.event, o.properties HAVING count(DISTINCT s.account_id) = 1`,
    `CREATE TEMP VIEW activity AS
      SELECT * FROM (
        SELECT account_id, user_id, ms, event, properties FROM events WHERE account_id != ''
        UNION ALL SELECT account_id, user_id, ms, event, properties FROM attributed
      ) WHERE ms < ${at} AND event NOT IN (${ignored || "''"})
        AND account_id IN (SELECT account_id FROM population) AND user_id NOT IN (SELECT user_id FROM excluded)`,
    `CREATE TEMP TABLE user_days AS
      SELECT account_id, user_id, (${at} - 1 - ms) // ${DAY} AS k, count(*) AS events, count(*) FILTER (is_core) AS core_events,
        count(*) FILTER (is_help) AS help_events, coalesce(bit_or(mask), 0) AS mask
      FROM activity LEFT JOIN event_areas USING (event) WHERE ms >= ${at - 60 * DAY} GROUP BY ALL`,
    `CREATE TEMP TABLE user_window AS
      SELECT account_id, user_id, bit_or(1::UBIGINT << k) AS days,
        coalesce(sum(events) FILTER (k < 30), 0) AS events, coalesce(sum(core_events) FILTER (k < 30), 0) AS core_events,
        coalesce(sum(help_events) FILTER (k < 30), 0) AS help_events, coalesce(bit_or(mask) FILTER (k < 30), 0) AS areas,
        ${areaDays(model)}
      FROM user_days GROUP BY ALL`,
    `CREATE TEMP TABLE user_history AS
      SELECT account_id, user_id, min(ms) AS first_ms, max(ms) AS last_ms, ${areaFirsts(model)}
      FROM activity GROUP BY ALL`,
    sessionStatement(at),
  ];
}

/** SQL: for every area, a mask of the days on which it was used. */
function areaDays(model: Model): string {
  return model.taxonomy.features
    .map((_, index) => `coalesce(bit_or(1::UBIGINT << k) FILTER (mask & ${1 << index} != 0), 0) AS area_${index}`)
    .join(', ');
}

/** SQL: for every area that is no entry point, its first use. */
function areaFirsts(model: Model): string {
  return model.taxonomy.features
    .flatMap((area, index) =>
      area.isEntry ? [] : [`min(ms) FILTER (event IN (${area.events.map(text).join(', ')})) AS first_${index}`],
    )
    .join(', ');
}

/** SQL: sessions of 60 days; 30 minutes without an event end one. */
function sessionStatement(at: number): string {
  const gap = 30 * 60_000;
  return `CREATE TEMP TABLE sessions AS
    SELECT account_id, user_id, (${at} - 1 - min(ms)) // ${DAY} AS k, (max(ms) - min(ms)) / 60000 AS minutes
    FROM (
      SELECT *, sum(is_start) OVER (PARTITION BY account_id, user_id ORDER BY ms ROWS UNBOUNDED PRECEDING) AS session
      FROM (
        SELECT account_id, user_id, ms,
          (ms - coalesce(lag(ms) OVER (PARTITION BY account_id, user_id ORDER BY ms), 0) >= ${gap})::INT AS is_start
        FROM activity WHERE user_id != '' AND ms > ${at - 60 * DAY - gap}
      )
    ) GROUP BY account_id, user_id, session HAVING min(ms) >= ${at - 60 * DAY}`;
}

/** SQL: how many of the areas for which `pick` is true a mask holds. */
export function countAreas(
  model: Model,
  mask: string,
  pick: (area: Model['taxonomy']['features'][number]) => boolean,
): string {
  const picked = model.taxonomy.features.reduce((sum, area, index) => (pick(area) ? sum + 2 ** index : sum), 0);
  return `bit_count(${mask} & ${picked}::UBIGINT)`;
}

/** SQL: how many of the areas for which `pick` is true were used on 3 days from 60 to 30 days ago, and not since. */
export function countReverted(
  model: Model,
  pick: (area: Model['taxonomy']['features'][number]) => boolean,
  of: (column: string) => string,
): string {
  const month = 2 ** 30 - 1;
  const parts = model.taxonomy.features.flatMap((area, index) => {
    const days = of(`area_${index}`);
    return pick(area) ? [`(${days} & ${month} = 0 AND bit_count((${days} >> 30) & ${month}) >= 3)::INT`] : [];
  });
  return parts.length === 0 ? '0' : parts.join(' + ');
}

/** SQL: the instants at which the steps of a sequence are reached, one after the other, by `key`, as r0, r1, ... */
export function chainSql(steps: readonly string[], key: string, from: string): string {
  const first = `SELECT ${key}, min(ms) AS r0 FROM (${from}) WHERE event = ${text(steps[0] ?? '')} GROUP BY ALL`;
  return steps.slice(1).reduce((before, step, index) => {
    const reached = Array.from({ length: index + 1 }, (_, i) => `b.r${i}`).join(', ');
    const keys = key.split(', ').map((column) => `b.${column}`);
    const on = key.split(', ').map((column) => `e.${column} = b.${column}`);
    return `SELECT ${keys.join(', ')}, ${reached}, min(e.ms) AS r${index + 1} FROM (${before}) AS b
      LEFT JOIN (SELECT * FROM (${from}) WHERE event = ${text(step)}) AS e ON ${on.join(' AND ')} AND e.ms >= b.r${index} GROUP BY ALL`;
  }, first);
}
