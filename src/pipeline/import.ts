import { type ImportOptions, importSources } from '../ingest/import-sources.ts';
import type { ImportReport } from '../ingest/report.ts';
import { countExcluded, type ExcludedCount } from '../profile/excluded_count.ts';
import type { FactWorkspace } from './workspace.ts';

/** The answer of an import with what the model leaves out of it: `import --json`. */
export interface ImportAnswer extends ImportReport {
  /** Of all facts held after the import; null where the model excludes nothing, and in a dry run, which holds nothing. */
  readonly excluded: ExcludedCount | null;
}

/** Reads the sources of a workspace into facts, and counts the internal, test and demo traffic among all of them. */
export async function importFacts(
  { warehouse, model, directory }: Pick<FactWorkspace, 'warehouse' | 'model' | 'directory'>,
  options: Omit<ImportOptions, 'warehouse' | 'model' | 'directory'>,
  run: string,
): Promise<ImportAnswer> {
  const report = await importSources({ ...options, warehouse, model, directory });
  const excluded = report.dryRun ? null : await countExcluded(warehouse, model, run, options.now.getTime());
  return { ...report, excluded };
}
