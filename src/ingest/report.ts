import type { Diagnostic } from '../model/diagnostic.ts';
import type { FactTableName } from '../model/table.ts';

/** What became of the rows of one file; `read` = `accepted` + `refused` + `duplicates`, always. */
export interface FileReport {
  readonly file: string;
  readonly table: FactTableName;
  readonly source: string;
  readonly read: number;
  readonly accepted: number;
  readonly refused: number;
  readonly duplicates: number;
  /** Rows that the source's `where` left out; not among those read. */
  readonly skipped: number;
  /** Rows of somebody who was erased, left out and kept nowhere; not among those read. Absent where there are none. */
  readonly suppressed?: number;
}

/** Rows refused for one reason in one field of one file, with the first of them as an example. */
export interface RefusalReport {
  readonly file: string;
  readonly field: string;
  readonly reason: string;
  readonly rows: number;
  readonly line: number;
  readonly message: string;
}

/** Two rows with one key and different content: the first stayed. */
export interface ConflictReport {
  readonly table: FactTableName;
  readonly file: string;
  readonly rows: number;
  /** Line of the first row that was refused for it. */
  readonly line: number;
}

/** What one source is known to cover of one table. Instants are ISO text; `completeThrough` is exclusive. */
export interface CoverageReport {
  readonly source: string;
  readonly table: string;
  readonly coversFrom: string | null;
  readonly completeThrough: string | null;
  readonly carriesUsers: boolean;
  readonly rows: number;
}

/** A way in which the facts disagree with themselves. */
export interface Contradiction {
  readonly code: string;
  readonly message: string;
  /** Rows or accounts concerned, and of how many. */
  readonly count: number;
  readonly of: number;
}

/** The answer of an import: `import --json`. */
export interface ImportReport {
  readonly importId: string;
  readonly dryRun: boolean;
  readonly files: readonly FileReport[];
  /** Rows refused by this import. */
  readonly quarantine: number;
  readonly refusals: readonly RefusalReport[];
  readonly conflicts: readonly ConflictReport[];
  readonly coverage: readonly CoverageReport[];
  /** Accounts and users that facts name and no accounts or users row declares. */
  readonly created: { readonly accounts: number; readonly users: number };
  /** Events that belong to no account, or to one of several. */
  readonly unattributed: number;
  readonly contradictions: readonly Contradiction[];
  /** Sources of events none of which names a user. */
  readonly withoutUsers: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** How far an import has come, told now and then. */
export interface ImportProgress {
  readonly file: string;
  readonly source: string;
  readonly readBytes: number;
  readonly totalBytes: number;
  readonly rows: number;
}
