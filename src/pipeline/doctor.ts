import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { z } from 'zod';
import { openLedger } from '../ledger/open.ts';
import { Failure } from '../model/failure.ts';
import { freePort } from '../sidecar/free-port.ts';
import { openWarehouse } from '../warehouse/open.ts';

const NODE_FLOOR = [20, 19] as const;
const MEMORY_FLOOR_BYTES = 2_000_000_000;
const DISK_FLOOR_BYTES = 2_000_000_000;
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** One thing looked at: whether it is fine, what was found, and what to do where it is not. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly advice: string | null;
}

/** What the doctor looks at. */
export interface DoctorOptions {
  readonly directory: string;
  readonly warehouse: {
    readonly url?: string | undefined;
    readonly database?: string | undefined;
    readonly cluster?: string | undefined;
  };
  readonly databaseUrl?: string | undefined;
}

/**
 * Whether this machine and workspace can run Bellwether: every check, also after one that fails.
 *
 * Starts both engines and stops them again. A workspace that another process uses is told as such, not as a fault of
 * the engines.
 */
export async function examine(options: DoctorOptions): Promise<Check[]> {
  return [
    checkNode(process.versions.node),
    checkPlatform(),
    checkMemory(totalmem()),
    await checkFolder(options.directory),
    await checkDisk(options.directory),
    await checkPort(),
    await checkWarehouse(options),
    await checkLedger(options),
  ];
}

function check(name: string, ok: boolean, found: string, advice: string): Check {
  return { name, ok, found, advice: ok ? null : advice };
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1]);
  return check('node', ok, version, `Install Node ${NODE_FLOOR.join('.')} or newer.`);
}

function checkPlatform(): Check {
  const platform = `${process.platform}-${process.arch}`;
  const header: unknown = Reflect.get(process.report.getReport(), 'header');
  const parsed = z.object({ glibcVersionRuntime: z.string() }).safeParse(header);
  const glibc = parsed.success ? parsed.data.glibcVersionRuntime : null;
  const ok = PLATFORMS.includes(platform) && (process.platform !== 'linux' || glibc !== null);
  return check(
    'platform',
    ok,
    glibc === null ? platform : `${platform}, glibc ${glibc}`,
    'The embedded engines need Linux with glibc (not musl) or macOS. Elsewhere set CLICKHOUSE_URL and DATABASE_URL.',
  );
}

function checkMemory(bytes: number): Check {
  return check(
    'memory',
    bytes >= MEMORY_FLOOR_BYTES,
    gigabytes(bytes),
    `The embedded engines want ${gigabytes(MEMORY_FLOOR_BYTES)} at least.`,
  );
}

async function checkFolder(directory: string): Promise<Check> {
  const advice = `Make ${directory} writable for this user, or choose another --workspace.`;
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return check('folder', true, directory, advice);
  } catch (error) {
    return check('folder', false, reasonOf(error), advice);
  }
}

async function checkDisk(directory: string): Promise<Check> {
  const advice = `Free some space: the engines want ${gigabytes(DISK_FLOOR_BYTES)} at least.`;
  try {
    const disk = await statfs(directory);
    const free = disk.bavail * disk.bsize;
    return check('disk', free >= DISK_FLOOR_BYTES, `${gigabytes(free)} free`, advice);
  } catch (error) {
    return check('disk', false, reasonOf(error), advice);
  }
}

async function checkPort(): Promise<Check> {
  const advice = 'A port of 127.0.0.1 must be free to listen on; look at firewalls and sandboxes.';
  try {
    return check('port', true, `127.0.0.1:${await freePort()} can be listened on`, advice);
  } catch (error) {
    return check('port', false, reasonOf(error), advice);
  }
}

async function checkWarehouse(options: DoctorOptions): Promise<Check> {
  return checkEngine('warehouse', async () => {
    const warehouse = await openWarehouse({ directory: options.directory, ...options.warehouse });
    try {
      const [row] = await warehouse.rows('SELECT version() AS version', z.object({ version: z.string() }));
      return `ClickHouse ${row?.version ?? ''} (${warehouse.kind})`;
    } finally {
      await warehouse.close();
    }
  });
}

async function checkLedger(options: DoctorOptions): Promise<Check> {
  return checkEngine('ledger', async () => {
    const ledger = await openLedger({ directory: options.directory, url: options.databaseUrl });
    try {
      const schema = z.object({ server_version: z.string() });
      const [row] = await ledger.query('SHOW server_version', [], schema);
      return `Postgres ${row?.server_version ?? ''} (${ledger.kind})`;
    } finally {
      await ledger.close();
    }
  });
}

async function checkEngine(name: string, ask: () => Promise<string>): Promise<Check> {
  try {
    return check(name, true, await ask(), '');
  } catch (error) {
    const code = error instanceof Failure ? error.code : 'unexpected';
    return check(name, false, code, reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
