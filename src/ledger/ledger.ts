import type { PoolClient } from 'pg';
import type { z } from 'zod';

/** Runs statements: the ledger itself, or one open transaction of it. */
export interface Queryable {
  /** Runs one statement and checks every row of its answer; places are `$1`, `$2`, ... */
  query<T>(sql: string, parameters: readonly unknown[], schema: z.ZodType<T>): Promise<T[]>;
  /** Runs a statement without an answer; resolves to the number of rows it touched. */
  command(sql: string, parameters?: readonly unknown[]): Promise<number>;
}

/**
 * The one door to Postgres, the same for the embedded server and for one of the operator's own.
 *
 * Values: bigint arrives as a number (beyond 2^53 it fails), timestamptz as Date, date as `YYYY-MM-DD`, jsonb parsed.
 * Every failure is a `Failure` that keeps the SQL and the cause.
 */
export interface Ledger extends Queryable {
  readonly kind: 'embedded' | 'server';
  /** Commits when `work` resolves, rolls back and rethrows when it rejects. */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>;
  /** A connection as it is, for a library that writes its own SQL; whoever asks for it releases it. */
  connect(): Promise<PoolClient>;
  close(): Promise<void>;
}

/** Where the ledger can be reached; `password` never belongs in a log. */
export interface LedgerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}
