import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { KeyRing } from '../../src/api/key.ts';
import { knownOf } from '../../src/pipeline/known.ts';
import { taxonomyUse } from '../../src/pipeline/taxonomy.ts';
import { withEvent } from '../../src/web/pages/data/taxonomy-edit.ts';
import { ask, settled, until } from '../api/serving.ts';
import { faultsOf, type Ground, openGround, PATIENCE, TWO } from './ground.ts';
import { held } from './held.ts';
import { BEGUN } from './world.ts';

let ground: Ground;

beforeAll(async () => {
  ground = await openGround();
}, PATIENCE);
afterAll(async () => {
  await ground.close();
  expect(ground.faults).toEqual([]);
});

/** Pixels that a phone is wide. */
const PHONE = 390;

const digits = (text: string): number => Number(text.replace(/\D/g, ''));
const refusedSchema = z.array(z.object({ file: z.string(), line: z.string(), field: z.string(), message: z.string() }));
const CSV = 'Company ID,Company,Head Count\nnew-1,First Ltd,44\nnew-2,Second Ltd,12 people\n,Nobody,3\n';

async function rowsOf(page: Page): Promise<readonly (readonly string[])[]> {
  const table = page.locator('table[aria-label="Inputs"][aria-busy="false"]');
  const rows = await table
    .locator('tbody tr')
    .all()
    .then(async (now) => {
      if (now.length > 0) return now;
      await table.locator('tbody tr').first().waitFor();
      return table.locator('tbody tr').all();
    });
  return Promise.all(rows.map((row) => row.locator('td').allInnerTexts()));
}

test(
  'every input stands there with its rows and with what follows, as the command says',
  async () => {
    const known = await knownOf(ground.workspace, new Date(BEGUN));
    const said = z
      .object({ inputs: z.array(z.object({ table: z.string(), rows: z.number(), state: z.string() })) })
      .parse(await ground.json('data'));
    const page = await ground.open('/data');
    const rows = await rowsOf(page);
    const here = known.inputs.filter(({ state }) => state !== 'absent');
    expect(rows.map(([, , count]) => digits(count ?? ''))).toEqual(here.map((input) => input.rows));
    expect(rows.map((row) => row[5])).toEqual(here.map(({ follows }) => follows));
    const byTable = (list: readonly { readonly table: string; readonly rows: number }[]) =>
      list.map(({ table, rows: count }) => `${table} ${count}`).toSorted();
    expect(byTable(here)).toEqual(byTable(said.inputs.filter(({ state }) => state !== 'absent')));
    expect(here.find(({ table }) => table === 'events')?.rows).toBeGreaterThan(1_000);
    await page.close();
  },
  PATIENCE,
);

test(
  'a file is mapped, looked at, imported; a refused row is put right and is then an account like any other',
  async () => {
    const page = await ground.open('/data/upload');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'accounts.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
    expect(await page.getByRole('combobox', { name: 'Column for account id' }).inputValue()).toBe('Company ID');
    expect(await page.getByRole('combobox', { name: 'Column for employees' }).inputValue()).toBe('Head Count');
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByRole('heading', { name: 'What it would give' }).waitFor({ timeout: PATIENCE });
    expect(await page.locator('dl[aria-label="Rows"] dd').allInnerTexts()).toEqual(['3', '1', '2', '0']);
    expect(
      await ask(ground.workspace.warehouse, `SELECT count() AS n FROM accounts WHERE account_id = 'new-1'`),
    ).toEqual([{ n: '0' }]);
    await page.getByRole('button', { name: 'Import it' }).click();
    await page.getByRole('heading', { name: 'Imported' }).waitFor({ timeout: PATIENCE });
    await page.getByRole('link', { name: 'Put the refused rows right' }).click();
    const told = refusedSchema.parse(await ground.json('quarantine'));
    expect(told.map(({ line, field }) => [line, field])).toEqual([
      ['3', 'employees'],
      ['4', 'account_id'],
    ]);
    for (const { message } of told) await page.getByText(message).waitFor();
    await page.getByRole('button', { name: 'Put right line 3' }).click();
    await page.getByLabel('Head Count').fill('twelve');
    await page.getByRole('button', { name: 'Send it again' }).click();
    await page.getByText('"twelve" is no number').waitFor({ timeout: PATIENCE });
    await page.getByLabel('Head Count').fill('12');
    await page.getByRole('button', { name: 'Send it again' }).click();
    await page.getByText('The row is taken').waitFor({ timeout: PATIENCE });
    expect(refusedSchema.parse(await ground.json('quarantine')).map(({ line }) => line)).toEqual(['4']);
    expect(
      await ask(ground.workspace.warehouse, `SELECT name, employees FROM accounts WHERE account_id = 'new-2'`),
    ).toEqual([{ name: 'Second Ltd', employees: 12 }]);
    await page.close();
  },
  PATIENCE,
);

test(
  'a call is shown as it comes, with the account that it is counted to; what is not asked for is not shown',
  async () => {
    const { key } = await new KeyRing(ground.workspace.ledger, Date.now).create('shop', 'write', 'test');
    const page = await ground.open('/data/live');
    await page.getByText('listening').waitFor();
    const send = (event: string, groupId: string | null) =>
      fetch(`${ground.address}/v1/track`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${key}:`)}` },
        body: JSON.stringify({
          ...{ event, userId: 'ada', messageId: event, timestamp: new Date(BEGUN).toISOString() },
          ...(groupId === null ? {} : { context: { groupId } }),
        }),
      });
    await send('chart_pinned', 'acc-00002');
    await send('login', null);
    const log = page.getByRole('log', { name: 'Calls' });
    await log.getByText('chart_pinned').waitFor();
    expect(await log.locator('> div').filter({ hasText: 'chart_pinned' }).textContent()).toMatch(
      /ada[\s\S]*acc-00002[\s\S]*named in the context[\s\S]*unplanned/,
    );
    await log.locator('> div').filter({ hasText: 'login' }).getByText('counted to no account').waitFor();
    await page.getByLabel('Event, user or account').pressSequentially('pinned');
    await log.getByText('login').waitFor({ state: 'detached' });
    await page.waitForURL(({ searchParams }) => searchParams.get('of') === 'pinned');
    await page.close();
  },
  PATIENCE,
);

const eventCounts = z.array(z.object({ event: z.string(), events: z.number() }));
const taxonomySchema = z.object({
  areas: z.array(z.object({ name: z.string(), events: eventCounts })),
  proxies: eventCounts,
  unplanned: eventCounts,
});

test(
  'the taxonomy counts what `taxonomy --json` counts',
  async () => {
    // The command counts as of the noon at which this company begins. The page's clock goes on, and 30 days ago with it:
    // each of its counts lies between that of the command and that of half an hour later.
    // What was sent a test before is counted by both, or by neither.
    await settled(ground.workspace.warehouse);
    const said = taxonomySchema.parse(await ground.json('taxonomy'));
    const later = await taxonomyUse(ground.workspace, BEGUN + 1_800_000);
    const page = await ground.open('/data/taxonomy');
    const places = [...said.areas, { name: 'Proxies', events: said.proxies }];
    for (const { name, events } of places) {
      const shown = page.getByRole('region', { name, exact: true }).locator('li .number');
      await shown.first().waitFor();
      const counts = (await shown.allInnerTexts()).map(digits);
      const least = later.areas.find((area) => area.name === name)?.events ?? later.proxies;
      expect(counts).toHaveLength(events.length);
      for (const [index, count] of counts.entries()) {
        expect(count, name).toBeLessThanOrEqual(events[index]?.events ?? 0);
        expect(count, name).toBeGreaterThanOrEqual(least[index]?.events ?? 0);
      }
    }
    await page.close();
  },
  PATIENCE,
);

const modelSchema = z.object({ publication: z.object({ note: z.string() }).nullable(), text: z.string() });

test(
  'an unplanned event is put into an area with one choice, published as a draft is, and counts there from then on',
  async () => {
    const { key } = await new KeyRing(ground.workspace.ledger, Date.now).create('taxonomy', 'write', 'test');
    await fetch(`${ground.address}/v1/track`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${key}:`)}` },
      body: JSON.stringify({
        ...{ event: 'chart_resized', userId: 'ada', messageId: 'resized', context: { groupId: 'acc-00002' } },
        timestamp: new Date(BEGUN).toISOString(),
      }),
    });
    await until(
      async () => taxonomySchema.parse(await ground.json('taxonomy')),
      ({ unplanned }) => unplanned.some(({ event }) => event === 'chart_resized'),
    );
    const model = held('**/api/v1/model');
    const page = await ground.open('/data/taxonomy', { role: 'editor', before: model.hold });
    const place = page.getByRole('combobox', { name: 'Put chart_resized into' });
    await place.waitFor();
    expect(await place.isDisabled()).toBe(true);
    model.release();
    await place.click();
    await page.getByRole('option', { name: 'reporting' }).click();
    await page.getByText('→ reporting, in the draft').waitFor();
    await page.getByRole('button', { name: 'See what it would change, and publish it' }).click();
    await page.getByText('A draft: nothing of it is in force.').waitFor();
    await page.getByRole('region', { name: 'Preview' }).waitFor({ timeout: PATIENCE });
    await page.getByRole('button', { name: 'Publish…' }).click();
    await page.getByLabel('What it is for').fill('Charts belong to reporting');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    const { text } = await until(
      async () => modelSchema.parse(await ground.ask('/api/v1/model')),
      ({ publication }) => publication?.note === 'Charts belong to reporting',
    );
    expect(text).toMatch(/reporting: \{ events: \[[^\]]*chart_resized ?\]/);
    await page.goto(`${ground.address}/data/taxonomy`);
    await page.getByRole('region', { name: 'reporting', exact: true }).getByText('chart_resized').waitFor();
    expect(await page.getByRole('combobox', { name: 'Put chart_resized into' }).count()).toBe(0);
    await page.close();
  },
  PATIENCE,
);

test('an event goes into a taxonomy that is written in any usual way, and comments stay', () => {
  const text =
    'taxonomy:\n  features:\n    # what one buys it for\n    reporting: { events: [report_opened], core: true }\n';
  const edited = withEvent(text, 'chart_pinned', { area: 'reporting' });
  expect(edited).toContain('# what one buys it for');
  expect(edited).toMatch(/report_opened, chart_pinned/);
  expect(withEvent(text, 'login', 'proxies')).toMatch(/proxies: \[ ?login ?\]/);
  expect(withEvent('taxonomy: [', 'login', 'proxies')).toBeNull();
});

test(
  'each tab fits at 390 pixels, and axe finds nothing serious in either theme',
  async () => {
    for (const path of ['/data', '/data/upload', '/data/refused', '/data/live', '/data/taxonomy']) {
      const page = await ground.open(path, { width: PHONE });
      const open = page.locator('nav[aria-label=Data] [aria-current=page]');
      await page.locator('main h2').first().waitFor();
      const place = await open.boundingBox();
      expect((place?.x ?? PHONE) + (place?.width ?? 0), path).toBeLessThanOrEqual(PHONE);
      expect(await faultsOf(page, () => open.waitFor(), TWO)).toEqual([]);
      await page.close();
    }
  },
  PATIENCE,
);

test(
  'who may only read is not offered to import or to put right',
  async () => {
    const page = await ground.open('/data', { role: 'viewer' });
    const tabs = page.getByRole('navigation', { name: 'Data' });
    await tabs.getByRole('link', { name: 'Live events' }).waitFor();
    expect(await tabs.getByRole('link', { name: 'Upload' }).count()).toBe(0);
    await tabs.getByRole('link', { name: 'Not used' }).click();
    await page.getByText('Where facts disagree').waitFor();
    expect(await page.getByRole('button', { name: /^Put right/ }).count()).toBe(0);
    await page.close();
  },
  PATIENCE,
);
