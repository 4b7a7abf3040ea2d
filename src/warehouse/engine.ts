import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import { freePort } from '../sidecar/free-port.ts';
import { isAlive } from '../sidecar/is-alive.ts';
import { LogFile } from '../sidecar/log-file.ts';
import { type Launch, Supervisor } from '../sidecar/supervisor.ts';
import { type EngineSettings, type Rehearsal, serverXml, usersXml } from './engine-configuration.ts';
import type { EngineAddress } from './warehouse.ts';

const READY_MILLIS = 30_000;
const QUIT_MILLIS = 20_000;
const PASSWORD_BYTES = 24;
const ownerSchema = z.object({ pid: z.number(), port: z.number() });

/** The ClickHouse of this workspace as a supervised child process that serves HTTP on the loopback. */
export interface EmbeddedEngine {
  readonly supervisor: Supervisor;
  readonly address: () => EngineAddress;
  readonly logPath: string;
  readonly backupDirectory: string;
}

/**
 * Starts the embedded engine on `directory/warehouse`, with log `directory/logs/warehouse.log`.
 *
 * Refuses with `workspace-in-use` when another process has it: the engine's own lock decides, so a crash leaves none.
 */
export async function startEngine(options: {
  readonly directory: string;
  readonly database: string;
  readonly memoryLimitBytes: number;
  readonly rehearsal: Rehearsal | null;
}): Promise<EmbeddedEngine> {
  const home = resolve(options.directory, 'warehouse');
  const backupDirectory = join(home, 'backups');
  mkdirSync(backupDirectory, { recursive: true, mode: 0o700 });
  const settings: EngineSettings = {
    usersFile: join(home, 'users.xml'),
    temporaryDirectory: join(home, 'tmp'),
    backupDirectory,
    memoryLimitBytes: options.memoryLimitBytes,
    database: options.database,
    password: randomBytes(PASSWORD_BYTES).toString('base64url'),
    rehearsal: options.rehearsal,
  };
  const log = new LogFile(resolve(options.directory, 'logs', 'warehouse.log'));
  let port = 0;
  const address = (): EngineAddress => ({
    url: `http://127.0.0.1:${port}`,
    username: 'app',
    password: settings.password,
  });
  const supervisor = new Supervisor({
    name: 'warehouse',
    readyMillis: READY_MILLIS,
    quitMillis: QUIT_MILLIS,
    quit: (child) => child.stdin?.end(),
    explain: () => explainStart(log, options.directory, home),
    launch: async () => {
      port = await freePort();
      return launch(home, port, settings, log, address());
    },
  });
  await supervisor.start();
  removeOldSettings(home, port);
  writeFileSync(join(home, 'owner.json'), JSON.stringify({ pid: process.pid, port }));
  return { supervisor, address, logPath: log.path, backupDirectory };
}

function launch(home: string, port: number, settings: EngineSettings, log: LogFile, address: EngineAddress): Launch {
  // Files of its own for every start: a second process that is about to be refused must not touch the first one's.
  const suffix = `${process.pid}-${port}`;
  const usersFile = join(home, `users-${suffix}.xml`);
  const configFile = join(home, `config-${suffix}.xml`);
  const own = { ...settings, usersFile };
  writeFileSync(usersFile, usersXml(own), { mode: 0o600 });
  writeFileSync(configFile, serverXml(own), { mode: 0o600 });
  const descriptor = log.openForChild();
  const launcher = fileURLToPath(new URL('./launcher.mjs', import.meta.url));
  const child = spawn(process.execPath, [launcher, join(home, 'data'), String(port), configFile], {
    // A process group of its own: Ctrl-C must reach us, who then stop the engine in order.
    detached: true,
    stdio: ['pipe', descriptor, descriptor],
    env: { TZ: 'UTC' },
  });
  closeSync(descriptor);
  // A dead child makes its pipe fail; its exit says so already.
  child.stdin?.on('error', () => undefined);
  return { child, isReady: () => answers(address) };
}

/** The lock is ours now, so every other settings file is a dead process's. */
function removeOldSettings(home: string, port: number): void {
  for (const name of readdirSync(home)) {
    if (/^(users|config)-\d+-\d+\.xml$/.test(name) && !name.endsWith(`-${port}.xml`)) rmSync(join(home, name));
  }
}

/** Our password must be accepted: another server may have taken the port in between. */
function answers(address: EngineAddress): Promise<boolean> {
  const headers = { 'X-ClickHouse-User': address.username, 'X-ClickHouse-Key': address.password };
  return new Promise((resolve) => {
    // No agent: a connection kept alive would hold up a clean stop.
    const question = get(`${address.url}/?query=SELECT%201`, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    question.on('error', () => resolve(false));
  });
}

function explainStart(log: LogFile, directory: string, home: string): Failure {
  const text = log.tail();
  const cause = new Error(text.trim() === '' ? 'the engine wrote nothing' : text.trim());
  if (/another server instance/i.test(text)) {
    const owner = readOwner(home);
    if (owner !== null && !isAlive(owner)) {
      return new Failure(
        'workspace-in-use',
        `The warehouse of a Bellwether process that has died still uses ${directory}. It is ending by itself: try again in a moment.`,
        { cause, isRetryable: true },
      );
    }
    const who = owner === null ? 'Another Bellwether process' : `Another Bellwether process (pid ${owner})`;
    return new Failure(
      'workspace-in-use',
      `${who} is using ${directory}. Stop it first, or give this command another --workspace; if it is \`bellwether serve\`, use its API or pages instead.`,
      { cause },
    );
  }
  if (/address already in use/i.test(text)) {
    return new Failure('warehouse-port-taken', 'The port of the warehouse was taken by another program.', {
      cause,
      isRetryable: true,
    });
  }
  return new Failure(
    'warehouse-start',
    `The warehouse engine ended while it started. The reason is in ${log.path}; \`bellwether doctor\` checks memory, disk and platform.`,
    { cause, isRetryable: true },
  );
}

function readOwner(home: string): number | null {
  const path = join(home, 'owner.json');
  if (!existsSync(path)) return null;
  const parsed = ownerSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  return parsed.success ? parsed.data.pid : null;
}
