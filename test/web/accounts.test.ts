import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { faultsOf, type Ground, openGround, PATIENCE, seriousFindings } from './ground.ts';
import { held } from './held.ts';

let ground: Ground;

beforeAll(async () => {
  ground = await openGround();
}, PATIENCE);
afterAll(async () => {
  await ground.close();
  expect(ground.faults).toEqual([]);
});

const listSchema = z.object({ asOf: z.string(), total: z.number(), accounts: z.array(z.looseObject({})) });
const cliSchema = z.array(
  z.object({
    account_id: z.string(),
    name: z.string().nullable(),
    segment: z.string().nullable(),
    cohort: z.string().nullable(),
    arr: z.number().nullable(),
    csm: z.string().nullable(),
  }),
);

/** The ids in the rows that are drawn, in their order. */
async function shownIds(page: Page): Promise<readonly string[]> {
  await page.locator('[role=row] a[title]').first().waitFor();
  return page
    .locator('[role=row] a[title]')
    .evaluateAll((links) => links.map((link) => link.getAttribute('title') ?? ''));
}

const headText = (page: Page): Promise<string | null> => page.locator('main header').first().textContent();

test('the list says what the command line says of the same instant: how many, who first, and where they are', async () => {
  const page = await ground.open('/accounts');
  const ids = await shownIds(page);
  const { asOf, total } = listSchema.parse(await ground.ask('/api/v1/accounts?limit=1'));
  const rows = cliSchema.parse(await ground.json('accounts', '--as-of', asOf));
  expect(total).toBe(rows.length);
  expect(await headText(page)).toContain(`${total} accounts`);
  const byArr = rows
    .filter(({ arr }) => arr !== null)
    .toSorted((a, b) => (b.arr ?? 0) - (a.arr ?? 0))
    .map(({ arr }) => arr);
  const arrOf = new Map(rows.map(({ account_id, arr }) => [account_id, arr]));
  expect(ids.slice(0, 10).map((id) => arrOf.get(id))).toEqual(byArr.slice(0, 10));
  const first = rows.find(({ account_id }) => account_id === ids[0]);
  expect(await page.getByRole('row').nth(1).textContent()).toContain(first?.segment ?? 'none');
  await page.close();
});

test('facets, the search and the order stand in the address, and narrow the list as the command line would', async () => {
  const list = held('**/api/v1/accounts?**');
  const page = await ground.open('/accounts', { before: list.hold });
  const bySegment = page.getByRole('button', { name: 'Filter by Segment' });
  await bySegment.waitFor();
  expect(await bySegment.isDisabled()).toBe(true);
  list.release();
  await bySegment.click();
  const two = page.getByRole('checkbox', { name: /^(?:At-Risk|Growth)/ });
  await two.nth(1).waitFor();
  // The second comes before the address has the first.
  await two.evaluateAll((boxes) => boxes.map((box) => (box as unknown as { click: () => void }).click()));
  await page.waitForURL(({ searchParams }) => searchParams.getAll('segment').length === 2);
  await page.getByRole('checkbox', { name: /^Growth/ }).click();
  await page.waitForURL(({ searchParams }) => searchParams.getAll('segment').join() === 'At-Risk');
  await page.getByRole('button', { name: 'Filter by Segment, 1 chosen' }).waitFor();
  // What is not chosen is still offered, with what it would add.
  const growth = listSchema.parse(await ground.ask('/api/v1/accounts?limit=1&segment=Growth'));
  await page.getByRole('checkbox', { name: new RegExp(`^Growth\\s*${growth.total}$`), checked: false }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Remove Segment: At-Risk' }).waitFor();
  const { asOf } = listSchema.parse(await ground.ask('/api/v1/accounts?limit=1'));
  const rows = cliSchema.parse(await ground.json('accounts', '--as-of', asOf, '--segment', 'At-Risk'));
  await page.getByText(`${rows.length} account`, { exact: false }).first().waitFor();
  expect([...(await shownIds(page))].toSorted()).toEqual(rows.map(({ account_id }) => account_id).toSorted());
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
  await page.waitForURL(/sort=name/);
  await page
    .getByRole('columnheader', { name: 'ARR' })
    .getByRole('button')
    .click({ modifiers: ['Shift'] });
  await page.waitForURL(/sort=name&sort=-arr/);
  const shared = await ground.open(new URL(page.url()).pathname + new URL(page.url()).search);
  expect(await shownIds(shared)).toEqual(await shownIds(page));
  await shared.close();
  await page.close();
});

test('on a phone the dimensions stand behind one button, which stays open while values are chosen', async () => {
  const page = await ground.open('/accounts', { width: 390, height: 844 });
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Filter' });
  await panel.getByRole('button', { name: 'Filter by Segment' }).click();
  for (const name of [/^At-Risk/, /^Growth/]) await panel.getByRole('checkbox', { name, checked: false }).click();
  await page.waitForURL(({ searchParams }) => searchParams.getAll('segment').join() === 'At-Risk,Growth');
  await panel.getByRole('button', { name: 'Filter by Segment, 2 chosen' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Filter · 2' }).waitFor();
  await page.getByRole('button', { name: 'Remove Segment: Growth' }).waitFor();
  await page.close();
});

test('keys move, select and open; the bulk bar exports what is selected and nothing else', async () => {
  const page = await ground.open('/accounts');
  const ids = await shownIds(page);
  await page.getByRole('grid', { name: 'Accounts' }).focus();
  for (const key of ['x', 'j', 'x']) await page.keyboard.press(key);
  const bar = page.getByRole('region', { name: 'Selected accounts' });
  expect(await bar.textContent()).toContain('2 selected');
  await bar.getByRole('button', { name: 'Export these' }).click();
  const link = page.getByRole('menuitem', { name: 'CSV, for a spreadsheet' });
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const lines = await linesOf(download);
  expect(
    lines
      .slice(1)
      .map((line) => line.split(',')[0])
      .toSorted(),
  ).toEqual(ids.slice(0, 2).toSorted());
  await page.getByRole('grid', { name: 'Accounts' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/accounts/${encodeURIComponent(ids[1] ?? '')}`);
  await page.close();
});

async function linesOf(download: {
  createReadStream: () => Promise<NodeJS.ReadableStream>;
}): Promise<readonly string[]> {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString().trim().split(/\r?\n/);
}

test('a view is kept for the person who saved it, and for nobody else; it opens and can be removed', async () => {
  const page = await ground.open('/accounts?cohort=Dormant&sort=name', { role: 'csm' });
  await shownIds(page);
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Save what is shown as a view' }).click();
  await page.getByLabel('Name').fill('Gone quiet');
  await page.getByRole('button', { name: 'Save view' }).click();
  await page.getByRole('button', { name: 'Gone quiet' }).waitFor();
  const again = await ground.open('/accounts', { role: 'csm' });
  await again.getByRole('button', { name: 'Views' }).click();
  await again.getByRole('menuitem', { name: 'Gone quiet' }).click();
  await again.waitForURL(/cohort=Dormant.*sort=name|sort=name.*cohort=Dormant/);
  const other = await ground.open('/accounts', { role: 'viewer' });
  await other.getByRole('button', { name: 'Views' }).click();
  await other.getByRole('menuitem', { name: 'Save what is shown as a view' }).waitFor();
  expect(await other.getByRole('menuitem', { name: 'Gone quiet' }).count()).toBe(0);
  await again.getByRole('button', { name: 'Gone quiet' }).click();
  await again.getByRole('button', { name: 'Remove the view Gone quiet' }).click();
  await again.getByText('is removed', { exact: false }).waitFor();
  await Promise.all([page.close(), again.close(), other.close()]);
});

test('the chosen columns stand in the address', async () => {
  const page = await ground.open('/accounts');
  await shownIds(page);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'industry', exact: true }).check();
  await page.getByRole('columnheader', { name: 'industry', exact: true }).waitFor();
  expect(new URL(page.url()).searchParams.getAll('columns')).toContain('paper.industry');
  await page.close();
});

test('the trend of an account is that of the pipeline, beside its own past', async () => {
  const page = await ground.open('/accounts');
  const [id = ''] = await shownIds(page);
  const drawn = page.locator('[role=row] svg[role=img]').first();
  await drawn.waitFor({ timeout: PATIENCE });
  const { asOf } = listSchema.parse(await ground.ask('/api/v1/accounts?limit=1'));
  const signals = z
    .array(z.object({ signals: z.looseObject({ active_users_7d: z.number().nullable() }), account_id: z.string() }))
    .parse(await ground.json('signals', '--entity', 'account', '--as-of', asOf.slice(0, 10)));
  const now = signals.find(({ account_id }) => account_id === id)?.signals.active_users_7d;
  expect(await drawn.getAttribute('aria-label')).toContain(`Active users a week: ${now}`);
  await page.close();
});

test('it is accessible and fits, in both themes, on a desk and on a phone', async () => {
  const page = await ground.open('/accounts?segment=At-Risk');
  await shownIds(page);
  expect(await faultsOf(page, () => shownIds(page))).toEqual([]);
  await page.close();
});
