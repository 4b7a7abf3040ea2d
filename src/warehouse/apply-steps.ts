import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import { forCluster } from './cluster-ddl.ts';
import type { DdlStep } from './ddl-steps.ts';
import { flag } from './values.ts';
import type { Warehouse } from './warehouse.ts';

/** The steps that this database has seen. */
export const DDL_STEPS_TABLE = `CREATE TABLE IF NOT EXISTS ddl_steps (step String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')) ENGINE = MergeTree ORDER BY step`;

const appliedSchema = z.object({ step: z.string(), checksum: z.string() });

/**
 * Runs the steps that this database has not seen, and records each with its checksum in `ddl_steps`.
 *
 * Refuses with `ddl-changed` when a step that was applied reads otherwise now, or was applied by a newer version; with
 * `cluster-mismatch` when the database was made for a cluster and is opened without it, or the other way round.
 * Statements say IF NOT EXISTS, so a crash between a step and its record only runs the step again.
 */
export async function applySteps(warehouse: Warehouse, steps: readonly DdlStep[]): Promise<void> {
  await runOnAll(warehouse, DDL_STEPS_TABLE);
  await refuseOtherLayout(warehouse);
  const rows = await warehouse.rows('SELECT DISTINCT step, checksum FROM ddl_steps ORDER BY step', appliedSchema);
  const applied = new Map(rows.map((row) => [row.step, row.checksum]));
  const unknown = [...applied.keys()].filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    throw new Failure(
      'ddl-changed',
      `This workspace was made by a newer Bellwether (schema step ${unknown.join(', ')}). Install that version, or restore a backup made by this one.`,
    );
  }
  for (const step of steps) {
    const before = applied.get(step.name);
    if (before === step.checksum) continue;
    if (before !== undefined) {
      throw new Failure(
        'ddl-changed',
        `Schema step ${step.name} differs from the one this workspace was made with. Steps are append-only: undo the edit and put the change into a new step.`,
      );
    }
    for (const statement of step.statements) await runOnAll(warehouse, statement);
    await warehouse.insertRows('ddl_steps', [{ step: step.name, checksum: step.checksum }]);
  }
}

async function runOnAll(warehouse: Warehouse, statement: string): Promise<void> {
  for (const each of forCluster(statement, warehouse.cluster)) await warehouse.command(each);
}

/** Without its cluster a Distributed table passes for a plain one, and what is staged beside it would land in the facts. */
async function refuseOtherLayout(warehouse: Warehouse): Promise<void> {
  const [table] = await warehouse.rows(
    `SELECT engine = 'Distributed' AS is_distributed FROM system.tables WHERE database = currentDatabase() AND name = 'ddl_steps'`,
    z.object({ is_distributed: flag }),
  );
  if (table === undefined || table.is_distributed === (warehouse.cluster !== null)) return;
  throw new Failure(
    'cluster-mismatch',
    table.is_distributed
      ? `Database ${warehouse.database} was made on a cluster. Set CLICKHOUSE_CLUSTER to the name it was made with.`
      : `Database ${warehouse.database} was made on one server, before CLICKHOUSE_CLUSTER was set. Name another database in CLICKHOUSE_URL and import the sources into it, or leave CLICKHOUSE_CLUSTER unset.`,
  );
}
