import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { computeProfiles, dropProfiles } from '../../src/profile/profile.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { acceptedFacts } from '../oracle/acceptance.ts';
import { type RandomWorld, randomWorld } from '../oracle/random-world.ts';
import type { Facts } from '../oracle/rows.ts';
import { scratchFolder } from '../scratch.ts';
import { addFacts, loadWorld, modelOf } from './load-world.ts';

let warehouse: OpenWarehouse;

beforeAll(async () => {
  warehouse = await openWarehouse({ directory: scratchFolder() });
});

afterAll(() => warehouse.close());

/** Accounts to which something happens after the first computation, and one to which nothing does. */
interface Parts {
  readonly before: Facts;
  readonly after: Facts;
  readonly touched: readonly string[];
}

const odd = (_: unknown, index: number) => index % 2 === 1;

/**
 * Cuts a world in two: what is there at first, and what comes in later of every other account: every third event (late
 * ones and new ones), a whole person, amendments of contracts, later links between people and accounts, costs and traits.
 */
function cutInTwo({ facts }: RandomWorld): Parts {
  const accepted = acceptedFacts(facts);
  const named = [...accepted.accounts, ...accepted.events, ...accepted.contracts].map((row) => row.account_id ?? '');
  const names = [...new Set(named)].filter((name) => name !== '');
  const chosen = new Set(names.filter(odd));
  const isOf = (row: { readonly account_id?: string | null }) => chosen.has(row.account_id ?? '');
  const person = accepted.users.find(isOf)?.user_id ?? '';
  const isLater = (table: string, row: object, index: number): boolean => {
    const { account_id, user_id, from } = row as { account_id?: string; user_id?: string; from?: Date | null };
    if (table === 'identities' || table === 'account_links') return index % 2 === 1;
    if (table === 'traits') return index % 3 === 0 && from != null;
    if (!isOf({ account_id: account_id ?? '' })) return false;
    if (user_id !== undefined && user_id === person && person !== '') return true;
    if (table === 'events') return index % 3 === 0;
    return ['contracts', 'costs', 'tickets', 'nps', 'notes'].includes(table) && index % 2 === 1;
  };
  const pick = (wanted: boolean): Facts =>
    Object.fromEntries(
      Object.entries(accepted).map(([table, rows]) => [
        table,
        (rows as readonly object[]).filter((row, index) => isLater(table, row, index) === wanted),
      ]),
    ) as unknown as Facts;
  const untouched = names.find((name) => !chosen.has(name)) ?? '';
  return { before: pick(false), after: pick(true), touched: [...chosen, untouched] };
}

const rowSchema = z.record(z.string(), z.unknown());

async function profiles(world: RandomWorld, asOf: Date, only: string | null, names: readonly string[]) {
  const run = only === null ? 'whole' : 'refreshed';
  const listed = names.map((name) => `'${name}'`).join(', ');
  const tables = await computeProfiles(warehouse, { model: modelOf(world), asOfs: [asOf.getTime()], run, only });
  try {
    const ofTouched = `WHERE account_id IN (${listed})`;
    const accounts = `SELECT * FROM ${tables.accounts} ${only === null ? ofTouched : ''} ORDER BY account_id`;
    const users = `SELECT * FROM ${tables.users} ${only === null ? ofTouched : ''} ORDER BY account_id, user_id`;
    return { accounts: await warehouse.rows(accounts, rowSchema), users: await warehouse.rows(users, rowSchema) };
  } finally {
    await dropProfiles(warehouse, run);
  }
}

/** What is kept was made before the later facts came in, and at another as-of too. */
test.each([
  [31, 1, 0],
  [32, 1, 3],
  [33, 2, 1],
  [34, 0, 0],
])(
  'after late events, a new person, links and amendments a refresh of world %i says what a full run says',
  async (seed, earlier, at) => {
    const world = randomWorld(seed, { accounts: 12 });
    const { before, after, touched } = cutInTwo(world);
    const [first, asOf] = [world.asOfs[earlier], world.asOfs[at]];
    if (first === undefined || asOf === undefined) throw new Error('a random world has four as-ofs');
    const only = `${warehouse.database}.scratch_touched_names`;
    const names = touched.map((name) => `'${name}'`).join(', ');
    await warehouse.command(`DROP TABLE IF EXISTS ${only} SYNC`);
    await warehouse.command(`CREATE TABLE ${only} ENGINE = Memory AS SELECT arrayJoin([${names}]) AS account_id`);
    await loadWorld(warehouse, { ...world, facts: before });
    await profiles(world, first, null, touched);
    await addFacts(warehouse, world, after);
    const refreshed = await profiles(world, asOf, only, touched);
    await warehouse.command(`TRUNCATE TABLE ${warehouse.database}.rankings`);
    const whole = await profiles(world, asOf, null, touched);
    expect(refreshed).toEqual(whole);
    expect(whole.users.length).toBeGreaterThan(0);
  },
);

test('a ranking that is kept is not used once a contract known before its Monday has come in', async () => {
  const world = randomWorld(36, { accounts: 12 });
  const [asOf] = world.asOfs;
  if (asOf === undefined) throw new Error('a random world has as-ofs');
  const accepted = acceptedFacts(world.facts);
  const late = accepted.contracts.filter(odd);
  await warehouse.command(`TRUNCATE TABLE ${warehouse.database}.rankings`);
  await loadWorld(warehouse, {
    ...world,
    facts: { ...accepted, contracts: accepted.contracts.filter((c, i) => !odd(c, i)) },
  });
  const kept = () => warehouse.rows(`SELECT DISTINCT facts FROM ${warehouse.database}.rankings`, rowSchema);
  await profiles(world, asOf, null, ['']);
  const first = await kept();
  await profiles(world, asOf, null, ['']);
  expect(await kept()).toEqual(first);
  await addFacts(warehouse, world, { ...emptied(accepted), contracts: late });
  await profiles(world, asOf, null, ['']);
  expect((await kept()).length).toBe(2);
});

function emptied(facts: Facts): Facts {
  return Object.fromEntries(Object.keys(facts).map((table) => [table, []])) as unknown as Facts;
}
