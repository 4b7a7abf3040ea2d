import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Model } from '../src/definition/model.ts';
import { parseModel } from '../src/definition/parse.ts';
import { importSources } from '../src/ingest/import-sources.ts';
import { SIGNAL_CATALOGUE } from '../src/profile/catalogue.ts';
import { dropProfiles } from '../src/profile/profile.ts';
import { simulate } from '../src/simulate/simulate.ts';
import { openWarehouse } from '../src/warehouse/open.ts';
import type { OpenWarehouse } from '../src/warehouse/warehouse.ts';
import { progress } from './measure.ts';

/** How large the company is that a row is measured on. */
export interface WorldSize {
  readonly accounts: number;
  readonly usersPerAccount: number;
  readonly events: number;
  readonly months: number;
}

/** A simulated company with its facts in a warehouse. */
export interface World {
  readonly size: WorldSize;
  /** Folder of its files and its model. */
  readonly directory: string;
  readonly model: Model;
  /** Midnight after the last day: every source is complete through it. */
  readonly asOf: number;
  /** Midnight before the first day. */
  readonly trackedFrom: number;
  /** Rows of each table, as the simulator wrote them. */
  readonly rows: Readonly<Record<string, number>>;
  readonly warehouse: OpenWarehouse;
}

/** Name under which rows compute profiles, or with which theirs begin. */
export const RUN = 'bench';

const SEED = 1;
const LAST_DAY = '2026-11-21';
const AS_OF = Date.parse('2026-11-22T00:00:00Z');
/** DESIGN section 10: the memory in which all signals must fit, for every process of the row. */
const MEMORY_LIMIT_BYTES = 4_000_000_000;
const WAREHOUSE = '.bellwether';
const MADE = 'made.json';
/** What decides the content of a cached world beside its size. */
const MAKERS = ['src/simulate', 'src/ingest', 'src/model', 'src/warehouse/ddl', 'src/definition/example'];

/** Opens the company of that size: its files and its imported facts are made once and kept under the temporary folder. */
export async function openWorld(size: WorldSize): Promise<World> {
  const directory = await cachedWorld(size);
  return openAt(size, directory, join(directory, WAREHOUSE));
}

/** As `openWorld`, on a copy of the warehouse that may be written to; `discard` removes it. */
export async function openWorldCopy(size: WorldSize): Promise<{ readonly world: World; discard(): Promise<void> }> {
  const directory = await cachedWorld(size);
  const copy = mkdtempSync(join(tmpdir(), 'bellwether-bench-'));
  cpSync(join(directory, WAREHOUSE), join(copy, WAREHOUSE), { recursive: true });
  const world = await openAt(size, directory, join(copy, WAREHOUSE));
  return {
    world,
    discard: async () => {
      await world.warehouse.close();
      rmSync(copy, { recursive: true, force: true });
    },
  };
}

async function openAt(size: WorldSize, directory: string, data: string): Promise<World> {
  const warehouse = await openWarehouse({ directory: data, memoryLimitBytes: MEMORY_LIMIT_BYTES });
  // A row that was ended half-way has left its tables behind.
  await dropProfiles(warehouse, RUN);
  const made = JSON.parse(readFileSync(join(directory, MADE), 'utf8')) as Pick<World, 'rows' | 'trackedFrom'>;
  return { size, directory, model: readModel(directory), asOf: AS_OF, ...made, warehouse };
}

function readModel(directory: string): Model {
  const text = readFileSync(join(directory, 'bellwether.yaml'), 'utf8');
  const { model, diagnostics } = parseModel(text, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error(JSON.stringify(diagnostics));
  return model;
}

/** The folder of the world, made under another name and renamed when it is whole. */
async function cachedWorld(size: WorldSize): Promise<string> {
  const home = join(tmpdir(), 'bellwether-bench-worlds');
  const directory = join(home, keyOf(size));
  if (existsSync(directory)) return directory;
  mkdirSync(home, { recursive: true });
  const making = mkdtempSync(join(home, 'making-'));
  progress(`simulating ${size.accounts} accounts and ${size.events} events ...`);
  const { accounts, usersPerAccount, events, months } = size;
  const options = { seed: SEED, end: LAST_DAY, accounts, usersPerAccount, months, eventsTarget: events };
  const truth = await simulate(options, making);
  progress(`importing ${truth.counts.rows['events']} events ...`);
  await importWorld(making);
  const made = { rows: truth.counts.rows, trackedFrom: Date.parse(truth.frame.tracking_from) };
  writeFileSync(join(making, MADE), JSON.stringify(made));
  renameSync(making, directory);
  return directory;
}

async function importWorld(directory: string): Promise<void> {
  const warehouse = await openWarehouse({
    directory: join(directory, WAREHOUSE),
    memoryLimitBytes: MEMORY_LIMIT_BYTES,
  });
  const report = await importSources({
    warehouse,
    model: readModel(directory),
    directory,
    environment: () => undefined,
    now: new Date(AS_OF),
  });
  await warehouse.close();
  if (report.quarantine > 0 || report.diagnostics.length > 0) throw new Error(JSON.stringify(report));
}

function keyOf(size: WorldSize): string {
  const hash = createHash('sha256').update(JSON.stringify([SEED, LAST_DAY, size]));
  const root = fileURLToPath(new URL('..', import.meta.url));
  for (const folder of MAKERS) {
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
    for (const path of files.map((file) => join(file.parentPath, file.name)).sort()) hash.update(readFileSync(path));
  }
  return `${size.accounts}-${size.usersPerAccount}-${size.events}-${size.months}-${hash.digest('hex').slice(0, 12)}`;
}
