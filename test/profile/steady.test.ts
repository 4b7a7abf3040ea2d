import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import type { Model } from '../../src/definition/model.ts';
import { parseModel } from '../../src/definition/parse.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { computeProfiles, dropProfiles } from '../../src/profile/profile.ts';
import { decliningWorld, steadyWorld } from '../../src/simulate/steady.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { laidOutFolder } from '../laid-out.ts';
import { collectRows } from '../simulate/rows.ts';
import { loadRows } from './load-world.ts';

const DAY = 86_400_000;
const END = Date.UTC(2026, 10, 22);
const options = { seed: 7, accounts: 120, end: '2026-11-21' };

let warehouse: OpenWarehouse;
let model: Model;

beforeAll(async () => {
  warehouse = await openWarehouse({ directory: await laidOutFolder('warehouse') });
  const parsed = parseModel(writeDefaultModel(), { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (parsed.model === null) throw new Error(JSON.stringify(parsed.diagnostics));
  model = parsed.model;
});

afterAll(() => warehouse.close());

const cohortSchema = z.object({ account_id: z.string(), cohort: z.string().nullable() });

async function cohorts(asOfs: readonly number[]): Promise<z.infer<typeof cohortSchema>[]> {
  const tables = await computeProfiles(warehouse, { model, asOfs, run: 'steady' });
  try {
    return await warehouse.rows(`SELECT account_id, cohort FROM ${tables.accounts}`, cohortSchema);
  } finally {
    await dropProfiles(warehouse, 'steady');
  }
}

/** The last 17 weeks, once enough history stands before them; every fourth day. */
const everyFourthDay = Array.from({ length: 30 }, (_, index) => END - index * 4 * DAY);

test('where nothing changes, under 1% of account-days are At Risk', async () => {
  await loadRows(warehouse, collectRows(steadyWorld(options)).tables);
  const judged = (await cohorts(everyFourthDay)).filter(({ cohort }) => cohort !== null);
  const atRisk = judged.filter(({ cohort }) => cohort === 'At Risk').length;
  expect(judged.length).toBeGreaterThan(2500);
  expect(atRisk / judged.length).toBeLessThan(0.01);
});

test('the same accounts falling to 30% are found, nine in ten of those with ten users or more', async () => {
  const world = collectRows(decliningWorld(options));
  await loadRows(warehouse, world.tables);
  const large = new Set(world.result.filter(({ users }) => users >= 10).map(({ accountId }) => accountId));
  const alarms = (await cohorts(everyFourthDay)).filter(({ cohort }) => cohort === 'At Risk');
  const found = new Set(alarms.map(({ account_id }) => account_id).filter((account) => large.has(account)));
  expect(large.size).toBeGreaterThan(60);
  expect(found.size / large.size).toBeGreaterThanOrEqual(0.9);
});
