import { clusterName, onCluster } from './cluster.ts';
import type { Cluster } from './warehouse.ts';

const CREATE_TABLE = /^CREATE TABLE IF NOT EXISTS (\w+)/i;
const ALTER_TABLE = /^ALTER TABLE (\w+) (.*)$/is;
const CREATE_DATABASE = /^CREATE DATABASE IF NOT EXISTS \w+$/i;
const COLUMN_ACTION = /^(?:ADD|DROP|MODIFY|RENAME|COMMENT|CLEAR) COLUMN\b/i;
const FURTHER_ACTION = /,\s*(?:ADD|DROP|MODIFY|RENAME|COMMENT|CLEAR|MATERIALIZE|DELETE|UPDATE)\s/i;
const ENGINE = /\bENGINE = (\w*MergeTree)(?:\(([^)]*)\))?/;
const ORDER_BY = /\bORDER BY (?:\(([^)]+)\)|(\S+))/i;

/**
 * Where the account is not simply the column `account_id`: it may be empty in these. A batch of arrivals is there whole or
 * not at all, and so lies on one shard.
 */
const KEYS: Readonly<Record<string, string>> = {
  arrivals: 'cityHash64(batch)',
  events: `cityHash64(if(account_id = '', user_id, account_id))`,
  traits: 'cityHash64(id)',
};

/** What is where: a table of the schema and the expression by which its rows are divided. */
export interface ShardedTable {
  readonly name: string;
  readonly key: string;
}

/**
 * The table that a statement creates and its sharding key, null for other statements.
 *
 * The key is the account where the table has one, so that what belongs together lies together; else all that the table
 * is ordered by, so that rows which replace each other meet.
 */
export function shardedTable(statement: string): ShardedTable | null {
  const name = CREATE_TABLE.exec(statement)?.[1];
  if (name === undefined) return null;
  const [, several, one] = ORDER_BY.exec(statement) ?? [];
  const key = /[(,]\s*account_id\s/.test(statement) ? 'account_id' : (several ?? one);
  if (key === undefined) throw new Error(`${name} needs an ORDER BY to be divided over a cluster`);
  return { name, key: KEYS[name] ?? `cityHash64(${key})` };
}

/**
 * The statements that a step's statement becomes on a cluster: each table as a replicated local one and a Distributed
 * one, columns altered in both, everything else where the rows are. Without a cluster it is the statement itself.
 */
export function forCluster(statement: string, cluster: Cluster | null): readonly string[] {
  if (cluster === null) return [statement];
  const table = shardedTable(statement);
  if (table !== null) return [localTable(statement, cluster), distributedTable(table, cluster)];
  const [, name, action] = ALTER_TABLE.exec(statement) ?? [];
  if (name !== undefined && action !== undefined && !FURTHER_ACTION.test(action)) {
    const names = COLUMN_ACTION.test(action) ? [`${name}_local`, name] : [`${name}_local`];
    return names.map((altered) => `ALTER TABLE ${altered}${onCluster(cluster)} ${action}`);
  }
  if (CREATE_DATABASE.test(statement)) return [`${statement}${onCluster(cluster)}`];
  throw new Error(
    `No rule says what this is on a cluster; steps consist of CREATE TABLE IF NOT EXISTS and of ALTER TABLE with one action: ${statement}`,
  );
}

function localTable(statement: string, cluster: Cluster): string {
  const local = statement.replace(CREATE_TABLE, `CREATE TABLE IF NOT EXISTS $1_local${onCluster(cluster)}`);
  return cluster.isRehearsal ? local : withoutBlockMemory(replicated(local));
}

function replicated(statement: string): string {
  return statement.replace(ENGINE, (_, engine: string, values: string | undefined) => {
    const further = values === undefined || values.trim() === '' ? '' : `, ${values}`;
    return `ENGINE = Replicated${engine}('/clickhouse/tables/{shard}/{database}/{table}', '{replica}'${further})`;
  });
}

/** A replicated table drops a block that it has seen; but a day's answers that are written again, the same, are meant. */
function withoutBlockMemory(statement: string): string {
  const none = 'replicated_deduplication_window = 0';
  return /\bSETTINGS /.test(statement)
    ? statement.replace(/\bSETTINGS /, `SETTINGS ${none}, `)
    : `${statement}\nSETTINGS ${none}`;
}

function distributedTable({ name, key }: ShardedTable, cluster: Cluster): string {
  const { database } = cluster;
  return `CREATE TABLE IF NOT EXISTS ${name}${onCluster(cluster)} AS ${database}.${name}_local ENGINE = Distributed(${clusterName(cluster)}, '${database}', '${name}_local', ${key})`;
}
