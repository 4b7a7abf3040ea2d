import { createHash } from 'node:crypto';
import type { Model, Source } from '../definition/model.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { FACT_TABLES } from '../model/tables.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { CHANGES } from './changes.ts';
import { countCreated, countUnattributed, findContradictions } from './contradictions.ts';
import { readCoverage, writeCoverage } from './coverage.ts';
import { FACTS, openDryGround } from './ground.ts';
import { type FileOutcome, importFile } from './import-file.ts';
import { faultOfTimeFormat } from './readings.ts';
import type { CoverageReport, ImportProgress, ImportReport } from './report.ts';
import { findSourceFiles } from './source-files.ts';
import { dropStaging } from './staging.ts';
import { NOBODY, type SuppressionList } from './suppression.ts';

/** What an import works on. */
export interface ImportOptions {
  readonly warehouse: Warehouse;
  readonly model: Pick<Model, 'sources'>;
  /** Folder of the model file. */
  readonly directory: string;
  readonly environment: (name: string) => string | undefined;
  /** Moment of the import: `received_at` of its rows, and the start of what changed since the one before. */
  readonly now: Date;
  /** Reads, checks and counts everything, and keeps nothing. */
  readonly dryRun?: boolean | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** Names of sources; absent: all. */
  readonly only?: readonly string[] | undefined;
  /** Whose rows are left out; absent: nobody's. */
  readonly suppressed?: SuppressionList | undefined;
}

/**
 * Files to facts: every row is accepted once, or refused into the quarantine with file, line, field and reason.
 *
 * One import at a time. A repeated import of the same files changes nothing. Faults of the model or of a file are
 * diagnostics in the report; the import goes on with the next file. Refuses with `import-mismatch` when a file does not
 * add up, before anything of it is taken.
 */
export async function importSources(options: ImportOptions): Promise<ImportReport> {
  const { warehouse, now } = options;
  const isDryRun = options.dryRun ?? false;
  const chosen = options.model.sources.filter((source) => options.only?.includes(source.name) ?? true);
  const importId = createHash('sha256').update(`${now.toISOString()} ${options.directory}`).digest('hex').slice(0, 16);
  const ground = isDryRun ? await openDryGround(warehouse) : FACTS;
  try {
    const outcomes = await importAll(options, chosen, importId, isDryRun, ground);
    const coverage = await readCoverage(warehouse, ground, options.model.sources);
    const report: ImportReport = {
      importId,
      dryRun: isDryRun,
      files: outcomes.flatMap(({ report }) => (report === null ? [] : [report])),
      quarantine: outcomes.reduce((sum, { report }) => sum + (report?.refused ?? 0), 0),
      refusals: outcomes.flatMap(({ refusals }) => refusals),
      conflicts: outcomes.flatMap(({ conflicts }) => conflicts),
      coverage,
      created: await countCreated(warehouse, ground),
      unattributed: await countUnattributed(warehouse, ground),
      contradictions: await findContradictions(warehouse, ground, horizonOf(coverage, now)),
      withoutUsers: coverage
        .filter((row) => row.table === 'events' && row.rows > 0 && !row.carriesUsers)
        .map((row) => row.source),
      diagnostics: [...unknownSources(options), ...outcomes.flatMap(({ diagnostics }) => diagnostics)],
    };
    if (!isDryRun) {
      await writeCoverage(warehouse, coverage, now);
      await recordImport(warehouse, report, chosen, now);
    }
    return report;
  } finally {
    await dropStaging(warehouse);
    await warehouse.command(`DROP TABLE IF EXISTS ${CHANGES} SYNC`);
    await ground.close();
  }
}

/** The moment up to which the streams are complete, and no later than now. */
function horizonOf(coverage: readonly CoverageReport[], now: Date): Date {
  const ends = coverage.flatMap((row) => (row.completeThrough === null ? [] : [Date.parse(row.completeThrough)]));
  return ends.length === 0 ? now : new Date(Math.min(Math.max(...ends), now.getTime()));
}

async function importAll(
  options: ImportOptions,
  chosen: readonly Source[],
  importId: string,
  isDryRun: boolean,
  ground: typeof FACTS,
): Promise<FileOutcome[]> {
  const outcomes: FileOutcome[] = [];
  // Accounts before what refers to them: an assumed start is taken from the account's creation.
  const order = FACT_TABLES.map((table) => table.name);
  const sources = [...chosen].sort((a, b) => order.indexOf(a.table) - order.indexOf(b.table));
  for (const source of sources) {
    const faults = faultsOf(source);
    const found = faults.length > 0 ? { files: [], diagnostics: faults } : await findSourceFiles(source, options);
    if (found.diagnostics.length > 0) {
      outcomes.push({ report: null, refusals: [], conflicts: [], diagnostics: found.diagnostics });
    }
    for (const file of found.files) {
      const onProgress = options.onProgress ?? ((): void => undefined);
      const { warehouse, now } = options;
      const suppressed = options.suppressed ?? NOBODY;
      outcomes.push(
        await importFile({ warehouse, ground, source, file, importId, now, isDryRun, suppressed, onProgress }),
      );
    }
  }
  return outcomes;
}

function faultsOf(source: Source): Diagnostic[] {
  const faults: Diagnostic[] = [];
  const add = (code: string, field: string, message: string): void => {
    faults.push({ code, severity: 'error', message, place: { ...source.place, field } });
  };
  const timeFault = source.timeFormat === null ? null : faultOfTimeFormat(source.timeFormat);
  if (timeFault !== null) add('bad-time-format', 'time_format', `source ${source.name}: ${timeFault}`);
  try {
    new Intl.DateTimeFormat('en', { timeZone: source.timezone });
  } catch {
    add('bad-timezone', 'timezone', `source ${source.name}: there is no time zone ${source.timezone}`);
  }
  if (source.delimiter !== null && (source.delimiter.length !== 1 || source.delimiter.charCodeAt(0) > 127)) {
    add('bad-delimiter', 'delimiter', `source ${source.name}: a delimiter is one plain character`);
  }
  return faults;
}

function unknownSources(options: ImportOptions): Diagnostic[] {
  const names = options.model.sources.map((source) => source.name);
  return (options.only ?? [])
    .filter((name) => !names.includes(name))
    .map((name) => ({
      code: 'unknown-source',
      severity: 'error',
      message: `the model has no source ${name}; it has ${names.join(', ')}`,
      place: { file: options.model.sources[0]?.place.file ?? 'bellwether.yaml', field: 'sources' },
    }));
}

/** With how each source was read, so that a row that it refused can be read the same way again. */
async function recordImport(
  warehouse: Warehouse,
  report: ImportReport,
  sources: readonly Source[],
  now: Date,
): Promise<void> {
  const readings = sources.map(({ name, table, columns, timeFormat, timezone, where }) => ({
    ...{ name, table, columns, timezone, where },
    time_format: timeFormat,
  }));
  await warehouse.insertRows('imports', [
    {
      import_id: report.importId,
      started_at: now.toISOString(),
      status: 'done',
      report: JSON.stringify({ ...report, readings }),
      received_at: now.toISOString(),
    },
  ]);
}
