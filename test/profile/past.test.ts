import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { Past, type PastRows } from '../../src/profile/past.ts';
import { computeProfiles, dropProfiles, type ProfileTables } from '../../src/profile/profile.ts';
import { answerNames } from '../../src/segment/answer.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { laidOutFolder } from '../laid-out.ts';
import { acceptedFacts } from '../oracle/acceptance.ts';
import { randomWorld } from '../oracle/random-world.ts';
import type { Facts } from '../oracle/rows.ts';
import { addFacts, loadWorld, modelOf } from './load-world.ts';

const HOUR = 3_600_000;
const rowSchema = z.record(z.string(), z.unknown());
let warehouse: OpenWarehouse;

beforeAll(async () => {
  warehouse = await openWarehouse({ directory: await laidOutFolder('warehouse') });
});

afterAll(() => warehouse.close());

const world = randomWorld(36, {
  accounts: 12,
  families: { identities: false, accountLinks: false, exclusions: false },
});
const model = modelOf(world);
/** After every source has ended, each on its own day. */
const asOf = Math.max(...world.asOfs.map((day) => day.getTime())) + 40 * 24 * HOUR;

/** Measures, hands the tables over while they live, and gives the rows of the touched accounts. */
async function measured(
  request: { at: number; only?: string | null; past?: PastRows | null; signals?: ReadonlySet<string> },
  use: (tables: ProfileTables) => Promise<void> = () => Promise.resolve(),
) {
  const { at, ...rest } = request;
  const run = 'past';
  const tables = await computeProfiles(warehouse, { model, asOfs: [at], run, ...rest });
  try {
    await use(tables);
    const order = `WHERE account_id IN (SELECT account_id FROM ${touched}) ORDER BY account_id`;
    return {
      accounts: await warehouse.rows(`SELECT * FROM ${tables.accounts} ${order}`, rowSchema),
      users: await warehouse.rows(`SELECT * FROM ${tables.users} ${order}, user_id`, rowSchema),
    };
  } finally {
    await dropProfiles(warehouse, run);
  }
}

const names = [...new Set(acceptedFacts(world.facts).accounts.map((row) => row.account_id))].slice(0, 4);
const touched = 'few_accounts';

async function loadTouched(): Promise<void> {
  await loadWorld(warehouse, world);
  await warehouse.command(`CREATE OR REPLACE TABLE ${touched} (account_id String) ENGINE = Memory`);
  await warehouse.insertRows(
    touched,
    names.map((account_id) => ({ account_id })),
  );
}

const noFacts = (): Facts =>
  Object.fromEntries(Object.keys(world.facts).map((table) => [table, []])) as unknown as Facts;

test('rows of the past say what measuring them again says, until a fact before them comes in and they are renewed', async () => {
  await loadTouched();
  const only = `${warehouse.database}.${touched}`;
  const past = new Past(warehouse, 'test');
  await measured({ at: asOf }, (tables) => past.replace(tables.measured));
  expect(past.latest).toBeLessThan(asOf);
  const kept = past.rowsFor(names);
  expect(kept?.instants.size).toBeGreaterThan(0);
  const later = { at: asOf + HOUR, only };
  expect(await measured({ ...later, past: kept })).toEqual(await measured(later));

  const [account_id = ''] = names;
  const earliest = Math.min(...(kept?.instants ?? []));
  const event = acceptedFacts(world.facts).events.find((row) => row.account_id === account_id);
  const late = Array.from({ length: 50 }, (_, index) => ({ ...event, time: new Date(earliest - HOUR - index) }));
  await addFacts(warehouse, world, { ...noFacts(), events: late } as unknown as Facts);
  const whole = await measured(later);
  expect(await measured({ ...later, past: kept }), 'rows that nobody spoiled are taken as they are').not.toEqual(whole);

  past.spoil([account_id]);
  expect(past.rowsFor(names)).toBeNull();
  expect(past.rowsFor(names.slice(1))).not.toBeNull();
  expect(await measured(later, (tables) => past.renew(tables.measured, only, names))).toEqual(whole);
  expect(await measured({ ...later, past: past.rowsFor(names) })).toEqual(whole);
  await past.drop();
  expect(past.rowsFor(names)).toBeNull();
});

test('rows made under another coverage are not taken', async () => {
  await loadTouched();
  const only = `${warehouse.database}.${touched}`;
  const past = new Past(warehouse, 'test');
  await measured({ at: asOf }, (tables) => past.replace(tables.measured));
  const rows = past.rowsFor(names);
  if (rows === null) throw new Error('the sources of this world end before the as-of');
  const later = { at: asOf + HOUR, only };
  const plain = await measured(later);
  await warehouse.command(`TRUNCATE TABLE ${rows.accounts}`);
  expect(await measured({ ...later, past: rows }), 'they are taken').not.toEqual(plain);
  expect(await measured({ ...later, past: { ...rows, covered: 'otherwise' } })).toEqual(plain);
  await past.drop();
});

test('what is asked for is what measuring all signals gives, and nothing else has a column', async () => {
  await loadTouched();
  const signals = new Set(answerNames(model));
  const whole = { at: asOf, only: null };
  const few = { at: Math.min(...world.asOfs.map((day) => day.getTime())), only: `${warehouse.database}.${touched}` };
  for (const request of [whole, few]) {
    const all = await measured(request);
    const some = await measured({ ...request, signals });
    const columns = Object.keys(some.accounts[0] ?? {});
    expect(columns.length).toBeLessThan(Object.keys(all.accounts[0] ?? {}).length);
    expect(columns).toContain('cohort');
    for (const side of ['accounts', 'users'] as const) {
      // What is assumed of a signal that nobody asked for, nobody asked for.
      const named = Object.keys(some[side][0] ?? {}).filter((name) => name !== 'assumed');
      const ofNames = (row: Record<string, unknown>) => Object.fromEntries(named.map((name) => [name, row[name]]));
      expect(some[side].map(ofNames)).toEqual(all[side].map(ofNames));
    }
  }
});
