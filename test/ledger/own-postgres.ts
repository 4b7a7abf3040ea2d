import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { serverUser } from '../../src/ledger/server-user.ts';
import { freePort } from '../../src/sidecar/free-port.ts';
import { scratchFolder } from '../scratch.ts';

const INSTALLED = '/usr/lib/postgresql';

/** Folder of the programs of the newest Postgres among those installed in a folder; null: none is. */
export function installedPostgres(folder = INSTALLED): string | null {
  if (!existsSync(folder)) return null;
  const versions = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'bin', 'initdb')))
    .sort((a, b) => Number(b) - Number(a));
  return versions[0] === undefined ? null : join(folder, versions[0], 'bin');
}

/** What the tests of a Postgres that is none of ours are called where there is none. */
export const WHY_NOT =
  installedPostgres() === null ? ` (not run: no Postgres of the system is installed in ${INSTALLED})` : '';
if (WHY_NOT !== '')
  process.stderr.write(`not run: the ledger on the system's own Postgres, since ${INSTALLED} has none\n`);

/** A server of the system's own Postgres, with a user and a database as deploy/postgres/init.sh makes them. */
export interface OwnPostgres {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts one in a folder of its own. */
export async function startOwnPostgres(programs: string): Promise<OwnPostgres> {
  const home = scratchFolder();
  const data = join(home, 'data');
  mkdirSync(data, { mode: 0o700 });
  chmodSync(home, 0o711);
  const user = serverUser();
  if (user !== null) chownSync(data, user.uid, user.gid);
  const identity = user === null ? {} : { uid: user.uid, gid: user.gid };
  const common = { ...identity, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' } } as const;
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '--auth=trust', '--username=admin', '--encoding=UTF8', '--locale=C'],
    {
      ...common,
      stdio: 'pipe',
    },
  );
  const port = await freePort();
  const settings = [
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `port=${port}`,
    '-c',
    'unix_socket_directories=',
    '-c',
    'fsync=off',
  ];
  const child: ChildProcess = spawn(join(programs, 'postgres'), ['-D', data, ...settings], {
    ...common,
    stdio: 'ignore',
  });
  const admin = { host: '127.0.0.1', port, user: 'admin', database: 'postgres' };
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client(admin);
    try {
      await client.connect();
      await client.query('CREATE ROLE bellwether LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION');
      await client.query('CREATE DATABASE bellwether OWNER bellwether');
      await client.end();
      break;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (tries > 200) throw error;
      await sleep(50);
    }
  }
  return {
    url: `postgres://bellwether@127.0.0.1:${port}/bellwether`,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
    },
  };
}
