// A weekly panel of all signals against one as-of: `npx tsx bench/panel.ts [--weeks 52]`.
import { computeProfiles, dropProfiles, type ProfileTables } from '../src/profile/profile.ts';
import { mustEqual } from './compare.ts';
import { medianSeconds, peakMegabytes, progress, readSize, report, seconds, versionsOf } from './measure.ts';
import { openWorld, RUN, type World } from './world.ts';

const WEEK_MS = 7 * 86_400_000;
const BAR_AT_WEEKS = 52;
const PANEL = `${RUN}_panel`;
const SINGLE = `${RUN}_single`;

function compute({ warehouse, model }: World, run: string, asOfs: readonly number[]): Promise<ProfileTables> {
  return computeProfiles(warehouse, { model, run, asOfs });
}

/** Throws unless the panel says of its first, middle and last week what a computation of that week alone says. */
async function checkPanel(world: World, panel: ProfileTables, weeks: readonly number[]): Promise<void> {
  for (const week of new Set([weeks.at(0), weeks.at(weeks.length >> 1), weeks.at(-1)])) {
    if (week === undefined) continue;
    const single = await compute(world, SINGLE, [week]);
    for (const [table, key] of [
      ['accounts', ['account_id']],
      ['users', ['account_id', 'user_id']],
    ] as const) {
      const left = `(SELECT * FROM ${panel[table]} WHERE as_of = ${week})`;
      await mustEqual(world.warehouse, `${table} of a panel and of one week`, { left, right: single[table], key });
    }
    await dropProfiles(world.warehouse, SINGLE);
  }
}

const { size, runs, weeks: count } = readSize();
const world = await openWorld(size);
const { warehouse, asOf } = world;
const weeks = Array.from({ length: count }, (_, index) => asOf - (count - 1 - index) * WEEK_MS);
try {
  const first = await seconds(async () => checkPanel(world, await compute(world, PANEL, weeks), weeks));
  await dropProfiles(warehouse, PANEL);
  progress(`panel and its check ${first.toFixed(2)} s; equal`);
  const single = await medianSeconds(runs, async () => {
    await compute(world, SINGLE, [asOf]);
    await dropProfiles(warehouse, SINGLE);
  });
  progress(`one as-of ${single.toFixed(2)} s`);
  const panel = await seconds(async () => {
    await compute(world, PANEL, weeks);
    await dropProfiles(warehouse, PANEL);
  });
  progress(`panel ${panel.toFixed(2)} s, ${(panel / single).toFixed(1)} x`);
  report({
    row: 'panel',
    sizes: { ...world.rows, weeks: count },
    versions: await versionsOf(warehouse),
    isEqual: true,
    figures: [
      { what: 'one as-of', value: single, unit: 's' },
      { what: `panel of ${count} weeks`, value: panel, unit: 's' },
      {
        what: 'panel against one as-of',
        value: panel / single,
        unit: 'x',
        ...(count === BAR_AT_WEEKS ? { below: 30 } : {}),
      },
      { what: 'peak memory of the engine', value: peakMegabytes(warehouse.engine.pid()), unit: 'MB' },
    ],
    notes: ['The panel was compared with single computations of its first, middle and last week before it was timed.'],
  });
} finally {
  await warehouse.close();
}
