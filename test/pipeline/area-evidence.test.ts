import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import { parseModel } from '../../src/definition/parse.ts';
import { openLedger } from '../../src/ledger/open.ts';
import { readAreaEvidence, refreshAreaEvidence } from '../../src/pipeline/area-evidence.ts';
import type { Engines } from '../../src/pipeline/engines.ts';
import { lastArrivals } from '../../src/pipeline/last-arrivals.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { laidOutFolder } from '../laid-out.ts';
import { loadRows } from '../profile/load-world.ts';
import { worldRows } from '../simulate/rows.ts';

const END = Date.UTC(2026, 10, 22);
const now = new Date(END + 43_200_000);
const text = writeDefaultModel();

let engines: Engines;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const { model } = parseModel(text, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error('the default model is refused');
  const directory = await laidOutFolder('warehouse', 'ledger');
  const warehouse = await openWarehouse({ directory });
  const ledger = await openLedger({ directory });
  closing.push(
    () => warehouse.close(),
    () => ledger.close(),
  );
  engines = { model, modelText: text, warehouse, ledger, run: 'test' };
  await loadRows(warehouse, worldRows({ seed: 4, accounts: 60, end: '2026-11-21', months: 14 }).tables);
});

afterAll(async () => {
  for (const close of closing) await close();
});

test('evidence on areas is kept under the model, told for every area and home segment, and the latest counts', async () => {
  expect(await readAreaEvidence(engines)).toEqual({ computedAt: null, rows: [] });
  const found = await refreshAreaEvidence(engines, END, now);
  const areas = engines.model.taxonomy.features.map(({ name }) => name);
  const overall = found.rows.filter(({ segment }) => segment === null);
  expect(overall.map(({ area }) => area)).toEqual(areas);
  expect(new Set(found.rows.map(({ segment }) => segment))).toEqual(
    new Set([null, 'Strategic', 'Growth', 'Efficient', 'Long-Tail']),
  );
  const counted = (segment: string | null) => {
    const row = found.rows.find((one) => one.area === 'reporting' && one.segment === segment);
    return (row?.accounts[0] ?? 0) + (row?.accounts[1] ?? 0);
  };
  const within = ['Strategic', 'Growth', 'Efficient', 'Long-Tail'].reduce((sum, segment) => sum + counted(segment), 0);
  expect(within).toBeGreaterThan(0);
  expect(within).toBeLessThanOrEqual(counted(null));
  // Sixty accounts have too few outcomes within any segment: refused, and so not held.
  expect(found.rows.filter(({ segment, verdict }) => segment !== null && verdict === 'holds')).toEqual([]);

  const byArea = (a: { segment: string | null; area: string }, b: typeof a) =>
    `${a.segment ?? ''} ${a.area}` < `${b.segment ?? ''} ${b.area}` ? -1 : 1;
  expect(await readAreaEvidence(engines)).toEqual({ computedAt: now.getTime(), rows: [...found.rows].sort(byArea) });
  const later = new Date(now.getTime() + 1_000);
  const again = await refreshAreaEvidence(engines, END, later);
  expect(again.rows).toEqual(found.rows);
  expect((await readAreaEvidence(engines)).computedAt).toBe(later.getTime());
  expect(
    (await readAreaEvidence({ ...engines, model: { ...engines.model, version: 'another' } })).computedAt,
  ).toBeNull();
});

test('the last arrival of every input is told by table and source', async () => {
  const arrivals = await lastArrivals(engines);
  const events = arrivals.find(({ table }) => table === 'events');
  expect(Date.parse(events?.happenedAt ?? '')).toBeGreaterThan(END - 86_400_000);
  expect(Date.parse(events?.happenedAt ?? '')).toBeLessThan(END);
  expect(Date.parse(events?.receivedAt ?? '')).toBeGreaterThan(0);
  expect(arrivals.map(({ table }) => table)).toContain('contracts');
});
