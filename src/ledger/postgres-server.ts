import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import { freePort } from '../sidecar/free-port.ts';
import { LogFile } from '../sidecar/log-file.ts';
import { type Launch, Supervisor } from '../sidecar/supervisor.ts';
import { settleEarlierServer } from './earlier-server.ts';
import type { LedgerAddress } from './ledger.ts';
import { type PostgresPrograms, postgresPrograms } from './postgres-programs.ts';
import { invocation, type ServerUser, serverUser } from './server-user.ts';

const ADMIN = 'bellwether_admin';
const APP = 'bellwether';
const READY_MILLIS = 60_000;
const QUIT_MILLIS = 20_000;
const PASSWORD_BYTES = 24;
const secretsSchema = z.object({ admin: z.string(), app: z.string() });
type Secrets = z.infer<typeof secretsSchema>;

/** The Postgres of this workspace as a supervised child process on the loopback. */
export interface EmbeddedPostgresServer {
  readonly supervisor: Supervisor;
  readonly address: () => LedgerAddress;
  readonly logPath: string;
}

/** What one start needs to know. */
interface Home {
  readonly path: string;
  readonly data: string;
  readonly log: LogFile;
  readonly user: ServerUser | null;
  readonly programs: PostgresPrograms;
  readonly secrets: Secrets;
}

/**
 * Starts Postgres on `directory/ledger`, making the cluster, the `bellwether` role (no superuser) and its database
 * where they are missing. Log: `directory/logs/ledger.log`.
 *
 * Refuses with `workspace-in-use` when another process has the folder, `ledger-platform`, `ledger-user`,
 * `ledger-unreachable-folder` or `ledger-start`.
 */
export async function startPostgres(options: { readonly directory: string }): Promise<EmbeddedPostgresServer> {
  const path = resolve(options.directory, 'ledger');
  mkdirSync(path, { recursive: true, mode: 0o755 });
  const home: Home = {
    path,
    data: join(path, 'data'),
    log: new LogFile(resolve(options.directory, 'logs', 'ledger.log')),
    user: serverUser(),
    programs: await postgresPrograms(),
    secrets: readSecrets(path),
  };
  await settleEarlierServer(path, options.directory);
  if (!existsSync(join(home.data, 'PG_VERSION'))) makeCluster(home);
  let port = 0;
  const supervisor = new Supervisor({
    name: 'ledger',
    readyMillis: READY_MILLIS,
    quitMillis: QUIT_MILLIS,
    // A fast shutdown: sessions are ended, everything is written.
    quit: (child) => child.kill('SIGINT'),
    explain: () => explainStart(home.log),
    launch: async () => {
      await settleEarlierServer(path, options.directory);
      port = await freePort();
      return launch(home, port);
    },
  });
  await supervisor.start();
  try {
    await ensureAppDatabase(home, port);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return {
    supervisor,
    address: () => ({ host: '127.0.0.1', port, user: APP, password: home.secrets.app, database: APP }),
    logPath: home.log.path,
  };
}

function launch(home: Home, port: number): Launch {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '60',
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const args = ['-D', home.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const run = invocation(home.user, home.programs.postgres, args, [home.data]);
  const descriptor = home.log.openForChild();
  const child = spawn(run.command, run.args, {
    ...run.identity,
    // A process group of its own: Ctrl-C must reach us, who then stop the server in order.
    detached: true,
    cwd: '/',
    stdio: ['ignore', descriptor, descriptor],
    env: { TZ: 'UTC', LC_ALL: 'C' },
  });
  closeSync(descriptor);
  if (child.pid !== undefined) {
    writeFileSync(join(home.path, 'owner.json'), JSON.stringify({ pid: process.pid, server: child.pid }));
    guard(child, child.pid);
  }
  return { child, isReady: () => answers(adminConfig(home, port)) };
}

/**
 * A shell that waits for our end of its pipe to close, by whatever means we die, and then stops the server.
 * It is killed when the server ends first, since its number may then be given to another process.
 */
function guard(server: ChildProcess, pid: number): void {
  const shell = spawn('/bin/sh', ['-c', 'cat >/dev/null; kill -INT "$0"', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  });
  shell.stdin?.on('error', () => undefined);
  server.once('exit', () => shell.kill('SIGKILL'));
}

function makeCluster(home: Home): void {
  const fresh = join(home.path, 'data.new');
  const passwordFile = join(home.path, 'password.new');
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  writeFileSync(passwordFile, `${home.secrets.admin}\n`, { mode: 0o600 });
  if (home.user !== null) for (const path of [fresh, passwordFile]) chownSync(path, home.user.uid, home.user.gid);
  const args = [
    `--pgdata=${fresh}`,
    '--auth=scram-sha-256',
    `--username=${ADMIN}`,
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
  ];
  const run = invocation(home.user, home.programs.initdb, args, [fresh]);
  try {
    execFileSync(run.command, run.args, { ...run.identity, cwd: '/', stdio: 'pipe', env: { TZ: 'UTC', LC_ALL: 'C' } });
    // Renamed only when complete, so that a crash in between leaves no half-made cluster.
    renameSync(fresh, home.data);
  } catch (error) {
    throw new Failure(
      'ledger-start',
      'The database cluster of the ledger could not be made. `bellwether doctor` checks disk, rights and platform.',
      { cause: error },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function readSecrets(home: string): Secrets {
  const path = join(home, 'secrets.json');
  if (existsSync(path)) return secretsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const secret = (): string => randomBytes(PASSWORD_BYTES).toString('base64url');
  const secrets = { admin: secret(), app: secret() };
  writeFileSync(path, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

function adminConfig(home: Home, port: number): pg.ClientConfig {
  return { host: '127.0.0.1', port, user: ADMIN, password: home.secrets.admin, database: 'postgres' };
}

async function answers(config: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client(config);
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureAppDatabase(home: Home, port: number): Promise<void> {
  const client = new pg.Client(adminConfig(home, port));
  await client.connect();
  try {
    const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [APP]);
    const verb = role.rowCount === 0 ? 'CREATE' : 'ALTER';
    await client.query(
      `${verb} ROLE ${APP} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${client.escapeLiteral(home.secrets.app)}`,
    );
    const database = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [APP]);
    if (database.rowCount === 0) await client.query(`CREATE DATABASE ${APP} OWNER ${APP}`);
  } finally {
    await client.end();
  }
}

function explainStart(log: LogFile): Failure {
  const text = log.tail().trim();
  const cause = new Error(text === '' ? 'the server wrote nothing' : text);
  return new Failure(
    'ledger-start',
    `The ledger's Postgres ended while it started. The reason is in ${log.path}; \`bellwether doctor\` checks memory, disk and rights.`,
    { cause, isRetryable: true },
  );
}
