import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import { type DdlStep, forCluster } from './ddl-steps.ts';
import type { Warehouse } from './warehouse.ts';

const appliedSchema = z.object({ step: z.string(), checksum: z.string() });

/**
 * Runs the steps that this database has not seen, and records each with its checksum in `ddl_steps`.
 *
 * Refuses with `ddl-changed` when a step that was applied reads otherwise now, or was applied by a newer version.
 * Statements say IF NOT EXISTS, so a crash between a step and its record only runs the step again.
 */
export async function applySteps(warehouse: Warehouse, steps: readonly DdlStep[]): Promise<void> {
  await warehouse.command(
    forCluster(
      `CREATE TABLE IF NOT EXISTS ddl_steps (step String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')) ENGINE = MergeTree ORDER BY step`,
      warehouse.cluster,
    ),
  );
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
    for (const statement of step.statements) await warehouse.command(forCluster(statement, warehouse.cluster));
    await warehouse.insertRows('ddl_steps', [{ step: step.name, checksum: step.checksum }]);
  }
}
