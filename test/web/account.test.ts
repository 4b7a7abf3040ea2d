import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../api/serving.ts';
import { faultsOf, type Ground, openGround, PATIENCE } from './ground.ts';
import { held } from './held.ts';

let ground: Ground;
/** Users that the page lists; the others are in the list of users. */
const MOST_SHOWN = 40;
let account: { readonly accountId: string; readonly asOf: string };
/** Its page with everything on it: what is computed for it is waited for once. */
let whole: Page;

const listSchema = z.object({ accounts: z.array(z.object({ accountId: z.string(), asOf: z.string() })).min(1) });

beforeAll(async () => {
  ground = await openGround();
  const asked = '/api/v1/accounts?relationship=customer&sort=-arr&limit=1';
  const [first] = listSchema.parse(await ground.ask(asked)).accounts;
  if (first === undefined) throw new Error('the world has no customer');
  account = first;
  whole = await ground.open(`/accounts/${account.accountId}`);
  await drawn();
}, 2 * PATIENCE);
afterAll(async () => {
  await ground.close();
  expect(ground.faults).toEqual([]);
});

const explanationSchema = z.object({
  account: z.object({ name: z.string().nullable(), segment: z.string().nullable() }),
  because: z.string(),
  rules: z.array(z.object({ segment: z.string(), decides: z.boolean() })),
  cohortRules: z.array(z.object({ segment: z.string(), decides: z.boolean() })),
  changedLast: z.object({ on: z.string(), condition: z.string() }).nullable(),
  smallestChange: z.object({ changes: z.array(z.object({ name: z.string() })), to: z.string().nullable() }).nullable(),
});

const sectionOf = (page: Page, name: string) => page.getByRole('region', { name });

async function drawn(): Promise<void> {
  await sectionOf(whole, 'Behaviour over time').locator('[data-drawn=true]').waitFor({ timeout: PATIENCE });
  await sectionOf(whole, 'Users').locator('tbody tr').first().waitFor({ timeout: PATIENCE });
  await whole
    .getByRole('status', { name: /is being computed/ })
    .first()
    .waitFor({ state: 'detached', timeout: PATIENCE });
}

test('it says why as the command line does: the reason, the rules that decide, what changed last, what would move it', async () => {
  const { accountId, asOf } = account;
  const why = sectionOf(whole, 'Why this segment');
  const said = explanationSchema.parse(await ground.json('accounts', 'explain', accountId, '--as-of', asOf));
  await why.getByText(said.because).waitFor();
  await whole.getByRole('heading', { level: 1, name: said.account.name ?? accountId }).waitFor();
  const decides = [...said.rules, ...said.cohortRules].filter((rule) => rule.decides).map(({ segment }) => segment);
  const shown = await why
    .locator('[data-rule]')
    .evaluateAll((parts) => parts.map((part) => part.getAttribute('data-rule')));
  expect(shown).toEqual(decides);
  const change = why.locator('[data-part=smallest-change]');
  if (said.smallestChange !== null) {
    expect(await change.textContent()).toContain(said.smallestChange.to ?? 'none');
    for (const { name } of said.smallestChange.changes)
      expect(await change.textContent()).toContain(name.replaceAll('_', ' '));
  }
  const last = why.locator('[data-part=changed-last]');
  expect(await last.count()).toBe(said.changedLast === null ? 0 : 1);
  if (said.changedLast !== null) expect(await last.textContent()).toContain(said.changedLast.condition);
});

test('its users are those of the command line, with tier and stalled step', async () => {
  const { accountId, asOf } = account;
  const rows = sectionOf(whole, 'Users').locator('tbody tr');
  const users = z
    .array(z.object({ user_id: z.string(), tier: z.string().nullable(), stalled_step: z.string().nullable() }))
    .parse(await ground.json('users', '--account', accountId, '--as-of', asOf));
  await rows.nth(Math.min(MOST_SHOWN, users.length) - 1).waitFor();
  const shown = await rows.evaluateAll((all) =>
    all.map((row) => [...row.querySelectorAll('td')].slice(0, 3).map((cell) => cell.textContent)),
  );
  const told = users.map(({ user_id, tier, stalled_step }) => [
    user_id,
    tier?.replaceAll('_', ' ') ?? 'unknown',
    stalled_step?.replaceAll('_', ' ') ?? 'nowhere',
  ]);
  const lines = told.map((row) => row.join(' | '));
  expect(shown.length).toBe(Math.min(MOST_SHOWN, users.length));
  for (const row of shown) expect(lines).toContain(row.join(' | '));
});

test('it is accessible and fits, in both themes, on a desk and on a phone', async () => {
  expect(await faultsOf(whole, drawn)).toEqual([]);
});

test('a day that is looked back to has an edge of its own, and shows what was recorded beside what is recomputed', async () => {
  const { accountId } = account;
  const page = await ground.open(`/accounts/${accountId}?on=2026-11-10`);
  const then = sectionOf(page, 'As it was on 10 Nov 2026');
  const recorded = z
    .object({ accounts: z.array(z.object({ segment: z.string().nullable() })) })
    .parse(await ground.ask(`/api/v1/recorded?account=${accountId}&asOf=2026-11-10`));
  const recomputed = z
    .array(z.object({ account_id: z.string(), segment: z.string().nullable() }))
    .parse(await ground.json('accounts', '--as-of', '2026-11-10'))
    .find(({ account_id }) => account_id === accountId);
  expect(await then.locator('[data-part=recorded]').textContent()).toContain(
    recorded.accounts[0]?.segment ?? 'nothing',
  );
  await then
    .locator('[data-part=recomputed]')
    .getByText(recomputed?.segment ?? 'none')
    .waitFor({ timeout: PATIENCE });
  expect(await page.locator('article').getAttribute('data-past')).toBe('true');
  expect(await page.getByRole('button', { name: 'Set the segment by hand' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Back to now' }).click();
  await page.waitForURL((url) => url.search === '');
  expect(await page.locator('article').getAttribute('data-past')).toBe('false');
  await page.close();
});

test('a CSM sets the segment by hand, with a reason and an end, gives a pulse and writes a note; a viewer is offered none of it', async () => {
  const { accountId } = account;
  const model = held('**/api/v1/workspace');
  const page = await ground.open(`/accounts/${accountId}`, { role: 'csm', before: model.hold });
  const begin = page.getByRole('button', { name: 'Set the segment by hand' });
  await begin.waitFor();
  // There are no segments to choose from yet.
  expect(await begin.isDisabled()).toBe(true);
  model.release();
  await begin.click();
  await page.getByRole('combobox', { name: 'Segment' }).click();
  await page.getByRole('option', { name: 'Long-Tail' }).click();
  await page.getByRole('textbox', { name: 'Reason' }).fill('They told us that they will close two offices.');
  await page.getByRole('button', { name: 'Set segment' }).click();
  const override = page.locator('[data-part=override]');
  await override.getByText('close two offices', { exact: false }).waitFor();
  await page.getByText('by hand').first().waitFor({ timeout: PATIENCE });
  await page.getByText('Red', { exact: false }).last().click();
  await saidBeforeItIsRead(page, accountId);
  await override.getByRole('button', { name: 'End it now' }).click();
  await page.getByText('None: the segment is what the rules say.').waitFor();
  const viewer = await ground.open(`/accounts/${accountId}`, { role: 'viewer' });
  await viewer.getByText('None: the segment is what the rules say.').waitFor();
  for (const name of ['Set the segment by hand', 'Save note']) {
    expect(await viewer.getByRole('button', { name }).count(), name).toBe(0);
  }
  await viewer.getByText('Pulse:').waitFor();
  expect(await viewer.getByRole('textbox', { name: 'A note' }).count()).toBe(0);
  await Promise.all([page.close(), viewer.close()]);
});

/** A note is there while it is not a fact yet, on a service that has much to do. */
async function saidBeforeItIsRead(page: Page, accountId: string): Promise<void> {
  const before = await ground.ask(`/api/v1/accounts/${accountId}/notes`);
  let reads = 0;
  await page.route('**/notes', async (route) => {
    if (route.request().method() !== 'GET') return route.fallback();
    reads += 1;
    return reads > 2 ? route.fallback() : route.fulfill({ json: before });
  });
  await page.getByRole('textbox', { name: 'A note' }).fill('Their new sponsor wants a review in May.');
  await page.getByRole('button', { name: 'Save note' }).click();
  const note = page.getByText('Their new sponsor wants a review in May.');
  await until(
    () => reads,
    (all) => all > 2,
  );
  expect(await note.count()).toBe(1);
  await page.unroute('**/notes');
}

test('a day is written as the app writes it: by the keyboard, by a step of a day, and never one that there is not', async () => {
  const page = await ground.open(`/accounts/${account.accountId}`);
  const field = page.getByRole('textbox', { name: 'As it was on' });
  await field.fill('31 Feb 2026');
  await field.press('Enter');
  await page.getByText('Write a day as 21 Nov 2026.').waitFor();
  await field.fill('24 dec 2026');
  await field.press('Enter');
  await page.getByText('is the last day there is.', { exact: false }).waitFor();
  await field.fill('2026-11-09');
  await field.press('ArrowUp');
  expect(await field.inputValue()).toBe('10 Nov 2026');
  await field.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('on') === '2026-11-10');
  expect(await page.getByRole('textbox', { name: 'As it was on' }).inputValue()).toBe('10 Nov 2026');
  await page.close();
});

test('an account that is not there says so and leads on', async () => {
  const page = await ground.open('/accounts/nobody');
  await page.getByRole('heading', { name: 'There is no account nobody' }).waitFor();
  await page.getByRole('link', { name: 'Search the accounts for it' }).click();
  await page.waitForURL(/\/accounts\?search=nobody/);
  await page.close();
});
