import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import type { Model } from '../../src/definition/model.ts';
import { parseModel } from '../../src/definition/parse.ts';
import { scopeOf } from '../../src/definition/scopes.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { computeProfiles, dropProfiles } from '../../src/profile/profile.ts';
import type { Value } from '../../src/rule/condition.ts';
import { readAnswers, writeAnswers } from '../../src/segment/answer.ts';
import { decide, reclassify, type Situation } from '../../src/segment/decision.ts';
import { smallestChange } from '../../src/segment/smallest_change.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { laidOutFolder } from '../laid-out.ts';
import { profileOf } from '../oracle/profile.ts';
import { randomWorld } from '../oracle/random-world.ts';
import { loadRows, loadWorld, modelOf } from '../profile/load-world.ts';
import { worldRows } from '../simulate/rows.ts';

let warehouse: OpenWarehouse;

beforeAll(async () => {
  warehouse = await openWarehouse({ directory: await laidOutFolder('warehouse') });
});

afterAll(() => warehouse.close());

const row = z.record(z.string(), z.unknown());

async function answered(model: Model, asOf: number) {
  try {
    const tables = await computeProfiles(warehouse, { model, asOfs: [asOf], run: 'answers' });
    await writeAnswers(warehouse, model, SIGNAL_CATALOGUE, tables.accounts, [asOf], asOf);
    const profiles = await warehouse.rows(`SELECT * FROM ${tables.accounts}`, row);
    return { profiles, answers: await readAnswers(warehouse, model.version, asOf, asOf) };
  } finally {
    await dropProfiles(warehouse, 'answers');
  }
}

function valuesOf(profile: Readonly<Record<string, unknown>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(profile).map(([name, value]) => [name, value as Value]));
}

test.each([21, 22, 23])(
  'the answers of random world %i are those of the oracle, and of the decision in memory',
  async (seed) => {
    const world = randomWorld(seed);
    const model = modelOf(world);
    await loadWorld(warehouse, world);
    const asOf = world.asOfs[0];
    if (asOf === undefined) throw new Error('a random world has as-ofs');
    const { profiles, answers } = await answered(model, asOf.getTime());
    const expected = profileOf(world, asOf).accounts;
    expect(
      answers.map(({ accountId, home, raw, likely }) => ({ accountId, home, raw, likely })).sort(byAccount),
    ).toEqual(
      expected
        .map(({ account_id, home, raw, likely_segment }) => ({
          accountId: account_id,
          home,
          raw,
          likely: likely_segment,
        }))
        .sort(byAccount),
    );
    const situation: Situation = { model, asOf, typeOf: scopeOf('account', model, SIGNAL_CATALOGUE).typeOf };
    for (const answer of answers.filter(({ relationship }) => relationship === 'customer')) {
      const profile = profiles.find((candidate) => candidate['account_id'] === answer.accountId) ?? {};
      const values = valuesOf(profile);
      expect(decide(values, situation)).toMatchObject({ home: answer.home, raw: answer.raw });
      const again = reclassify(values, situation);
      for (const name of ['cohort', 'archetype', 'size_band']) expect(again.get(name), name).toBe(profile[name]);
    }
  },
);

test('the smallest change does what it says, and nothing smaller does', async () => {
  const end = '2026-11-21';
  await loadRows(warehouse, worldRows({ seed: 3, accounts: 60, end }).tables);
  const parsed = parseModel(writeDefaultModel(), { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  const { model } = parsed;
  if (model === null) throw new Error(JSON.stringify(parsed.diagnostics));
  const asOf = new Date(`${end}T00:00:00Z`);
  const { profiles } = await answered(model, asOf.getTime());
  const situation: Situation = { model, asOf, typeOf: scopeOf('account', model, SIGNAL_CATALOGUE).typeOf };
  const movable = new Set(
    SIGNAL_CATALOGUE.filter((entry) => entry.isMovable && entry.entity === 'account').map((entry) => entry.name),
  );
  let found = 0;
  for (const profile of profiles.filter((candidate) => candidate['relationship'] === 'customer')) {
    const values = valuesOf(profile);
    const change = smallestChange(values, situation, { isMovable: (name) => movable.has(name), spreadOf: () => 1 });
    if (change === null) continue;
    found += 1;
    const changed = new Map(values);
    for (const { name, to } of change.changes) changed.set(name, to);
    expect(decide(reclassify(changed, situation), situation).raw).toBe(change.to);
    expect(change.to).not.toBe(decide(values, situation).raw);
    for (const { name } of change.changes) expect(movable.has(name)).toBe(true);
    for (const left of change.changes.length > 1 ? change.changes : []) {
      const fewer = new Map(values);
      for (const { name, to } of change.changes) if (name !== left.name) fewer.set(name, to);
      expect(decide(reclassify(fewer, situation), situation).raw).toBe(decide(values, situation).raw);
    }
  }
  expect(found).toBeGreaterThan(10);
});

function byAccount(a: { readonly accountId: string }, b: { readonly accountId: string }): number {
  return a.accountId < b.accountId ? -1 : 1;
}
