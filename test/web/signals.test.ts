import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { until } from '../api/serving.ts';
import { scratchFolder } from '../scratch.ts';
import { faultsOf, type Ground, openGround, PATIENCE, TWO } from './ground.ts';

vi.setConfig({ testTimeout: PATIENCE, hookTimeout: PATIENCE });

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
});
afterAll(async () => {
  await ground.close();
  expect(ground.faults).toEqual([]);
});

const spread = z.object({
  of: z.number(),
  known: z.number(),
  quantiles: z.object({ median: z.number() }).nullable(),
});
const counts = z.object({ users: z.number(), accounts: z.number(), events: z.number() });
const reportSchema = z.object({
  asOf: z.string(),
  signals: z.array(z.object({ name: z.string(), before: spread.nullable(), after: spread.nullable() })),
  excluded: z.object({ after: counts, out: z.object({ account: z.object({ count: z.number() }) }) }),
});

/** What the command prints of the instant that the page shows. */
async function said(draft?: string): Promise<z.infer<typeof reportSchema>> {
  const { asOf } = reportSchema.parse(await ground.ask('/api/v1/signals/spread'));
  const file = draft === undefined ? [] : [fileOf(draft)];
  return reportSchema.parse(await ground.json('signals', 'spread', ...file, '--as-of', asOf));
}

function fileOf(text: string): string {
  const folder = join(scratchFolder(), 'draft');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'bellwether.yaml'), text);
  return join(folder, 'bellwether.yaml');
}

const ready = (page: Page) => page.locator('[data-signal]').first().waitFor({ timeout: PATIENCE });

test('every signal stands there with how many of it are known, as the command says; who is left out too', async () => {
  const page = await ground.open('/data/signals');
  await ready(page);
  const { signals, excluded } = await said();
  const shown = await page
    .locator('[data-known]')
    .evaluateAll((all) =>
      (all as unknown as { dataset: Record<string, string> }[]).map(({ dataset }) => [
        Number(dataset['known']),
        Number(dataset['of']),
      ]),
    );
  expect(shown).toEqual(signals.map(({ before }) => [before?.known, before?.of]));
  expect(signals.length).toBeGreaterThan(90);
  expect(signals.some(({ before }) => (before?.known ?? 0) < (before?.of ?? 0))).toBe(true);
  const { users, accounts, events } = excluded.after;
  expect(await page.locator('[data-left-out]').getAttribute('data-left-out')).toBe(`${users} ${accounts} ${events}`);
  expect(accounts).toBeGreaterThan(0);
  await page.getByLabel('Name or meaning').pressSequentially('exports');
  await page.locator('[data-signal=seats]').waitFor({ state: 'detached' });
  await page.waitForURL(({ searchParams }) => searchParams.get('of') === 'exports');
  await page.close();
});

test('a window is changed: the name follows it, and the spread beside what is in force is that of the command', async () => {
  const page = await ground.open('/data/signals?edit=exports_14d', { role: 'editor' });
  const draft = page.locator('[data-side=after]');
  await draft.waitFor({ timeout: PATIENCE });
  await page.getByLabel('Days back').fill('60');
  await page.getByRole('heading', { name: 'exports_60d' }).waitFor();
  const text = ground.workspace.modelText.replace('exports_14d:', 'exports_60d:').replace('days: 14\n', 'days: 60\n');
  const { signals } = await said(text);
  const after = signals.find(({ name }) => name === 'exports_60d')?.after;
  const before = signals.find(({ name }) => name === 'exports_14d')?.before;
  expect(after?.quantiles?.median).not.toBe(before?.quantiles?.median);
  await page.locator(`[data-side=after][data-median="${after?.quantiles?.median}"]`).waitFor({ timeout: PATIENCE });
  expect(await draft.getAttribute('data-known')).toBe(String(after?.known));
  const inForce = page.locator('[data-side=before]');
  expect(await inForce.getAttribute('data-median')).toBe(String(before?.quantiles?.median));

  await page.getByLabel('Only where').fill('properties.status = ');
  await page.getByRole('status').getByText('The draft has errors').waitFor();
  expect(await page.getByLabel('Only where').getAttribute('aria-invalid')).toBe('true');
  await page.getByRole('button', { name: 'Throw the draft away' }).click();
  await page.getByText('As it is in force.').waitFor();
  await page.close();
});

test('who falls out by a draft, and how many signals rest on them, is what the command says', async () => {
  const page = await ground.open('/data/signals?leaveOut=yes', { role: 'editor' });
  const condition = `name like 'Test %' or industry = 'fintech'`;
  await page.getByLabel('Accounts to leave out').fill(condition);
  const { signals, excluded } = await said(ground.workspace.modelText.replace(`name like 'Test %'`, condition));
  const { users, accounts, events } = excluded.after;
  await page.locator(`[data-after="${users} ${accounts} ${events}"]`).waitFor({ timeout: PATIENCE });
  await page.getByRole('heading', { name: `${excluded.out.account.count} accounts fall out` }).waitFor();
  await page
    .getByRole('heading', { name: `${signals.length} signals spread otherwise` })
    .waitFor({ timeout: PATIENCE });
  await page.getByRole('button', { name: 'Throw the draft away' }).click();
  await page.getByText('As it is in force.').waitFor();
  await page.close();
});

const modelSchema = z.object({ publication: z.object({ note: z.string() }).nullable(), text: z.string() });

test('a signal is made in the form, published like any other draft, and then stands among all', async () => {
  const page = await ground.open('/data/signals', { role: 'editor' });
  await page.getByRole('button', { name: 'Add a signal' }).click();
  await page.getByLabel('Name', { exact: true }).fill('shares_30d');
  await page.getByLabel('Name', { exact: true }).press('Enter');
  const events = page.getByRole('combobox', { name: 'Of which events' }).or(page.getByLabel('Of which events'));
  await events.first().fill('report_shared');
  await events.first().press('Enter');
  await page.locator('[data-side=after] svg').waitFor({ timeout: PATIENCE });
  await page.locator('[data-side=before]').getByText('What is in force has no such signal.').waitFor();
  await page.getByRole('button', { name: 'See who would move, and publish' }).click();
  await page.getByText('A draft: nothing of it is in force.').waitFor();
  await page.getByRole('region', { name: 'Preview' }).waitFor({ timeout: PATIENCE });
  await page.getByRole('button', { name: 'Publish…' }).click();
  await page.getByLabel('What it is for').fill('Reports that were shared');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const { text } = await until(
    async () => modelSchema.parse(await ground.ask('/api/v1/model')),
    ({ publication }) => publication?.note === 'Reports that were shared',
  );
  expect(text).toMatch(/shares_30d: \{ measure: count, of: report_shared, window_days: 30 \}/);
  await page.goto(`${ground.address}/data/signals?only=own`);
  await page.locator('[data-signal=shares_30d] summary').click({ timeout: PATIENCE });
  await page.locator('[data-signal=shares_30d]').getByText('count of report_shared, 30 days').first().waitFor();
  await page.close();
});

test('signals and their editors fit at 390 pixels, and axe finds nothing serious in either theme', async () => {
  for (const [path, mark] of [
    ['/data/signals', '[data-signal]'],
    ['/data/signals?edit=api_gb_30d', '[data-side=after]'],
    ['/data/signals?leaveOut=yes', '[data-after]'],
  ] as const) {
    // Each anew: rows out of sight keep the theme before until they come into sight.
    for (const surface of TWO) {
      const [scheme, width] = surface;
      const page = await ground.open(path, { scheme, width });
      await page.locator(mark).first().waitFor({ timeout: PATIENCE });
      if (mark === '[data-signal]') await page.locator('[data-signal=seats] summary').click();
      expect(await faultsOf(page, async () => undefined, [surface])).toEqual([]);
      await page.close();
    }
  }
});

test('who may only read sees every signal and is not offered to change one', async () => {
  const page = await ground.open('/data/signals?edit=exports_14d', { role: 'viewer' });
  await ready(page);
  expect(await page.getByRole('button', { name: /^(?:Add|Edit|Change|Leave)/ }).count()).toBe(0);
  await page.close();
});
