import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import type { Ledger } from './ledger.ts';

/** One numbered step of the ledger's schema: a script that Postgres runs in one transaction. */
export interface LedgerStep {
  readonly name: string;
  readonly sql: string;
}

/** Any fixed number: who holds this advisory lock changes the schema. */
const SCHEMA_LOCK = 7_308_117_401;

/** The steps in a folder of `NNNN-name.sql` files, in their order. */
export function readLedgerSteps(folder: URL): readonly LedgerStep[] {
  return readdirSync(fileURLToPath(folder))
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort()
    .map((name) => ({ name: name.replace(/\.sql$/, ''), sql: readFileSync(new URL(name, folder), 'utf8') }));
}

/**
 * Runs the steps that this database has not seen, all in one transaction under an advisory lock, and records each with
 * its checksum in `ddl_steps`. Refuses with `ddl-changed` a step that reads otherwise than when it was applied.
 */
export async function applyLedgerSteps(ledger: Ledger, steps: readonly LedgerStep[]): Promise<void> {
  await ledger.transaction(async (transaction) => {
    await transaction.command(`SELECT pg_advisory_xact_lock(${SCHEMA_LOCK})`);
    await transaction.command(
      'CREATE TABLE IF NOT EXISTS ddl_steps (step text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const rows = await transaction.query(
      'SELECT step, checksum FROM ddl_steps ORDER BY step',
      [],
      z.object({ step: z.string(), checksum: z.string() }),
    );
    const applied = new Map(rows.map((row) => [row.step, row.checksum]));
    const unknown = [...applied.keys()].filter((name) => !steps.some((step) => step.name === name));
    if (unknown.length > 0) {
      throw new Failure(
        'ddl-changed',
        `This ledger was made by a newer Bellwether (schema step ${unknown.join(', ')}). Install that version, or restore a backup made by this one.`,
      );
    }
    for (const step of steps) {
      const checksum = createHash('sha256').update(step.sql).digest('hex');
      const before = applied.get(step.name);
      if (before === checksum) continue;
      if (before !== undefined) {
        throw new Failure(
          'ddl-changed',
          `Ledger step ${step.name} differs from the one this workspace was made with. Steps are append-only: undo the edit and put the change into a new step.`,
        );
      }
      await transaction.command(step.sql);
      await transaction.command('INSERT INTO ddl_steps (step, checksum) VALUES ($1, $2)', [step.name, checksum]);
    }
  });
}
