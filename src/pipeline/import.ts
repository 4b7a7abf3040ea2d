import { setTimeout as sleep } from 'node:timers/promises';
import { type ImportOptions, importSources } from '../ingest/import-sources.ts';
import type { ImportReport } from '../ingest/report.ts';
import { countExcluded, type ExcludedCount } from '../profile/excluded_count.ts';
import type { Engines } from './engines.ts';
import { type Patience, whileNobodyImports } from './one-import.ts';
import { readSuppressions } from './suppression.ts';
import type { Workspace } from './workspace.ts';

/** The answer of an import with what the model leaves out of it: `import --json`. */
export interface ImportAnswer extends ImportReport {
  /** Of all facts held after the import; null where the model excludes nothing, and in a dry run, which holds nothing. */
  readonly excluded: ExcludedCount | null;
}

const PATIENT: Patience = { pause: (milliseconds) => sleep(milliseconds) };

/** What is asked of an import. */
export interface ImportRequest extends Omit<ImportOptions, 'warehouse' | 'model' | 'directory' | 'suppressed'> {
  /** How long to wait for another import, of this process or another; absent: as long as it takes. */
  readonly patience?: Patience;
}

/**
 * Reads the sources of a workspace into facts, leaves out whom it was told to forget, and counts the internal, test and demo
 * traffic among all of them. One at a time in a workspace, whichever process it is; whom to forget is read when its turn has
 * come, so that nobody comes back who was erased meanwhile.
 */
export async function importFacts(
  {
    warehouse,
    ledger,
    model,
    directory,
  }: Pick<Workspace, 'model' | 'directory'> & Pick<Engines, 'warehouse' | 'ledger'>,
  { patience = PATIENT, ...options }: ImportRequest,
  run: string,
): Promise<ImportAnswer> {
  return whileNobodyImports(ledger, patience, async () => {
    const suppressed = await readSuppressions(ledger);
    const report = await importSources({ ...options, suppressed, warehouse, model, directory });
    const excluded = report.dryRun ? null : await countExcluded(warehouse, model, run, options.now.getTime());
    return { ...report, excluded };
  });
}
