import type { Cluster, Warehouse } from './warehouse.ts';

/**
 * Settings of every request to a cluster.
 *
 * A subquery of an IN or a JOIN is answered once, where scratch tables are, and its rows are sent to the shards
 * (`prefer_global_in_and_join` for all tables, `distributed_product_mode` for Distributed ones). An INSERT is
 * acknowledged when the shards have stored it, and always divides its rows by the sharding key. Reads and writes go to
 * the first replica of a shard that lives, so that an import finds what it has just written. A shard that is away is a
 * failure, never a smaller answer.
 */
export const CLUSTER_SETTINGS = {
  prefer_global_in_and_join: 1,
  distributed_product_mode: 'global',
  distributed_foreground_insert: 1,
  parallel_distributed_insert_select: 0,
  load_balancing: 'in_order',
  skip_unavailable_shards: 0,
  mutations_sync: '2',
  lightweight_deletes_sync: 2,
  distributed_ddl_output_mode: 'throw',
} as const;

/** Name of the table that holds the rows of a schema's table: itself, or its local one on a cluster. */
export function storedTable(warehouse: Pick<Warehouse, 'cluster'>, table: string): string {
  return warehouse.cluster === null ? table : `${table}_local`;
}

/** SQL that follows a table's name in a statement for all servers; empty where one server is all. */
export function onCluster(cluster: Cluster | null): string {
  return cluster === null || cluster.isRehearsal ? '' : ` ON CLUSTER ${clusterName(cluster)}`;
}

/** The cluster's name as an SQL literal. */
export function clusterName(cluster: Cluster): string {
  return `'${cluster.name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Deletes rows of a table of the schema, on every server, and resolves when they are gone. */
export async function deleteRows(warehouse: Warehouse, table: string, where: string): Promise<void> {
  await warehouse.command(`DELETE FROM ${storedTable(warehouse, table)}${onCluster(warehouse.cluster)} WHERE ${where}`);
}

/**
 * Makes an empty table with the columns of a fact table, on the server that is spoken to alone.
 *
 * On a cluster it must not be made AS the plain name: that is Distributed, and a copy of it would write to the facts.
 */
export async function createBeside(warehouse: Warehouse, name: string, fact: string): Promise<void> {
  const storage = warehouse.cluster === null ? '' : ' ENGINE = MergeTree ORDER BY line';
  await warehouse.command(`CREATE TABLE ${name} AS ${storedTable(warehouse, fact)}${storage}`);
}
