import { z } from 'zod';
import type { Column } from '../model/table.ts';
import { factTable, warehouseColumn } from '../model/tables.ts';
import { whole } from '../warehouse/values.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { quote, quoteName } from './fact-file.ts';
import type { Ground } from './ground.ts';
import { contentSql, factKeySql } from './identity.ts';
import { carriedColumns, type RowPlan } from './row-plan.ts';
import { factColumns } from './settle.ts';
import type { Staging } from './staging.ts';

/** What became of the rows that came again, in a later import, with other content. */
export interface ChangeCounts {
  /** Rows that opened a new value or row from now on. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly conflicts: number;
}

/** What is needed to apply changes. */
export interface ChangeInput {
  readonly warehouse: Warehouse;
  readonly staging: Staging;
  readonly ground: Ground;
  readonly plan: RowPlan;
  /** Moment of this import, as SQL. */
  readonly now: string;
}

/** Name of the table that holds the verdict on each changed row. */
export const CHANGES = 'staged_changes';
const NO_START = "toDateTime64(0, 3, 'UTC')";
const PLAIN_JOIN = { settings: { join_use_nulls: 0 } } as const;

/** SQL: rows of the staged table that may say something new in a later import; all others are then conflicts. */
export function mayChange(table: string): string {
  if (table === 'accounts') return '1';
  return table === 'users' || table === 'traits' ? 'isNull(`from`)' : '0';
}

/**
 * Settles the rows called `changed` in `rest`: a register that is loaded again has moved on since.
 *
 * An account's row stays and each changed attribute opens a trait from now on; a person's row without a start, and a
 * trait without one, open a new row from now on. What says the same as the latest known value is a duplicate. Starts
 * are marked assumed, since the true day of the change lies somewhere before.
 */
export async function applyChanges(input: ChangeInput): Promise<ChangeCounts> {
  const { warehouse, staging } = input;
  await warehouse.command(`DROP TABLE IF EXISTS ${CHANGES} SYNC`);
  await warehouse.command(
    `CREATE TABLE ${CHANGES} (line UInt64, verdict LowCardinality(String), changes Map(String, String)) ENGINE = MergeTree ORDER BY line`,
  );
  switch (staging.table.name) {
    case 'accounts':
      await changeAccounts(input);
      break;
    case 'users':
      await changeUsers(input);
      break;
    case 'traits':
      await changeTraits(input);
      break;
    default:
      return { accepted: 0, duplicates: 0, conflicts: 0 };
  }
  const rows = await warehouse.rows(
    `SELECT countIf(verdict = 'changed') AS accepted, countIf(verdict = 'duplicate') AS duplicates, countIf(verdict = 'conflict') AS conflicts FROM ${CHANGES}`,
    z.object({ accepted: whole, duplicates: whole, conflicts: whole }),
  );
  return rows[0] ?? { accepted: 0, duplicates: 0, conflicts: 0 };
}

function changedLines(input: ChangeInput): string {
  return `line IN (SELECT line FROM ${input.staging.rest} WHERE verdict = 'changed')`;
}

async function changeAccounts(input: ChangeInput): Promise<void> {
  const { warehouse, staging, ground, now, plan } = input;
  const plain = staging.table.columns.filter((column) => !['account_id', 'created', 'traits'].includes(column.name));
  const given = plain.filter((column) => plan.given.has(column.name));
  const free = plan.given.has('traits') ? freeValues(plan) : "CAST(map(), 'Map(String, String)')";
  const wanted = `mapUpdate(${free}, ${attributeMap(given)})`;
  const base = `mapUpdate(CAST(traits, 'Map(String, String)'), ${attributeMap(plain)})`;
  const createdDiffers = plan.given.has('created') ? 'isNotNull(s.created) AND NOT (s.created <=> e.created)' : '0';
  await warehouse.command(
    `INSERT INTO ${CHANGES}
     SELECT line, multiIf(notEmpty(changes), 'changed', differs, 'conflict', 'duplicate'), changes FROM (
       SELECT s.line AS line, mapFilter((k, v) -> v != e.present[k], s.wanted) AS changes, ${createdDiffers} AS differs
       FROM (SELECT line, account_id, created, ${wanted} AS wanted FROM ${staging.facts} WHERE ${changedLines(input)}) AS s
       INNER JOIN (
         SELECT a.account_id AS account_id, a.created AS created, mapUpdate(a.base, t.latest) AS present
         FROM (SELECT account_id, created, ${base} AS base FROM ${ground.known('accounts')}) AS a
         LEFT JOIN (
           SELECT id, CAST(groupArray((name, value)), 'Map(String, String)') AS latest FROM (
             SELECT id, toString(name) AS name, argMax(value, (ifNull(\`from\`, ${NO_START}), received_at)) AS value
             FROM ${ground.known('traits')} WHERE entity = 'account' GROUP BY id, name
           ) GROUP BY id
         ) AS t ON t.id = a.account_id
       ) AS e ON e.account_id = s.account_id
     )`,
    PLAIN_JOIN,
  );
  const traits = factTable('traits');
  const values: Readonly<Record<string, string>> = {
    entity: `'account'`,
    id: 'account_id',
    name: 'kv.1',
    value: 'kv.2',
    account_id: `''`,
    from: now,
  };
  const value = (name: string): string => values[name] ?? `''`;
  await warehouse.command(
    `INSERT INTO ${ground.into('traits')} (${factColumns(traits)})
     SELECT ${traits.columns.map((column) => value(column.name)).join(', ')}, ${factKeySql(traits, value)}, ${contentSql(traits, value)}, source, file, line, ${now}, 1
     FROM (
       SELECT f.account_id AS account_id, f.source AS source, f.file AS file, f.line AS line,
         arrayJoin(CAST(c.changes, 'Array(Tuple(String, String))')) AS kv
       FROM ${staging.facts} AS f INNER JOIN ${CHANGES} AS c ON c.line = f.line WHERE c.verdict = 'changed'
     )`,
    PLAIN_JOIN,
  );
}

/** Free attributes of a row: the columns that the file has, so that one that was emptied is seen; else what it names. */
function freeValues(plan: RowPlan): string {
  if (plan.otherNames === null || plan.otherNames.length === 0) return `CAST(traits, 'Map(String, String)')`;
  const pairs = plan.otherNames.map((name) => `(${quote(name)}, traits[${quote(name)}])`).join(', ');
  return `CAST([${pairs}], 'Map(String, String)')`;
}

function attributeMap(columns: readonly Column[]): string {
  if (columns.length === 0) return `CAST(map(), 'Map(String, String)')`;
  const pairs = columns.map((column) => `(${quote(column.name)}, ${asText(column)})`).join(', ');
  return `CAST([${pairs}], 'Map(String, String)')`;
}

function asText(column: Column): string {
  const name = quoteName(warehouseColumn(column));
  if (column.type === 'text') return `toString(${name})`;
  return column.type === 'list' ? `if(empty(${name}), '', toJSONString(${name}))` : `ifNull(toString(${name}), '')`;
}

async function changeUsers(input: ChangeInput): Promise<void> {
  const { warehouse, staging, ground, now, plan } = input;
  const { table } = staging;
  const compared = table.columns.filter(
    (column) => plan.given.has(column.name) && !['account_id', 'user_id', 'from'].includes(column.name),
  );
  const values = (side: string): string => compared.map((column) => `${side}.${quoteName(column.name)}`).join(', ');
  const same = compared.length === 0 ? '1' : `toString(tuple(${values('s')})) = toString(tuple(${values('e')}))`;
  const joined = `FROM (SELECT * FROM ${staging.facts} WHERE ${changedLines(input)}) AS s
     INNER JOIN (
       SELECT * FROM ${ground.known('users')}
       ORDER BY ifNull(\`from\`, ${NO_START}) DESC, received_at DESC LIMIT 1 BY account_id, user_id
     ) AS e ON e.account_id = s.account_id AND e.user_id = s.user_id`;
  await warehouse.command(
    `INSERT INTO ${CHANGES} SELECT s.line, if(${same}, 'duplicate', 'changed'), map() ${joined}`,
    PLAIN_JOIN,
  );
  const value = (name: string): string => (name === 'from' ? now : quoteName(`new_${name}`));
  const sides = table.columns.map((column) => {
    const isOwn = plan.given.has(column.name) || ['account_id', 'user_id'].includes(column.name);
    return `${isOwn ? 's' : 'e'}.${quoteName(column.name)} AS ${quoteName(`new_${column.name}`)}`;
  });
  await warehouse.command(
    `INSERT INTO ${ground.into('users')} (${factColumns(table)})
     SELECT ${table.columns.map((column) => value(column.name)).join(', ')}, ${factKeySql(table, value)}, ${contentSql(table, value)}, source, file, line, ${now}, 1
     FROM (SELECT ${sides.join(', ')}, s.source AS source, s.file AS file, s.line AS line ${joined})
     WHERE line IN (SELECT line FROM ${CHANGES} WHERE verdict = 'changed')`,
    PLAIN_JOIN,
  );
}

async function changeTraits(input: ChangeInput): Promise<void> {
  const { warehouse, staging, ground, now } = input;
  const { table } = staging;
  await warehouse.command(
    `INSERT INTO ${CHANGES}
     SELECT s.line, if(s.value = e.value, 'duplicate', 'changed'), map()
     FROM (SELECT * FROM ${staging.facts} WHERE ${changedLines(input)}) AS s
     INNER JOIN (
       SELECT entity, account_id, id, name, argMax(value, (ifNull(\`from\`, ${NO_START}), received_at)) AS value
       FROM ${ground.known('traits')} GROUP BY entity, account_id, id, name
     ) AS e ON e.entity = s.entity AND e.account_id = s.account_id AND e.id = s.id AND e.name = s.name`,
    PLAIN_JOIN,
  );
  const value = (name: string): string => (name === 'from' ? now : quoteName(name));
  await warehouse.command(
    `INSERT INTO ${ground.into('traits')} (${factColumns(table)})
     SELECT ${table.columns.map((column) => value(column.name)).join(', ')}, ${factKeySql(table, value)}, ${contentSql(table, value)}, source, file, line, ${now}, 1
     FROM ${staging.facts} WHERE line IN (SELECT line FROM ${CHANGES} WHERE verdict = 'changed')`,
  );
}

/**
 * Accepts new traits: one without a start holds from its account's creation where its account or its source is loaded
 * for the first time, and from now on where both were known before, since then it has turned up in between.
 */
export async function acceptTraits(input: ChangeInput): Promise<void> {
  const { warehouse, staging, ground, now } = input;
  const { table } = staging;
  const wasLoaded = `(SELECT count() > 0 FROM ${ground.known('traits')} WHERE received_at < ${now} AND source IN (SELECT DISTINCT source FROM ${staging.facts}))`;
  const start = `if(isNotNull(s.\`from\`), s.\`from\`, if(${wasLoaded} AND a.is_earlier = 1, ${now}, a.created))`;
  const columns = [...table.columns.map((column) => column.name), ...carriedColumns(table)].map((name) => {
    if (name === 'from') return start;
    return name === 'assumed' ? 'toUInt8(isNull(s.`from`))' : `s.${quoteName(name)}`;
  });
  await warehouse.command(
    `INSERT INTO ${ground.into('traits')} (${factColumns(table)})
     SELECT ${columns.join(', ')}
     FROM (SELECT * FROM ${staging.facts} WHERE line NOT IN (SELECT line FROM ${staging.rest})) AS s
     LEFT JOIN (SELECT account_id, created, toUInt8(received_at < ${now}) AS is_earlier FROM ${ground.known('accounts')}) AS a
     ON a.account_id = if(s.entity = 'account', s.id, s.account_id)`,
    { settings: { join_use_nulls: 1 } },
  );
}
