import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import { forCluster } from './cluster-ddl.ts';
import type { Cluster, Warehouse } from './warehouse.ts';

const memberSchema = z.object({ cluster: z.string(), internal_replication: z.number().optional() });
const macroSchema = z.object({ macro: z.string() });

/**
 * Makes the warehouse's database on every server of its cluster; on one server it is there already.
 *
 * Refuses with `cluster-unfit`.
 */
export async function spreadDatabase(warehouse: Warehouse): Promise<void> {
  if (warehouse.cluster === null) return;
  await checkCluster(warehouse, warehouse.cluster);
  const statements = forCluster(`CREATE DATABASE IF NOT EXISTS ${warehouse.database}`, warehouse.cluster);
  for (const statement of statements) await warehouse.command(statement);
}

/**
 * Refuses with `cluster-unfit` a cluster that would lose or double rows: one that the server does not know, one whose
 * shards do not replicate by themselves, or a server without the macros that name its shard and replica.
 */
async function checkCluster(warehouse: Warehouse, cluster: Cluster): Promise<void> {
  const members = await warehouse.rows('SELECT * FROM system.clusters', memberSchema);
  const ours = members.filter((member) => member.cluster === cluster.name);
  if (ours.length === 0) {
    const known = [...new Set(members.map((member) => member.cluster))].join(', ') || 'none';
    throw unfit(`The server knows no cluster ${cluster.name}, only: ${known}. Set CLICKHOUSE_CLUSTER to one of them.`);
  }
  if (cluster.isRehearsal) return;
  if (ours.some((member) => member.internal_replication === 0)) {
    throw unfit(
      `Every row would be stored twice: set <internal_replication>true</internal_replication> for each shard of ${cluster.name} in remote_servers.`,
    );
  }
  const macros = await warehouse.rows('SELECT macro FROM system.macros', macroSchema);
  const missing = ['shard', 'replica'].filter((name) => !macros.some(({ macro }) => macro === name));
  if (missing.length > 0) {
    throw unfit(
      `Replicated tables are named by macros that the server lacks: define ${missing.join(' and ')} in <macros> of every server.`,
    );
  }
}

function unfit(message: string): Failure {
  return new Failure('cluster-unfit', message);
}
