// All signals of all accounts and users at one as-of: `npx tsx bench/signals.ts [--accounts 5000 --events 20000000]`.
import { computeProfiles, dropProfiles } from '../src/profile/profile.ts';
import { medianSeconds, peakMegabytes, progress, readSize, report, seconds, timed, versionsOf } from './measure.ts';
import { openWorld, type World } from './world.ts';

const DAY_MS = 86_400_000;
const RUN = 'bench';

/** One pass of the engine over the 90 days that the signals look at: what nothing that reads them can undercut by much. */
function passSql({ warehouse, asOf }: World): string {
  const within = (ms: number) => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`;
  return `SELECT account_id, user_id, toDate(time), event, count() FROM ${warehouse.database}.events
    WHERE time >= ${within(asOf - 90 * DAY_MS)} AND time < ${within(asOf)} GROUP BY ALL FORMAT Null`;
}

async function signals({ warehouse, model, asOf }: World): Promise<void> {
  await computeProfiles(warehouse, { model, asOfs: [asOf], run: RUN });
  await dropProfiles(warehouse, RUN);
}

const { size, runs, statements } = readSize();
const world = await openWorld(size);
try {
  const own = await medianSeconds(runs, () => signals(world));
  const memory = peakMegabytes(world.warehouse.engine.pid());
  progress(`signals ${own.toFixed(2)} s, peak ${memory} MB`);
  const pass = await medianSeconds(runs, () => world.warehouse.command(passSql(world)));
  progress(`pass ${pass.toFixed(2)} s`);
  if (statements) {
    const times = new Map<string, number>();
    const total = await seconds(() => signals({ ...world, warehouse: timed(world.warehouse, times) }));
    for (const [name, time] of [...times].sort((a, b) => b[1] - a[1]).slice(0, 25)) {
      progress(`${time.toFixed(2).padStart(8)} s ${((100 * time) / total).toFixed(0).padStart(3)}%  ${name}`);
    }
  }
  report({
    row: 'signals',
    sizes: world.rows,
    versions: await versionsOf(world.warehouse),
    figures: [
      { what: 'all signals, one as-of', value: own, unit: 's', below: 40 },
      { what: 'one pass over 90 days', value: pass, unit: 's' },
      { what: 'all signals against the pass', value: own / pass, unit: 'x', below: 20 },
      { what: 'peak memory of the engine', value: memory, unit: 'MB', below: 4000 },
    ],
    notes: [],
  });
} finally {
  await world.warehouse.close();
}
