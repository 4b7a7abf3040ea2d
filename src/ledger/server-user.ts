import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../model/failure.ts';

const USER = 'postgres';
const SEARCH_BY_OTHERS = 0o001;
const CAPABILITIES = [
  { name: 'dac_read_search', bit: 2n },
  { name: 'dac_override', bit: 1n },
] as const;

/** As whom Postgres runs: null for ourselves, since only root may not run it. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The system user for Postgres when we are root, made where it is missing; null when we are not root. */
export function serverUser(): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  const found = lookUp();
  if (found !== null) return found;
  try {
    execFileSync('/usr/sbin/groupadd', ['--system', USER], { stdio: 'pipe' });
    execFileSync('/usr/sbin/useradd', ['--system', '--no-create-home', '--gid', USER, USER], { stdio: 'pipe' });
  } catch (error) {
    throw new Failure(
      'ledger-user',
      `Postgres does not run as root, and no system user "${USER}" could be made for it. Create one, run Bellwether as an ordinary user, or set DATABASE_URL.`,
      { cause: error },
    );
  }
  const made = lookUp();
  if (made === null) throw new Failure('ledger-user', `The system user "${USER}" was made and is not found.`);
  return made;
}

/** How to run a program of Postgres as that user: the command with its arguments, and the identity for `spawn`. */
export interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly identity: { readonly uid?: number; readonly gid?: number };
}

/**
 * The invocation of a program as `user`, who must reach `paths`.
 *
 * Why: a workspace or a checkout below a private folder of root (such as /root, or one from mkdtemp) cannot be entered
 * by another user. Instead of opening those folders to everybody, the server is given the one right to pass them.
 */
export function invocation(
  user: ServerUser | null,
  program: string,
  args: readonly string[],
  paths: readonly string[],
): Invocation {
  if (user === null) return { command: program, args, identity: {} };
  if ([program, ...paths].every(isReachableByOthers)) return { command: program, args, identity: { ...user } };
  const capability = CAPABILITIES.find(({ bit }) => hasCapability(bit));
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv', '/sbin/setpriv'].find((path) => existsSync(path));
  if (capability === undefined || setpriv === undefined) {
    throw new Failure(
      'ledger-unreachable-folder',
      `Postgres runs as user "${USER}", who may not enter ${paths.join(' or ')}. Put the workspace (and the checkout) into a folder that others may pass, run Bellwether as an ordinary user, or set DATABASE_URL.`,
    );
  }
  const name = capability.name;
  return {
    command: setpriv,
    args: [
      `--reuid=${user.uid}`,
      `--regid=${user.gid}`,
      '--clear-groups',
      `--inh-caps=-all,+${name}`,
      `--ambient-caps=-all,+${name}`,
      program,
      ...args,
    ],
    identity: {},
  };
}

function lookUp(): ServerUser | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${USER}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

function isReachableByOthers(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & SEARCH_BY_OTHERS) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function hasCapability(bit: bigint): boolean {
  if (!existsSync('/proc/self/status')) return false;
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return bounding !== undefined && ((BigInt(`0x${bounding}`) >> bit) & 1n) === 1n;
}
