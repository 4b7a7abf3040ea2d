import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { z } from 'zod';
import { openLedger } from '../ledger/open.ts';
import { Failure } from '../model/failure.ts';
import { freePort } from '../sidecar/free-port.ts';
import { openWarehouse } from '../warehouse/open.ts';
import { type Check, check, reasonOf } from './check.ts';

const NODE_FLOOR = [20, 19] as const;
const MEMORY_FLOOR_BYTES = 2_000_000_000;
const DISK_FLOOR_BYTES = 2_000_000_000;
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** What the doctor looks at. */
export interface DoctorOptions {
  readonly directory: string;
  readonly warehouse: {
    readonly url?: string | undefined;
    readonly database?: string | undefined;
    readonly cluster?: string | undefined;
  };
  readonly databaseUrl?: string | undefined;
  readonly clock: () => number;
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
    ...(await checkWarehouse(options)),
    ...(await checkLedger(options)),
  ];
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

/** Oldest versions of servers that the statements of this version are known to run on. */
const WAREHOUSE_FLOOR = 25;
const LEDGER_FLOOR = 15;
/** Clocks further apart than this make late events of those that just came. */
const APART_SECONDS = 60;

const engineSchema = z.object({ version: z.string(), at: z.coerce.number(), is_mighty: z.coerce.number() });

async function checkWarehouse({ directory, warehouse: where, clock }: DoctorOptions): Promise<readonly Check[]> {
  return checkEngine('warehouse', async () => {
    const warehouse = await openWarehouse({ directory, ...where });
    try {
      const [row] = await warehouse.rows(
        `SELECT version() AS version, toUnixTimestamp64Milli(now64(3)) AS at,
          (SELECT count() FROM system.grants WHERE user_name = currentUser() AND access_type IN ('CREATE USER', 'ACCESS MANAGEMENT', 'ALL')) AS is_mighty`,
        engineSchema,
      );
      return judge({
        name: 'warehouse',
        product: 'ClickHouse',
        floor: WAREHOUSE_FLOOR,
        kind: warehouse.kind,
        row,
        now: clock(),
      });
    } finally {
      await warehouse.close();
    }
  });
}

async function checkLedger({ directory, databaseUrl, clock }: DoctorOptions): Promise<readonly Check[]> {
  return checkEngine('ledger', async () => {
    const ledger = await openLedger({ directory, url: databaseUrl });
    try {
      const [row] = await ledger.query(
        `SELECT current_setting('server_version') AS version, extract(epoch FROM clock_timestamp()) * 1000 AS at,
          (SELECT (rolsuper OR rolcreaterole)::int FROM pg_roles WHERE rolname = current_user) AS is_mighty`,
        [],
        engineSchema,
      );
      return judge({ name: 'ledger', product: 'Postgres', floor: LEDGER_FLOOR, kind: ledger.kind, row, now: clock() });
    } finally {
      await ledger.close();
    }
  });
}

interface EngineFound {
  readonly name: string;
  readonly product: string;
  readonly floor: number;
  readonly kind: string;
  readonly row: z.infer<typeof engineSchema> | undefined;
  readonly now: number;
}

/** Judges what an engine said of itself: that it is new enough, that its clock is ours, and that its user may no more than it must. */
function judge({ name, product, floor, kind, row, now }: EngineFound): readonly Check[] {
  const version = row?.version ?? '';
  const apart = Math.round(Math.abs(now - (row?.at ?? 0)) / 1000);
  const found = check(
    name,
    Number.parseInt(version, 10) >= floor,
    `${product} ${version} (${kind})`,
    `Bellwether is known to run on ${product} ${floor} and newer.`,
  );
  if (kind === 'embedded') return [found];
  return [
    found,
    check(
      `${name} clock`,
      apart <= APART_SECONDS,
      `${apart} s from ours`,
      'Let both machines set their clocks by NTP: facts and leases go by them.',
    ),
    check(
      `${name} rights`,
      row?.is_mighty === 0,
      row?.is_mighty === 0 ? 'no more than are needed' : 'may make users',
      `Give Bellwether a user of its own with rights on its database alone, as in deploy/${name === 'ledger' ? 'postgres' : 'clickhouse'}/init.sh.`,
    ),
  ];
}

async function checkEngine(name: string, ask: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await ask();
  } catch (error) {
    const code = error instanceof Failure ? error.code : 'unexpected';
    return [check(name, false, code, reasonOf(error))];
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
