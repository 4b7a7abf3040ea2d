import pg from 'pg';
import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import type { Ledger, Queryable } from './ledger.ts';

const CONNECTIONS = 8;
const CONNECT_MILLIS = 10_000;
const STATEMENT_MILLIS = 120_000;
const BIGINT = 20;
const DATE = 1082;
/** Classes of SQLSTATE that the same call may survive: serialisation, connection, resources, shutting down. */
const RETRYABLE = /^(40001|40P01|08|53|57P0)/;

/** What a `PostgresLedger` is told about the server behind it. */
export interface PostgresServer {
  readonly kind: 'embedded' | 'server';
  /** Connection settings at this moment: a restart may have moved the server to another port. */
  readonly connection: () => pg.PoolConfig;
  readonly ready: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The ledger port over `pg`, for both servers. */
export class PostgresLedger implements Ledger {
  readonly kind: 'embedded' | 'server';
  readonly #server: PostgresServer;
  #pool: { readonly key: string; readonly pool: pg.Pool } | null = null;
  #isClosed = false;

  constructor(server: PostgresServer) {
    this.#server = server;
    this.kind = server.kind;
  }

  async query<T>(sql: string, parameters: readonly unknown[], schema: z.ZodType<T>): Promise<T[]> {
    const pool = await this.#ready();
    return parseRows(sql, (await run(pool, sql, parameters)).rows, schema);
  }

  async command(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    const pool = await this.#ready();
    return (await run(pool, sql, parameters)).rowCount ?? 0;
  }

  async transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    const client = await this.connect();
    let broken: Error | undefined;
    try {
      await run(client, 'BEGIN', []);
      const result = await work({
        query: async (sql, parameters, schema) => parseRows(sql, (await run(client, sql, parameters)).rows, schema),
        command: async (sql, parameters = []) => (await run(client, sql, parameters)).rowCount ?? 0,
      });
      await run(client, 'COMMIT', []);
      return result;
    } catch (error) {
      // A connection that cannot roll back must not go back into the pool; what failed first is what the caller hears.
      await client.query('ROLLBACK').catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async connect(): Promise<pg.PoolClient> {
    const pool = await this.#ready();
    return pool.connect().catch((error: unknown) => {
      throw asFailure(error, 'CONNECT');
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#pool?.pool.end();
    await this.#server.stop();
  }

  async #ready(): Promise<pg.Pool> {
    if (this.#isClosed) throw new Failure('ledger-closed', 'The ledger was closed before this query.');
    await this.#server.ready();
    const connection = this.#server.connection();
    const key = JSON.stringify([connection.connectionString, connection.host, connection.port]);
    if (this.#pool?.key === key) return this.#pool.pool;
    void this.#pool?.pool.end();
    this.#pool = { key, pool: createPool(connection) };
    return this.#pool.pool;
  }
}

function createPool(connection: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MILLIS,
    statement_timeout: STATEMENT_MILLIS,
    application_name: 'bellwether',
    options: '-c TimeZone=UTC',
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
    ...connection,
  });
  // An idle connection that breaks is dropped by the pool; the next query opens another or says why it cannot.
  pool.on('error', () => undefined);
  return pool;
}

function parserOf(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === BIGINT) return parseBigint;
  if (oid === DATE) return (text: string) => text;
  return pg.types.getTypeParser(oid, (format ?? 'text') as 'text');
}

function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`the integer ${text} is beyond 2^53`);
  return value;
}

async function run(
  target: pg.Pool | pg.PoolClient,
  sql: string,
  parameters: readonly unknown[],
): Promise<pg.QueryResult> {
  try {
    return parameters.length === 0 ? await target.query(sql) : await target.query(sql, [...parameters]);
  } catch (error) {
    throw asFailure(error, sql);
  }
}

function parseRows<T>(sql: string, raw: unknown, schema: z.ZodType<T>): T[] {
  const parsed = z.array(schema).safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new Failure('ledger-shape', `The answer of the ledger has another shape than expected: ${sql}`, {
    cause: new Error(`${z.prettifyError(parsed.error)}\n${sql}`),
  });
}

function asFailure(error: unknown, sql: string): Failure {
  if (error instanceof Failure) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const state = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const cause = new Error(`${reason}\nSQL: ${sql}`, { cause: error });
  if (/^[0-9A-Z]{5}$/.test(state)) {
    return new Failure('ledger-query', `The ledger refused a statement: ${reason}`, {
      cause,
      isRetryable: RETRYABLE.test(state),
    });
  }
  return new Failure(
    'ledger-unreachable',
    `The ledger did not answer (${reason}). It is started again by itself; try once more, and see its log or DATABASE_URL if this stays.`,
    { cause, isRetryable: true },
  );
}
