import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { computeProfiles, dropProfiles } from '../../src/profile/profile.ts';
import { cutSlices, instantsAtOnce, SIZES, type SliceSize, slicesOf, type Weight } from '../../src/profile/slice.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { laidOutFolder } from '../laid-out.ts';
import { randomOf } from '../oracle/random.ts';
import type { WorldOptions } from '../oracle/random-options.ts';
import { type RandomWorld, randomWorld } from '../oracle/random-world.ts';
import { loadWorld, modelOf } from './load-world.ts';

let warehouse: OpenWarehouse;

beforeAll(async () => {
  warehouse = await openWarehouse({ directory: await laidOutFolder('warehouse') });
});

afterAll(() => warehouse.close());

const rowSchema = z.record(z.string(), z.unknown());

/** Worlds are measured several times over, each slice with all of its statements. */
const LONG_MILLIS = 300_000;

async function profiles(world: RandomWorld, asOf: Date, slice: SliceSize, entity?: 'account') {
  const run = 'division';
  const of = entity === undefined ? {} : { entity };
  const tables = await computeProfiles(warehouse, {
    model: modelOf(world),
    asOfs: [asOf.getTime()],
    run,
    slice,
    ...of,
  });
  try {
    const accounts = await warehouse.rows(`SELECT * FROM ${tables.accounts} ORDER BY account_id`, rowSchema);
    if (entity === 'account') return { accounts };
    const users = `SELECT * FROM ${tables.users} ORDER BY account_id, user_id`;
    return { accounts, users: await warehouse.rows(users, rowSchema) };
  } finally {
    await dropProfiles(warehouse, run);
  }
}

async function loaded(seed: number, options: WorldOptions): Promise<{ world: RandomWorld; asOf: Date }> {
  const world = randomWorld(seed, options);
  const [asOf] = world.asOfs;
  if (asOf === undefined) throw new Error('a random world has four as-ofs');
  await loadWorld(warehouse, world);
  return { world, asOf };
}

/** A few accounts by their users; a few by their events, of which some account alone has too many to list. */
const BY_USERS: SliceSize = { userRows: 12, events: 1_000_000 };
const BY_EVENTS: SliceSize = { userRows: 1_000_000, events: 40 };

test(
  'a division by users gives what is measured of all accounts together, where accounts and people are linked',
  async () => {
    const { world, asOf } = await loaded(51, { accounts: 4 });
    const whole = await profiles(world, asOf, SIZES.slice);
    expect(whole.users?.length).toBeGreaterThan(4);
    expect(await profiles(world, asOf, BY_USERS)).toEqual(whole);
  },
  LONG_MILLIS,
);

test(
  'a division by events gives it too, and one for profiles of accounts alone gives those',
  async () => {
    const families = { identities: false, accountLinks: false, exclusions: false };
    const { world, asOf } = await loaded(53, { accounts: 6, families });
    const whole = await profiles(world, asOf, SIZES.slice);
    expect(whole.users?.length).toBeGreaterThan(4);
    expect(await profiles(world, asOf, BY_EVENTS)).toEqual(whole);
    expect((await profiles(world, asOf, BY_USERS, 'account')).accounts).toEqual(whole.accounts);
  },
  LONG_MILLIS,
);

test('what is a little larger than a slice is measured together, and what is far larger is not', () => {
  const sizes = { together: { userRows: 90, events: 100 }, slice: { userRows: 60, events: 10 } };
  const weights: Weight[] = Array.from({ length: 10 }, () => ({ users: 3, events: 10 }));
  expect(slicesOf(weights, 1, sizes)).toEqual([]);
  expect(slicesOf(weights, 2, sizes)).toEqual(cutSlices(weights, 2, sizes.slice));
  expect(slicesOf([...weights, { users: 0, events: 1 }], 1, sizes).length).toBe(11);
  expect(slicesOf([], 1, sizes)).toEqual([]);
});

test('a cut has every account once, in order, and no slice is too large that could be smaller', () => {
  const random = randomOf(5);
  for (let round = 0; round < 200; round += 1) {
    const weights: Weight[] = Array.from({ length: random.int(0, 30) }, () => ({
      users: random.int(0, 40),
      events: random.int(0, 400),
    }));
    const instants = random.int(1, 14);
    const most = { userRows: random.int(1, 600), events: random.int(1, 900) };
    const slices = cutSlices(weights, instants, most);
    const places = slices.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index));
    expect(places).toEqual(weights.map((_, place) => place));
    for (const { from, to, events } of slices) {
      const held = weights.slice(from, to);
      const users = held.reduce((sum, weight) => sum + weight.users, 0);
      expect(events).toBe(held.reduce((sum, weight) => sum + weight.events, 0));
      expect(to - from === 1 || (users * (instants + 2) <= most.userRows && events <= most.events)).toBe(true);
    }
    const next = slices.slice(1).map(({ from }, index) => [slices[index], weights[from]] as const);
    for (const [slice, weight] of next) {
      const held = weights.slice(slice?.from, slice?.to);
      const users = held.reduce((sum, { users }) => sum + users, weight?.users ?? 0);
      const isFull =
        users * (instants + 2) > most.userRows || (slice?.events ?? 0) + (weight?.events ?? 0) > most.events;
      expect(isFull, 'a slice ends where the next account does not fit').toBe(true);
    }
  }
});

test('a small workspace is measured at as many instants as take half of a slice, a large one at fourteen', () => {
  const sizes = { together: SIZES.together, slice: { userRows: 1_000, events: 100 } };
  const of = (users: number, events: number) => instantsAtOnce([{ users, events }], sizes);
  expect([of(0, 0), of(1, 100), of(5, 0), of(10, 0), of(100, 0)]).toEqual([498, 498, 98, 48, 14]);
  expect([of(1, 101), instantsAtOnce([], sizes)]).toEqual([14, 14]);
  for (const users of [1, 7, 20, 31]) {
    const rows = (instants: number): number => users * (instants + 2);
    expect(rows(of(users, 0))).toBeLessThanOrEqual(500);
    expect(rows(of(users, 0) + 1)).toBeGreaterThan(500);
  }
});
