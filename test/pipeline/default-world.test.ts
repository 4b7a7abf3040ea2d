import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseModel } from '../../src/definition/parse.ts';
import { openLedger } from '../../src/ledger/open.ts';
import type { Engines } from '../../src/pipeline/engines.ts';
import { type ImportAnswer, importFacts } from '../../src/pipeline/import.ts';
import { runModel } from '../../src/pipeline/run.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { countExcluded } from '../../src/profile/excluded_count.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import type { Truth } from '../../src/simulate/truth.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { scratchFolder } from '../scratch.ts';

const END = Date.UTC(2026, 10, 22);
const now = new Date(END + 43_200_000);

let engines: Engines;
let truth: Truth;
let imported: ImportAnswer;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const directory = scratchFolder();
  truth = await simulate({ seed: 1, end: '2026-11-21' }, directory);
  const text = readFileSync(join(directory, 'bellwether.yaml'), 'utf8');
  const { model } = parseModel(text, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error('the simulated model is refused');
  const warehouse = await openWarehouse({ directory: join(directory, '.bellwether') });
  const ledger = await openLedger({ directory: join(directory, '.bellwether') });
  closing.push(
    () => warehouse.close(),
    () => ledger.close(),
  );
  const brief = { ...model, assignment: { ...model.assignment, windowDays: 1 } };
  engines = { model: brief, modelText: text, warehouse, ledger, run: 'test' };
  const options = { environment: () => undefined, now };
  imported = await importFacts({ warehouse, ledger, model, directory }, options, 'test');
});

afterAll(async () => {
  for (const close of closing) await close();
});

test('no segment of the shipped model is empty in the default world, Strategic and Efficient among them', async () => {
  const report = await runModel(engines, { asOf: END, now });
  expect(report.segments.map(({ name }) => name)).toContain('Efficient');
  expect(report.segments.filter(({ accounts }) => accounts === 0)).toEqual([]);
});

test('internal, test and demo traffic is counted as planted', async () => {
  const { warehouse, model } = engines;
  expect(imported.excluded).toEqual({
    users: truth.excluded.users.length,
    accounts: truth.excluded.accounts.length,
    events: truth.counts.events.excluded,
  });
  const without = { ...model, exclude: { users: null, accounts: null } };
  expect(await countExcluded(warehouse, without, 'test', now.getTime())).toBeNull();
});
