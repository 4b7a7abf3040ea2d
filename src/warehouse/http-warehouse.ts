import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import { CLUSTER_SETTINGS } from './cluster.ts';
import type { Cluster, EngineAddress, OpenWarehouse, QueryOptions, Rows } from './warehouse.ts';

/** Beyond the server's own limit, so that its answer about the limit still arrives. */
const GRACE_MILLIS = 30_000;
const SQL_IN_MESSAGE = 300;
const MEMORY_LIMIT_EXCEEDED = '241';
const TIMEOUT_EXCEEDED = '159';
const NOT_ENOUGH_SPACE = '243';
/** What the engine says where the disk fills up while it writes. */
const DISK_FULL = /No space left on device|errno: 28\b|File too large|errno: 27\b/i;

/** Settings of every request: how values are written and read. */
const SETTINGS = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_denormals: 0,
  date_time_output_format: 'iso',
  date_time_input_format: 'best_effort',
  // An import may bring many years at once, and a table is cut by month.
  max_partitions_per_insert_block: '0',
  // A query whose client is gone is of no use to anybody.
  cancel_http_readonly_queries_on_client_close: 1,
  join_use_nulls: 1,
} as const;

/** What an `HttpWarehouse` is told about the engine behind it. */
export interface HttpEngine {
  readonly database: string;
  readonly kind: 'embedded' | 'server';
  readonly cluster: Cluster | null;
  readonly timeLimitSeconds: number;
  readonly ready: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly engine: OpenWarehouse['engine'];
}

/** The warehouse port over ClickHouse's HTTP interface, for both engines. */
export class HttpWarehouse implements OpenWarehouse {
  readonly database: string;
  readonly kind: 'embedded' | 'server';
  readonly cluster: Cluster | null;
  readonly engine: OpenWarehouse['engine'];
  readonly #options: HttpEngine;
  #client: { readonly url: string; readonly client: ClickHouseClient } | null = null;
  #isClosed = false;

  constructor(options: HttpEngine) {
    this.#options = options;
    this.database = options.database;
    this.kind = options.kind;
    this.cluster = options.cluster;
    this.engine = options.engine;
  }

  async command(sql: string, options: QueryOptions = {}): Promise<void> {
    await this.#send(sql, options, (client, request) => client.command({ query: sql, ...request }));
  }

  async rows<T>(sql: string, schema: z.ZodType<T>, options: QueryOptions = {}): Promise<T[]> {
    const raw = await this.#send(sql, options, async (client, request) => {
      const answer = await client.query({ query: sql, format: 'JSONEachRow', ...request });
      return answer.json<unknown>();
    });
    return parseRows(sql, raw, schema);
  }

  async *stream<T>(sql: string, schema: z.ZodType<T>, options: QueryOptions = {}): AsyncGenerator<T[]> {
    const blocks = await this.#send(sql, options, async (client, request) => {
      const answer = await client.query({ query: sql, format: 'JSONEachRow', ...request });
      return answer.stream<unknown>();
    });
    try {
      for await (const block of blocks) {
        yield parseRows(
          sql,
          block.map((row) => row.json()),
          schema,
        );
      }
    } catch (error) {
      throw asFailure(error, sql);
    }
  }

  async insertRows(table: string, rows: Rows, options: QueryOptions = {}): Promise<void> {
    if (Array.isArray(rows) && rows.length === 0) return;
    const values = Array.isArray(rows) ? (rows as object[]) : Readable.from(rows as AsyncIterable<object>);
    await this.#send(`INSERT INTO ${table}`, options, (client, request) =>
      client.insert({ table, values, format: 'JSONEachRow', ...request }),
    );
  }

  async insertFile(statement: string, body: Readable, options: QueryOptions = {}): Promise<void> {
    // What stands beside a body travels in the address, which the server cuts at 128 KB; the body may begin with it.
    const [, verb = '', rest = ''] = /^\s*(\S+)(.*)$/s.exec(statement) ?? [];
    const values = Readable.from(joined(`${rest}\n`, body), { objectMode: false });
    await this.#send(statement, options, (client, request) =>
      client.exec({ query: verb, values, ...request }).then(async (answer) => {
        // The answer is empty; reading it to its end gives the connection back.
        for await (const _ of answer.stream);
      }),
    );
  }

  async download(sql: string, options: QueryOptions = {}): Promise<Readable> {
    return this.#send(sql, options, async (client, request) => {
      const answer = await client.exec({ query: `${sql} FORMAT Native`, ...request });
      return answer.stream as Readable;
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#client?.client.close();
    await this.#options.stop();
  }

  async #send<T>(
    sql: string,
    options: QueryOptions,
    run: (client: ClickHouseClient, request: RequestParts) => Promise<T>,
  ): Promise<T> {
    if (this.#isClosed) throw new Failure('warehouse-closed', 'The warehouse was closed before this query.');
    const queryId = randomUUID();
    const kill = (): void => void this.#kill(queryId);
    options.signal?.addEventListener('abort', kill, { once: true });
    try {
      await this.#options.ready();
      return await run(this.#connect(), requestParts(options, queryId, this.#options.timeLimitSeconds));
    } catch (error) {
      if (options.signal?.aborted) {
        throw new Failure('warehouse-aborted', 'The query was ended on request.', { cause: error });
      }
      throw asFailure(error, sql);
    } finally {
      options.signal?.removeEventListener('abort', kill);
    }
  }

  async #kill(queryId: string): Promise<void> {
    try {
      await this.#connect().command({ query: `KILL QUERY WHERE query_id = '${queryId}' ASYNC` });
    } catch {
      // The query is being abandoned; when the engine is gone it has ended anyway.
    }
  }

  /** A restart may have moved the engine to another port. */
  #connect(): ClickHouseClient {
    const address = this.engine.address();
    if (this.#client?.url === address.url) return this.#client.client;
    void this.#client?.client.close();
    const client = connect(address, this.database, this.#options.timeLimitSeconds, this.cluster);
    this.#client = { url: address.url, client };
    return client;
  }
}

async function* joined(head: string, body: Readable): AsyncGenerator<Uint8Array> {
  yield Buffer.from(head);
  for await (const chunk of body) yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
}

/** Creates the warehouse's database on the server that is spoken to, where it does not exist yet. */
export async function ensureDatabase(warehouse: HttpWarehouse): Promise<void> {
  const client = connect(warehouse.engine.address(), 'system', GRACE_MILLIS / 1000, null);
  const sql = `CREATE DATABASE IF NOT EXISTS ${warehouse.database}`;
  try {
    await client.command({ query: sql });
  } catch (error) {
    throw asFailure(error, sql);
  } finally {
    await client.close();
  }
}

interface RequestParts {
  readonly query_id: string;
  readonly query_params?: Record<string, unknown>;
  readonly clickhouse_settings: Record<string, string | number>;
  readonly abort_signal?: AbortSignal;
}

function requestParts(options: QueryOptions, queryId: string, timeLimitSeconds: number): RequestParts {
  return {
    query_id: queryId,
    clickhouse_settings: {
      max_execution_time: options.timeLimitSeconds ?? timeLimitSeconds,
      ...options.settings,
    },
    ...(options.parameters === undefined ? {} : { query_params: { ...options.parameters } }),
    ...(options.signal === undefined ? {} : { abort_signal: options.signal }),
  };
}

function connect(
  address: EngineAddress,
  database: string,
  timeLimitSeconds: number,
  cluster: Cluster | null,
): ClickHouseClient {
  return createClient({
    url: address.url,
    username: address.username,
    password: address.password,
    database,
    request_timeout: timeLimitSeconds * 1000 + GRACE_MILLIS,
    clickhouse_settings: cluster === null ? SETTINGS : { ...SETTINGS, ...CLUSTER_SETTINGS },
    log: { level: ClickHouseLogLevel.OFF },
  });
}

function parseRows<T>(sql: string, raw: readonly unknown[], schema: z.ZodType<T>): T[] {
  const parsed = z.array(schema).safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new Failure('warehouse-shape', `The answer of the warehouse has another shape than expected: ${brief(sql)}`, {
    cause: new Error(`${z.prettifyError(parsed.error)}\n${sql}`),
  });
}

function brief(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim();
  return line.length > SQL_IN_MESSAGE ? `${line.slice(0, SQL_IN_MESSAGE)}...` : line;
}

function asFailure(error: unknown, sql: string): Failure {
  if (error instanceof Failure) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const cause = new Error(`${reason}\nSQL: ${sql}`, { cause: error });
  if (error instanceof ClickHouseError) {
    switch (DISK_FULL.test(reason) ? NOT_ENOUGH_SPACE : error.code) {
      case MEMORY_LIMIT_EXCEEDED:
        return new Failure(
          'warehouse-memory',
          `A query needed more memory than the warehouse may use. Give it more, or ask for less at once: ${brief(sql)}`,
          { cause },
        );
      case TIMEOUT_EXCEEDED:
        return new Failure('warehouse-timeout', `A query ran longer than it may: ${brief(sql)}`, { cause });
      case NOT_ENOUGH_SPACE:
        return new Failure('warehouse-disk', 'The disk of the warehouse is full. Free some space and try again.', {
          cause,
          isRetryable: true,
        });
      default:
        return new Failure('warehouse-query', `The warehouse refused a query (${reason}): ${brief(sql)}`, { cause });
    }
  }
  return new Failure(
    'warehouse-unreachable',
    `The warehouse did not answer (${reason}). It is started again by itself; try once more, and see its log or CLICKHOUSE_URL if this stays.`,
    { cause, isRetryable: true },
  );
}
