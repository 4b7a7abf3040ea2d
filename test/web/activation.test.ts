import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { shareText, wholeText } from '../../src/web/format.ts';
import { faultsOf, type Ground, openGround, PATIENCE } from './ground.ts';

let ground: Ground;

beforeAll(async () => {
  ground = await openGround();
});
afterAll(async () => {
  await ground.close();
  expect(ground.faults).toEqual([]);
});

const funnel = z.object({
  sentence: z.string(),
  begun: z.number(),
  complete: z.number(),
  largest: z.string().nullable(),
  steps: z.array(
    z.object({ step: z.string(), entered: z.number(), reached: z.number(), stalled: z.number(), onTheWay: z.number() }),
  ),
});
const group = z.object({
  name: z.string(),
  users: z.number(),
  areas: z.array(z.object({ area: z.string(), used: z.number(), share: z.number().nullable() })),
});
const activationSchema = z.object({
  asOf: z.string(),
  users: funnel,
  accounts: funnel,
  stalledAccounts: z.array(z.object({ accountId: z.string(), name: z.string().nullable(), step: z.string() })),
  workflows: z.array(z.object({ sentence: z.string() })),
  areas: z.object({
    bySegment: z.array(group),
    byTier: z.array(group),
    segmentSentence: z.string(),
    tierSentence: z.string(),
  }),
  order: z.object({ sentence: z.string() }),
});

const spoken = (name: string): string => name.replaceAll('_', ' ');

async function opened(path = '/activation', look = {}): Promise<Page> {
  const page = await ground.open(path, look);
  await page.getByRole('region', { name: 'Feature areas', exact: true }).waitFor({ timeout: PATIENCE });
  return page;
}

const said = async () => activationSchema.parse(await ground.json('activation'));

test('every sentence and every number of both funnels is that of the command line', async () => {
  const told = await said();
  const page = await opened();
  const { users, accounts } = told;
  const sentences = [users, accounts, ...told.workflows, told.order].map(({ sentence }) => sentence);
  expect((await page.locator('figcaption').allTextContents()).toSorted()).toEqual(sentences.toSorted());
  for (const [name, of] of [
    ['Users', users],
    ['Accounts', accounts],
  ] as const) {
    const section = page.getByRole('region', { name, exact: true });
    await section.getByRole('button', { name: 'Show as table' }).click();
    const cells = await section
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
    const numbers = cells.map((row) => [row[0], row[1], row[2], row[6], row[7]]);
    expect(numbers).toEqual(
      of.steps.map(({ step, ...counts }) => [
        spoken(step),
        ...[counts.entered, counts.reached, counts.stalled, counts.onTheWay].map(wholeText),
      ]),
    );
  }
  expect(users.begun).toBeGreaterThan(100);
  expect(users.largest).not.toBeNull();
  await page.close();
});

test('who stalls is listed, and the way to all of them leads to as many', async () => {
  const { users, stalledAccounts, accounts } = await said();
  const page = await opened();
  const largest = users.steps.find(({ step }) => step === users.largest);
  const stalled = largest?.stalled ?? 0;
  expect(stalled).toBeGreaterThan(6);
  const step = accounts.largest ?? '';
  const names = stalledAccounts.filter((each) => each.step === step).map(({ name, accountId }) => name ?? accountId);
  const panel = page.getByRole('region', { name: 'Accounts that stall' });
  expect(await panel.locator('li a').allTextContents()).toEqual(names.slice(0, 6));
  const link = page.getByRole('link', { name: `Open the list of all ${wholeText(stalled)}` });
  await link.click();
  await page.waitForURL(/\/users\?stalledStep=/);
  await page.getByText(`${wholeText(stalled)} users`, { exact: true }).waitFor();
  await page.close();
});

test('areas by segment and by tier are those of the command line, and a number leads to who does not use it yet', async () => {
  const { areas } = await said();
  const page = await opened();
  const region = page.getByRole('region', { name: 'Feature areas', exact: true });
  await region.getByRole('heading', { name: areas.segmentSentence, exact: true }).waitFor();
  const shares = async (): Promise<string[][]> =>
    region
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll('td a')].map((cell) => cell.textContent ?? '')),
      );
  const expected = (groups: typeof areas.byTier) =>
    (groups[0]?.areas ?? []).map((_, place) =>
      groups.flatMap((each) => {
        const share = each.areas[place]?.share ?? null;
        return share === null ? [] : [shareText(share)];
      }),
    );
  expect(await shares()).toEqual(expected(areas.bySegment));
  await region.getByText('By tier', { exact: true }).click();
  await region.getByRole('heading', { name: areas.tierSentence, exact: true }).waitFor();
  expect(page.url()).toContain('by=tier');
  expect(await shares()).toEqual(expected(areas.byTier));
  await region.getByRole('link', { name: /alerts, power: .* Show the/ }).click();
  await page.waitForURL(/\/users\?/);
  expect(new URL(page.url()).search).toBe('?tier=power&notUsing=alerts&usesAny=1');
  const { asOf, total } = z
    .object({ asOf: z.string(), total: z.number() })
    .parse(await ground.ask('/api/v1/users?limit=1&tier=power&notUsing=alerts&usesAny=1'));
  const unused = z
    .array(z.unknown())
    .parse(await ground.json('users', '--tier', 'power', '--unused', 'alerts', '--as-of', asOf));
  expect(total).toBe(unused.length);
  await page.getByText(`${wholeText(total)} ${total === 1 ? 'user' : 'users'}`, { exact: true }).waitFor();
  await page.close();
});

test('keys lead to it, and a step that is chosen stands in the address', async () => {
  const page = await ground.open('/users');
  await page.getByRole('heading', { name: 'Users', exact: true }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('v');
  await page.waitForURL(/\/activation$/);
  const steps = page.getByRole('group', { name: 'Users who stall before' });
  const first = steps.getByRole('button').first();
  await first.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\?userStep=/);
  expect(await first.getAttribute('aria-pressed')).toBe('true');
  await page.close();
});

test('has nothing serious against it and fits, in both themes, on a desk and on a phone', async () => {
  const page = await opened();
  expect(await faultsOf(page, () => page.locator('[data-drawn=true]').first().waitFor())).toEqual([]);
  await page.close();
});
