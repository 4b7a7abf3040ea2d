import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { computeProfiles, dropProfiles } from '../../src/profile/profile.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { laidOutFolder } from '../laid-out.ts';
import { cutWorld } from '../oracle/cut-world.ts';
import { randomWorld } from '../oracle/random-world.ts';
import { loadWorld, modelOf } from './load-world.ts';
import { differences, profilesOf } from './parity.ts';

let warehouse: OpenWarehouse;

beforeAll(async () => {
  warehouse = await openWarehouse({ directory: await laidOutFolder('warehouse') });
});

afterAll(() => warehouse.close());

/** Two statements of every signal, one in SQL and one naive, in worlds of all kinds; each at two of its as-ofs. */
test.each([1, 2, 3, 4, 5, 6])('signals, tiers and classes of random world %i are those of the oracle', async (seed) => {
  const world = randomWorld(seed);
  await loadWorld(warehouse, world);
  for (const asOf of [world.asOfs[0], world.asOfs[seed % 2 === 0 ? 3 : 1]]) {
    if (asOf === undefined) throw new Error('a random world has four as-ofs');
    expect(await differences(warehouse, world, asOf), asOf.toISOString()).toEqual([]);
  }
});

/** X02: facts after the as-of change nothing. Coverage is stated, since it is told by the whole source. */
test.each([11, 12])('world %i cut at the as-of gives what the whole world gives', async (seed) => {
  const world = randomWorld(seed, { families: { coverage: true } });
  const asOf = world.asOfs[1];
  if (asOf === undefined) throw new Error('a random world has four as-ofs');
  const cut = cutWorld(world, asOf);
  await loadWorld(warehouse, world);
  const whole = await profilesOf(warehouse, world, asOf);
  await loadWorld(warehouse, cut);
  expect(await profilesOf(warehouse, cut, asOf)).toEqual(whole);
});

test('a panel of instants gives what each instant alone gives', async () => {
  const world = randomWorld(9);
  await loadWorld(warehouse, world);
  const end = world.asOfs[0];
  if (end === undefined) throw new Error('a random world has four as-ofs');
  const weeks = [21, 14, 7, 0].map((days) => new Date(end.getTime() - days * 86_400_000));
  const panel = await profilesOf(warehouse, world, ...weeks);
  const single = [];
  for (const week of weeks) single.push(...(await profilesOf(warehouse, world, week)));
  expect(panel).toEqual(single.sort((a, b) => (a.key < b.key ? -1 : 1)));
});

test('accounts measured apart give what they give among all', async () => {
  const world = randomWorld(6);
  await loadWorld(warehouse, world);
  const asOf = world.asOfs[0];
  if (asOf === undefined) throw new Error('a random world has four as-ofs');
  const all = (await profilesOf(warehouse, world, asOf)).filter((row) => row['user_id'] === undefined);
  const chosen = all.slice(0, 3).map((row) => String(row['account_id']));
  const only = `${warehouse.database}.scratch_chosen`;
  const names = chosen.map((name) => `'${name}'`).join(', ');
  await warehouse.command(`CREATE TABLE ${only} ENGINE = Memory AS SELECT arrayJoin([${names}]) AS account_id`);
  const model = modelOf(world);
  const tables = await computeProfiles(warehouse, { model, asOfs: [asOf.getTime()], run: 'apart', only });
  const apart = await warehouse.rows(
    `SELECT * FROM ${tables.accounts} ORDER BY account_id`,
    z.record(z.string(), z.unknown()),
  );
  const among = all.filter((row) => chosen.includes(String(row['account_id']))).map(({ key: _, ...row }) => row);
  const byAccount = (a: Record<string, unknown>, b: Record<string, unknown>) =>
    String(a['account_id']) < String(b['account_id']) ? -1 : 1;
  expect(apart.sort(byAccount)).toEqual(among.sort(byAccount));
  await dropProfiles(warehouse, 'apart');
});
