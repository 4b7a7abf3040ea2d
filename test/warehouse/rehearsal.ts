import { DDL_STEPS_TABLE } from '../../src/warehouse/apply-steps.ts';
import { type ShardedTable, shardedTable } from '../../src/warehouse/cluster-ddl.ts';
import { readSteps } from '../../src/warehouse/ddl-steps.ts';
import type { Rehearsal } from '../../src/warehouse/engine-configuration.ts';

const NAME = 'rehearsal';
/** Nothing listens there, and nothing needs to: a shard at the server's own address is asked within the server. */
const NO_PORT = 1;

/** What a query is told that would read, on a shard, a table which only the server spoken to has. */
export const ELSEWHERE = 'a shard has no such table';

/** The steps of the schema as they ship. */
export const SHIPPED_STEPS = readSteps(new URL('../../src/warehouse/ddl/', import.meta.url));

/** Every table of the schema with its sharding key. */
export const SHARDED_TABLES: readonly ShardedTable[] = [
  DDL_STEPS_TABLE,
  ...SHIPPED_STEPS.flatMap((step) => step.statements),
].flatMap((statement) => shardedTable(statement) ?? []);

/**
 * A cluster of shards that are all the one server.
 *
 * Row policies make it honest: in the part of a query that a shard runs, a local table shows that shard's rows alone, and
 * every other table of the database, such as scratch tables, is refused (`loud`) or shows nothing (`quiet`), since a shard
 * elsewhere would not have it. Loud is no way to import: a policy that knows its table's name breaks materialised views.
 */
export function rehearsal(database: string, voice: 'loud' | 'quiet', shards = 2): Rehearsal {
  const shard = `<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>${NO_PORT}</port></replica></shard>`;
  const policy = (table: string, filter: string): string => `<table name="${table}"><filter>${filter}</filter></table>`;
  const policies = SHARDED_TABLES.map(({ name, key }) =>
    policy(`${name}_local`, `shardNum() != 0 AND ${key} % ${shards} = shardNum() - 1`),
  );
  const refusal = `throwIf(shardNum() != 0 AND NOT endsWith(_table, '_local'), '${ELSEWHERE}') = 0`;
  const elsewhere = voice === 'loud' ? `${refusal} AND shardNum() = 0` : 'shardNum() = 0';
  return {
    cluster: NAME,
    server: `<tcp_port>${NO_PORT}</tcp_port><remote_servers><${NAME}>${shard.repeat(shards)}</${NAME}></remote_servers>`,
    app: `<databases><${database}>${policies.join('')}${policy('', elsewhere)}</${database}></databases>`,
  };
}
