/** How a value stands in a file: CSV holds text only, Parquet knows more. */
export type Kind = 'text' | 'number' | 'instant' | 'day' | 'flag' | 'list' | 'map';

/** A column of a file: its name, and the SQL that reads it where the file is the engine's input. */
export interface FileColumn {
  readonly name: string;
  readonly kind: Kind;
  /** Type text: String, never null. Others: nullable, list and map aside. */
  readonly sql: string;
}

/** A row that was taken out before the engine saw it. */
export interface Diverted {
  readonly line: number;
  readonly field: string;
  readonly reason: string;
  readonly raw: string;
}

/** A piece of a file that is sent at once. */
export interface Batch {
  readonly body: Iterable<Buffer> | AsyncIterable<Buffer>;
  /** Line of the first row of the body; each row after it is a line further. */
  readonly firstLine: number;
  /** Rows in the body, placeholders not counted. */
  readonly rows: number;
  readonly diverted: readonly Diverted[];
}

/** A file whose header is known and whose rows can be sent to the engine. */
export interface FactFile {
  readonly path: string;
  readonly columns: readonly FileColumn[];
  /** The column that a name means, also where it is not among `columns` (a key deep in JSON). */
  readonly column: (name: string) => FileColumn | undefined;
  /** Structure for `input()`, the FORMAT clause and the settings that belong to it. */
  readonly structure: string;
  readonly format: string;
  readonly settings: Readonly<Record<string, string | number>>;
  /** SQL: true of rows that are none (placeholders). */
  readonly isStandIn: string;
  /** SQL: the row as text, for the quarantine. */
  readonly raw: string;
  /** SQL: true of rows that cannot be read at all; null where that cannot be. */
  readonly isBroken: string | null;
  /** SQL: `Map(String, String)` of what the file holds besides the named columns. */
  readonly others: (taken: ReadonlySet<string>) => string | null;
  readonly batches: (onBytes: (bytes: number) => void) => AsyncGenerator<Batch>;
}

/** A string as SQL. */
export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

/** A name as SQL. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}
