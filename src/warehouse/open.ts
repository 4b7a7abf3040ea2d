import { totalmem } from 'node:os';
import { applySteps } from './apply-steps.ts';
import { readSteps } from './ddl-steps.ts';
import { startEngine } from './engine.ts';
import type { Rehearsal } from './engine-configuration.ts';
import { ensureDatabase, HttpWarehouse } from './http-warehouse.ts';
import { spreadDatabase } from './spread-database.ts';
import type { EngineAddress, OpenWarehouse } from './warehouse.ts';

const DATABASE = 'bellwether';
const TIME_LIMIT_SECONDS = 1800;
const MEMORY_SHARE = 0.6;
const MEMORY_MAX_BYTES = 6_000_000_000;
const MEMORY_MIN_BYTES = 1_000_000_000;

/** Where the warehouse is and what it may use. */
export interface WarehouseOptions {
  /** The workspace's own folder for data (such as `.bellwether`); unused with `url`. */
  readonly directory: string;
  /** `http(s)://user:password@host:port/database` of a ClickHouse server or cluster. Absent: the embedded engine. */
  readonly url?: string | undefined;
  readonly database?: string | undefined;
  /** Ceiling for the embedded engine; default 60% of the machine's memory, at most 6 GB. */
  readonly memoryLimitBytes?: number | undefined;
  /** Longest time a query may run unless its caller says otherwise. */
  readonly timeLimitSeconds?: number | undefined;
  /** With `url`: name of the cluster that the server is one of; tables are then divided, replicated and made on all of it. */
  readonly cluster?: string | undefined;
  /** Without `url`: the embedded engine plays a cluster. For tests. */
  readonly rehearsal?: Rehearsal | undefined;
}

/**
 * Opens the warehouse of a workspace and brings its tables up to date.
 *
 * Refuses with a `Failure`: `workspace-in-use`, `warehouse-start`, `warehouse-unreachable`, `ddl-changed`,
 * `cluster-unfit`, `cluster-mismatch`.
 */
export async function openWarehouse(options: WarehouseOptions): Promise<OpenWarehouse> {
  const warehouse = options.url === undefined ? await openEmbedded(options) : openServer(options, options.url);
  try {
    await ensureDatabase(warehouse);
    await spreadDatabase(warehouse);
    await applySteps(warehouse, readSteps(new URL('./ddl/', import.meta.url)));
    return warehouse;
  } catch (error) {
    await warehouse.close();
    throw error;
  }
}

async function openEmbedded(options: WarehouseOptions): Promise<HttpWarehouse> {
  const database = options.database ?? DATABASE;
  const rehearsal = options.rehearsal ?? null;
  const engine = await startEngine({
    directory: options.directory,
    database,
    memoryLimitBytes: options.memoryLimitBytes ?? defaultMemoryLimit(),
    rehearsal,
  });
  return new HttpWarehouse({
    database,
    kind: 'embedded',
    cluster: rehearsal === null ? null : { name: rehearsal.cluster, database, isRehearsal: true },
    timeLimitSeconds: options.timeLimitSeconds ?? TIME_LIMIT_SECONDS,
    ready: () => engine.supervisor.ready(),
    stop: () => engine.supervisor.stop(),
    engine: {
      pid: () => engine.supervisor.pid,
      restarts: () => engine.supervisor.restarts,
      address: engine.address,
      logPath: engine.logPath,
      backupDirectory: engine.backupDirectory,
    },
  });
}

function openServer(options: WarehouseOptions, url: string): HttpWarehouse {
  const parsed = new URL(url);
  const fromPath = parsed.pathname.replace(/^\/+|\/+$/g, '');
  const address: EngineAddress = {
    url: `${parsed.protocol}//${parsed.host}`,
    username: decodeURIComponent(parsed.username) || 'default',
    password: decodeURIComponent(parsed.password),
  };
  const database = options.database ?? (fromPath === '' ? DATABASE : fromPath);
  return new HttpWarehouse({
    database,
    kind: 'server',
    cluster: options.cluster === undefined ? null : { name: options.cluster, database, isRehearsal: false },
    timeLimitSeconds: options.timeLimitSeconds ?? TIME_LIMIT_SECONDS,
    ready: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    engine: {
      pid: () => null,
      restarts: () => 0,
      address: () => address,
      logPath: null,
      backupDirectory: null,
    },
  });
}

function defaultMemoryLimit(): number {
  return Math.max(MEMORY_MIN_BYTES, Math.min(Math.floor(totalmem() * MEMORY_SHARE), MEMORY_MAX_BYTES));
}
