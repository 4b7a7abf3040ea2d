import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { computeProfiles, dropProfiles } from '../../src/profile/profile.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { laidOutFolder } from '../laid-out.ts';
import { acceptedFacts } from '../oracle/acceptance.ts';
import { type RandomWorld, randomWorld } from '../oracle/random-world.ts';
import type { Facts } from '../oracle/rows.ts';
import { addFacts, loadWorld, modelOf } from './load-world.ts';

let warehouse: OpenWarehouse;

beforeAll(async () => {
  warehouse = await openWarehouse({ directory: await laidOutFolder('warehouse') });
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

/** Worlds whose sources end on different days are measured many times over. */
const LONG_MILLIS = 300_000;

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
  LONG_MILLIS,
);

const DAY = 86_400_000;

/** Links and exclusions of the first change between the as-ofs; those of the second do not. */
test.each([
  [41, {}],
  [43, { families: { identities: false, accountLinks: false, exclusions: false } }],
])(
  'some accounts of world %i, measured as of many days at once, are measured as all accounts are, each day by itself',
  async (seed, options) => {
    const world = randomWorld(seed, { accounts: 8, ...options });
    const [last] = world.asOfs;
    if (last === undefined) throw new Error('a random world has four as-ofs');
    await loadWorld(warehouse, world);
    const names = [...new Set(acceptedFacts(world.facts).accounts.map((row) => row.account_id))].filter(odd);
    const only = `${warehouse.database}.scratch_few_names`;
    await warehouse.command(`DROP TABLE IF EXISTS ${only} SYNC`);
    const listed = names.map((name) => `'${name}'`).join(', ');
    await warehouse.command(`CREATE TABLE ${only} ENGINE = Memory AS SELECT arrayJoin([${listed}]) AS account_id`);
    const model = modelOf(world);
    const asOfs = Array.from({ length: 4 }, (_, index) => last.getTime() - 7 * index * DAY);
    const read = async (table: string, key: string) =>
      warehouse.rows(`SELECT * FROM ${table} WHERE account_id IN (${listed}) ORDER BY as_of, ${key}`, rowSchema);
    const few = await computeProfiles(warehouse, { model, asOfs, run: 'few', only, entity: 'account', chunk: 60 });
    const people = await computeProfiles(warehouse, { model, asOfs, run: 'people', only, entity: 'user', chunk: 60 });
    const all = await computeProfiles(warehouse, { model, asOfs, run: 'all', chunk: 1 });
    try {
      const accounts = await read(all.accounts, 'account_id');
      expect(accounts.length).toBeGreaterThan(0);
      expect(await read(few.accounts, 'account_id')).toEqual(accounts);
      expect(await read(people.users, 'account_id, user_id')).toEqual(await read(all.users, 'account_id, user_id'));
    } finally {
      for (const run of ['few', 'people', 'all']) await dropProfiles(warehouse, run);
    }
  },
  LONG_MILLIS,
);

/** Without links all instants of a world are measured together. */
const UNLINKED = { accounts: 12, families: { identities: false, accountLinks: false, exclusions: false } };

test(
  'a ranking that is kept is used as long as it is whole and no fact before its Monday has come in',
  async () => {
    const world = randomWorld(36, UNLINKED);
    const [asOf] = world.asOfs;
    if (asOf === undefined) throw new Error('a random world has four as-ofs');
    const accepted = acceptedFacts(world.facts);
    const names = [...new Set(accepted.accounts.map((row) => row.account_id))];
    const early = accepted.contracts.filter((row, index) => !odd(row, index));
    const rankings = `${warehouse.database}.rankings`;
    const word = () => warehouse.rows(`SELECT argMax(facts, computed_at) AS word FROM ${rankings}`, rowSchema);
    await warehouse.command(`TRUNCATE TABLE ${rankings}`);
    await loadWorld(warehouse, { ...world, facts: { ...accepted, contracts: early } });
    const first = await profiles(world, asOf, null, names);
    const kept = await word();
    expect(kept).not.toEqual([{ word: '' }]);
    await warehouse.command(`DELETE FROM ${rankings} WHERE place = 1`);
    expect(await profiles(world, asOf, null, names), 'a part of a ranking is none').toEqual(first);
    expect(await word()).toEqual(kept);
    await addFacts(warehouse, world, { ...emptied(accepted), contracts: accepted.contracts.filter(odd) });
    await profiles(world, asOf, null, names);
    expect(await word()).not.toEqual(kept);
  },
  LONG_MILLIS,
);

function emptied(facts: Facts): Facts {
  return Object.fromEntries(Object.keys(facts).map((table) => [table, []])) as unknown as Facts;
}
