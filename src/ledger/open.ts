import { applyLedgerSteps, readLedgerSteps } from './apply-steps.ts';
import type { Ledger } from './ledger.ts';
import { PostgresLedger } from './postgres-ledger.ts';
import { startPostgres } from './postgres-server.ts';

/** Where the ledger is. */
export interface LedgerOptions {
  /** The workspace's own folder for data (such as `.bellwether`); unused with `url`. */
  readonly directory: string;
  /** `postgres://user:password@host:port/database`. Absent: the embedded server. */
  readonly url?: string | undefined;
}

/** A ledger, and what is known of the server behind it. */
export interface OpenLedger extends Ledger {
  /** Facts for operators and tests; null and empty values for a server of the operator's own. */
  readonly server: {
    readonly pid: () => number | null;
    readonly restarts: () => number;
    readonly url: () => string;
    readonly logPath: string | null;
  };
}

/**
 * Opens the ledger of a workspace and brings its tables up to date.
 *
 * Refuses with a `Failure`: `workspace-in-use`, `ledger-start`, `ledger-unreachable`, `ddl-changed` and those of
 * `startPostgres`.
 */
export async function openLedger(options: LedgerOptions): Promise<OpenLedger> {
  const ledger = options.url === undefined ? await openEmbedded(options.directory) : openServer(options.url);
  try {
    await applyLedgerSteps(ledger, readLedgerSteps(new URL('./ddl/', import.meta.url)));
    return ledger;
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

async function openEmbedded(directory: string): Promise<OpenLedger> {
  const embedded = await startPostgres({ directory });
  const ledger = new PostgresLedger({
    kind: 'embedded',
    connection: () => ({ ...embedded.address() }),
    ready: () => embedded.supervisor.ready(),
    stop: () => embedded.supervisor.stop(),
  });
  return Object.assign(ledger, {
    server: {
      pid: () => embedded.supervisor.pid,
      restarts: () => embedded.supervisor.restarts,
      url: () => {
        const { user, password, host, port, database } = embedded.address();
        return `postgres://${user}:${password}@${host}:${port}/${database}`;
      },
      logPath: embedded.logPath,
    },
  });
}

function openServer(url: string): OpenLedger {
  const ledger = new PostgresLedger({
    kind: 'server',
    connection: () => ({ connectionString: url }),
    ready: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  });
  const server = { pid: () => null, restarts: () => 0, url: () => url, logPath: null };
  return Object.assign(ledger, { server });
}
