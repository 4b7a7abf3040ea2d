// All signals of all accounts and users at one as-of: `npx tsx bench/signals.ts [--accounts 5000 --events 20000000]`.
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCOUNT_SIGNALS, USER_SIGNALS } from '../src/profile/catalogue.ts';
import { computeProfiles, dropProfiles, type ProfileTables } from '../src/profile/profile.ts';
import { mustEqual } from './compare.ts';
import { type Duck, openDuck } from './duckdb.ts';
import {
  medianSeconds,
  peakMegabytes,
  processorSeconds,
  progress,
  readSize,
  report,
  seconds,
  timed,
  versionsOf,
} from './measure.ts';
import { openWorld, RUN, type World } from './world.ts';

const DAY_MS = 86_400_000;

/** One pass of the engine over the 90 days that the signals look at: what nothing that reads them can undercut by much. */
function passSql({ warehouse, asOf }: World): string {
  const within = (ms: number) => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`;
  return `SELECT account_id, user_id, toDate(time), event, count() FROM ${warehouse.database}.events
    WHERE time >= ${within(asOf - 90 * DAY_MS)} AND time < ${within(asOf)} GROUP BY ALL FORMAT Null`;
}

function signals({ warehouse, model, asOf }: World): Promise<ProfileTables> {
  return computeProfiles(warehouse, { model, asOfs: [asOf], run: RUN });
}

async function timeSignals(world: World): Promise<void> {
  await signals(world);
  await dropProfiles(world.warehouse, RUN);
}

/** Compares what DuckDB computed with ours, value by value; returns the names of the signals compared. */
async function checkDuck(world: World, duck: Duck, ours: ProfileTables, folder: string) {
  const { warehouse } = world;
  const compared: Record<'account' | 'user', string[]> = { account: [], user: [] };
  for (const entity of ['account', 'user'] as const) {
    const path = join(folder, `${entity}.parquet`);
    await duck.write(`${entity}_signals`, path);
    const key = entity === 'account' ? ['account_id'] : ['account_id', 'user_id'];
    const known = (entity === 'account' ? ACCOUNT_SIGNALS : USER_SIGNALS).map(({ name }) => name);
    const theirs = `${warehouse.database}.scratch_${RUN}_duckdb_${entity}`;
    const own = ours[entity === 'account' ? 'accounts' : 'users'];
    const names = await duck.columns(`${entity}_signals`);
    compared[entity] = names.filter((name) => known.includes(name));
    const columns = [...key, ...compared[entity]].join(', ');
    await warehouse.command(`DROP TABLE IF EXISTS ${theirs} SYNC`);
    await warehouse.command(`CREATE TABLE ${theirs} ENGINE = Memory AS SELECT ${columns} FROM ${own} LIMIT 0`);
    await warehouse.insertFile(`INSERT INTO ${theirs} (${columns}) FORMAT Parquet`, createReadStream(path));
    await mustEqual(warehouse, `${entity} signals of DuckDB and ours`, {
      left: theirs,
      right: `(SELECT ${columns} FROM ${own})`,
      key,
    });
    await warehouse.command(`DROP TABLE ${theirs} SYNC`);
  }
  return compared;
}

async function tellStatements(world: World): Promise<void> {
  const times = new Map<string, number>();
  const total = await seconds(() => timeSignals({ ...world, warehouse: timed(world.warehouse, times) }));
  for (const [name, time] of [...times].sort((a, b) => b[1] - a[1]).slice(0, 30)) {
    progress(`${time.toFixed(2).padStart(8)} s ${((100 * time) / total).toFixed(0).padStart(3)}%  ${name}`);
  }
}

const { size, runs, statements } = readSize();
const world = await openWorld(size);
const { warehouse, model, directory, asOf, trackedFrom } = world;
const pid = warehouse.engine.pid();
const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-'));
try {
  const ours = await signals(world);
  const memory = peakMegabytes(pid);
  progress(`computed; peak memory ${memory} MB`);
  const loading = performance.now();
  const duck = await openDuck(folder, { directory, model, at: asOf }, trackedFrom);
  const load = (performance.now() - loading) / 1000;
  progress(`DuckDB has loaded the files in ${load.toFixed(2)} s`);
  await duck.signals();
  const compared = await checkDuck(world, duck, ours, folder);
  await dropProfiles(warehouse, RUN);
  progress(`equal: ${compared.account.length} account signals, ${compared.user.length} user signals`);
  const before = processorSeconds(pid);
  const own = await medianSeconds(runs, () => timeSignals(world));
  const ownProcessor = (processorSeconds(pid) - before) / runs;
  progress(`signals ${own.toFixed(2)} s, processor ${ownProcessor.toFixed(2)} s`);
  await warehouse.command(passSql(world));
  const pass = await medianSeconds(runs, () => warehouse.command(passSql(world)));
  progress(`pass ${pass.toFixed(2)} s`);
  if (statements) await tellStatements(world);
  const theirsBefore = processorSeconds(process.pid);
  const theirs = await medianSeconds(runs, () => duck.signals());
  const theirsProcessor = (processorSeconds(process.pid) - theirsBefore) / runs;
  progress(`DuckDB ${theirs.toFixed(2)} s, processor ${theirsProcessor.toFixed(2)} s`);
  const { version } = duck;
  duck.close();
  const part = `${compared.account.length + compared.user.length} of ${ACCOUNT_SIGNALS.length + USER_SIGNALS.length} signals`;
  report({
    row: 'signals',
    sizes: world.rows,
    versions: { ...(await versionsOf(warehouse)), duckdb: version },
    isEqual: true,
    figures: [
      { what: 'all signals, one as-of', value: own, unit: 's', below: 40 },
      { what: 'the same, processor time', value: ownProcessor, unit: 's' },
      { what: 'peak memory of the engine', value: memory, unit: 'MB', below: 4000 },
      { what: 'one pass over 90 days', value: pass, unit: 's' },
      { what: 'all signals against the pass', value: own / pass, unit: 'x', below: 20 },
      { what: 'DuckDB, hand-written', value: theirs, unit: 's', note: `${part}, from its own tables` },
      { what: 'the same, processor time', value: theirsProcessor, unit: 's' },
      { what: 'DuckDB, loading the files', value: load, unit: 's', note: 'not part of the ratio' },
      {
        what: 'all of ours against DuckDB',
        value: own / theirs,
        unit: 'x',
        note: `ours: all signals; DuckDB: ${part}`,
      },
    ],
    notes: [
      'Ours computes every signal, the reason of every null, tiers, classes and scores; DuckDB the values of the signals below.',
      `DuckDB, accounts: ${compared.account.join(', ')}`,
      `DuckDB, users: ${compared.user.join(', ')}`,
    ],
  });
} finally {
  await warehouse.close();
  rmSync(folder, { recursive: true, force: true });
}
