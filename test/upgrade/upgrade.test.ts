import { expect, test } from 'vitest';
import { z } from 'zod';
import { openLedger } from '../../src/ledger/open.ts';
import { readSuppressions } from '../../src/pipeline/suppression.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { scratchFolder } from '../scratch.ts';
import {
  contentOf,
  FIRST_LEDGER,
  FIRST_WAREHOUSE,
  hashOf,
  LEDGER_STEPS,
  ledgerHash,
  makeFirstWorkspace,
  WAREHOUSE_STEPS,
  warehouseHash,
} from './first-layout.ts';

const text = z.object({ h: z.string() });
const steps = z.object({ step: z.string() });

test('steps that somebody may have are as they were, and later ones stand after them', () => {
  const warehouse = WAREHOUSE_STEPS.map(({ name, checksum }): [string, string] => [name, checksum]);
  expect(Object.fromEntries(warehouse.slice(0, Object.keys(FIRST_WAREHOUSE).length))).toEqual(FIRST_WAREHOUSE);
  const ledger = LEDGER_STEPS.map((step): [string, string] => [step.name, hashOf(step)]);
  expect(Object.fromEntries(ledger.slice(0, Object.keys(FIRST_LEDGER).length))).toEqual(FIRST_LEDGER);
});

test('a workspace of the first layout opens with every step applied, and holds what it held', async () => {
  const directory = scratchFolder();
  const before = await makeFirstWorkspace(directory);
  expect(before.warehouse['events']).toMatch(/^[1-9]\d{2,} /);
  const [warehouse, ledger] = await Promise.all([openWarehouse({ directory }), openLedger({ directory })]);
  const applied = await warehouse.rows('SELECT step FROM ddl_steps ORDER BY step', steps);
  expect(applied.map(({ step }) => step)).toEqual(WAREHOUSE_STEPS.map(({ name }) => name));
  const inLedger = await ledger.query('SELECT step FROM ddl_steps ORDER BY step', [], steps);
  expect(inLedger.map(({ step }) => step)).toEqual(LEDGER_STEPS.map(({ name }) => name));
  const warehouseNow = await contentOf(Object.keys(before.warehouse), async (table) => {
    const [row] = await warehouse.rows(warehouseHash(table, before.columns[table] ?? ''), text);
    return row?.h ?? '';
  });
  expect(warehouseNow).toEqual(before.warehouse);
  const ledgerNow = await contentOf(
    Object.keys(before.ledger),
    async (table) => (await ledger.query(ledgerHash(table), [], text))[0]?.h ?? '',
  );
  expect(ledgerNow).toEqual(before.ledger);
  // What came later works on it.
  expect((await readSuppressions(ledger)).key).toMatch(/^[0-9a-f]{64}$/);
  await expect(ledger.command("UPDATE moves SET cause = 'x'")).rejects.toThrow(/never rewritten/);
  await Promise.all([warehouse.close(), ledger.close()]);
});
