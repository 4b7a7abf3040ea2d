import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import { isAlive } from '../sidecar/is-alive.ts';

const WAIT_MILLIS = 15_000;
const POLL_MILLIS = 50;
const ownerSchema = z.object({ pid: z.number(), server: z.number() });

/**
 * Makes sure that no server of an earlier process holds the ledger's folder.
 *
 * One whose Bellwether has died is stopped (it may be shutting down by itself) and waited for; one whose Bellwether
 * lives is a refusal, `workspace-in-use`. A lock file that names a process which is no Postgres is a leftover of
 * another boot or container, and is removed.
 */
export async function settleEarlierServer(home: string, directory: string): Promise<void> {
  const lock = join(home, 'data', 'postmaster.pid');
  const server = lockedBy(lock);
  if (server === null || !isAlive(server)) return;
  if (!isPostgres(server)) {
    rmSync(lock);
    return;
  }
  const owner = readOwner(home);
  if (owner !== null && owner.server === server && isAlive(owner.pid)) {
    throw new Failure(
      'workspace-in-use',
      `Another Bellwether process (pid ${owner.pid}) is using ${directory}. Stop it first, or give this command another --workspace; if it is \`bellwether serve\`, use its API or pages instead.`,
    );
  }
  process.kill(server, 'SIGINT');
  for (let waited = 0; waited < WAIT_MILLIS; waited += POLL_MILLIS) {
    if (!isAlive(server) || lockedBy(lock) === null) return;
    await sleep(POLL_MILLIS);
  }
  throw new Failure(
    'workspace-in-use',
    `A Postgres server left over from an earlier process (pid ${server}) still uses ${home} and does not stop. End it and try again.`,
    { isRetryable: true },
  );
}

function lockedBy(lock: string): number | null {
  if (!existsSync(lock)) return null;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

function readOwner(home: string): z.infer<typeof ownerSchema> | null {
  const path = join(home, 'owner.json');
  if (!existsSync(path)) return null;
  const parsed = ownerSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  return parsed.success ? parsed.data : null;
}

/** Where the system does not tell, the lock file is believed. */
function isPostgres(pid: number): boolean {
  const path = `/proc/${pid}/comm`;
  return !existsSync('/proc/self/comm') || (existsSync(path) && readFileSync(path, 'utf8').startsWith('postgres'));
}
