import type { Readable } from 'node:stream';
import type { z } from 'zod';

/** What a single request may carry besides its SQL. */
export interface QueryOptions {
  /** Values of `{name: Type}` places in the SQL. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Aborting it kills the query on the server too. */
  readonly signal?: AbortSignal;
  /** The server ends the query after this long. */
  readonly timeLimitSeconds?: number;
}

/** A block of rows to write: JSON objects with the table's column names; instants as ISO text. */
export type Rows = readonly object[] | AsyncIterable<object>;

/**
 * The servers that a warehouse is spread over.
 *
 * Every table of the schema is two there: `<name>_local` holds rows on each server, replicated within a shard, and a
 * Distributed table under the plain name reads and writes all of them. Scratch and staging tables are neither: they
 * live on the server that is spoken to.
 */
export interface Cluster {
  readonly name: string;
  /** Database of the tables, the same on every server. */
  readonly database: string;
  /** Whether one server plays all shards, as in tests: nothing is replicated then, and no statement needs ON CLUSTER. */
  readonly isRehearsal: boolean;
}

/**
 * The one door to ClickHouse, the same for the embedded engine and for a server.
 *
 * Values: 64-bit and wider integers arrive as text (`whole` of values.ts reads them), instants as ISO text in UTC,
 * days as `YYYY-MM-DD`, NaN and infinities as null, nullable columns as null. Joins fill with NULL, as in other SQL
 * (`join_use_nulls`). Requests carry no session: each stands alone. Every failure is a `Failure` that keeps the SQL and the cause.
 */
export interface Warehouse {
  readonly database: string;
  readonly kind: 'embedded' | 'server';
  /** The servers that the tables are spread over, null on one server. */
  readonly cluster: Cluster | null;
  /** Runs a statement without an answer, and resolves when it is done. */
  command(sql: string, options?: QueryOptions): Promise<void>;
  /** Runs a query and checks every row against the schema. */
  rows<T>(sql: string, schema: z.ZodType<T>, options?: QueryOptions): Promise<T[]>;
  /** As `rows`, in blocks as they arrive, for answers that do not fit into memory. */
  stream<T>(sql: string, schema: z.ZodType<T>, options?: QueryOptions): AsyncGenerator<T[]>;
  /** Writes rows to a table of the database. An empty array writes nothing. */
  insertRows(table: string, rows: Rows, options?: QueryOptions): Promise<void>;
  /** Sends the body to an `INSERT ... FORMAT X` statement, as it streams in. */
  insertFile(statement: string, body: Readable, options?: QueryOptions): Promise<void>;
  /** Sends the rows of a query in the engine's own format (Native), as they come; `insertFile` takes them again. */
  download(sql: string, options?: QueryOptions): Promise<Readable>;
  /** Ends the embedded engine, or the connections to the server. Nothing else may be called after. */
  close(): Promise<void>;
}

/** Where to reach an engine, and as whom. */
export interface EngineAddress {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** A warehouse, and what is known of the engine behind it. */
export interface OpenWarehouse extends Warehouse {
  /** Facts for operators and tests; null values for a server. */
  readonly engine: {
    readonly pid: () => number | null;
    readonly restarts: () => number;
    readonly address: () => EngineAddress;
    readonly logPath: string | null;
    readonly backupDirectory: string | null;
  };
}
