import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ACCESS, type Action, mayAs } from '../../src/api/access.ts';
import { auditEntries } from '../../src/people/audit-log.ts';
import { ROLES } from '../../src/people/role.ts';
import { planErasure } from '../../src/pipeline/erasure/erase.ts';
import { until } from '../api/serving.ts';
import { faultsOf, type Ground, openGround, PATIENCE } from './ground.ts';
import { held } from './held.ts';

let ground: Ground;

beforeAll(async () => {
  ground = await openGround();
});
afterAll(async () => {
  await ground.close();
  expect(ground.faults).toEqual([]);
});

/** The cells of a table, row by row, as they are read. */
async function rowsOf(page: Page, name: string): Promise<readonly (readonly string[])[]> {
  const table = page.getByRole('table', { name, exact: true });
  await table.locator('tbody tr').first().waitFor();
  await until(
    () => table.getAttribute('aria-busy'),
    (isBusy) => isBusy !== 'true',
  );
  const rows = await table.locator('tbody tr').all();
  return Promise.all(rows.map(async (row) => row.locator('td').allInnerTexts()));
}

const peopleSchema = z.object({
  people: z.array(z.object({ email: z.string(), name: z.string(), role: z.string(), ways: z.array(z.string()) })),
  invitations: z.array(z.object({ email: z.string(), role: z.string() })),
});

test('people are those of the command, with their roles; who is invited can be withdrawn', async () => {
  const page = await ground.open('/settings/people');
  const said = peopleSchema.parse(await ground.json('people'));
  const rows = await rowsOf(page, 'People');
  expect(rows.map(([name]) => name?.split('\n').at(-1))).toEqual(said.people.map(({ email }) => email));
  const roles = await page.getByRole('combobox', { name: /^Role of/ }).all();
  expect(await Promise.all(roles.map((each) => each.inputValue()))).toEqual(said.people.map(({ role }) => role));
  await page.getByRole('heading', { name: `${said.people.length} people` }).waitFor();
  await page.getByLabel('Email').fill('grace@acme.example');
  await page.getByRole('button', { name: 'Invite' }).click();
  await page.getByRole('status').filter({ hasText: '/invitation#' }).waitFor();
  const invited = peopleSchema.parse(await ground.json('people')).invitations;
  expect((await rowsOf(page, 'Invitations')).map(([email]) => email)).toEqual(invited.map(({ email }) => email));
  await page.getByRole('button', { name: 'Withdraw the invitation of grace@acme.example' }).click();
  await page.getByRole('table', { name: 'Invitations' }).waitFor({ state: 'detached' });
  await page.close();
});

test('a role is changed by choosing another, and the last administrator stays one', async () => {
  const page = await ground.open('/settings/people');
  const choice = page.getByRole('combobox', { name: 'Role of csm@acme.example' });
  await choice.click();
  const people = held('**/api/v1/people');
  await people.hold(page);
  const asked = page.waitForRequest((request) => request.url().endsWith('/api/v1/people'));
  await page.getByRole('option', { name: 'editor' }).click();
  // Until the list says so too, another choice would be one against the role before.
  await asked;
  expect(await choice.isDisabled()).toBe(true);
  people.release();
  await page.getByText('signs in as editor').waitFor();
  const roleOf = async () =>
    peopleSchema.parse(await ground.json('people')).people.find(({ email }) => email === 'csm@acme.example')?.role;
  expect(await roleOf()).toBe('editor');
  await choice.click();
  await page.getByRole('option', { name: 'csm' }).click();
  await page.getByText('signs in as csm').waitFor();
  await page.getByRole('combobox', { name: 'Role of admin@acme.example' }).click();
  await page.getByRole('option', { name: 'viewer' }).click();
  await page.getByRole('region', { name: 'People' }).getByRole('alert').waitFor();
  await page.close();
});

test('a role can be chosen once the roles are known, and an address that is typed while another is asked in stays', async () => {
  const [roles, sent] = [held('**/api/v1/roles'), held('**/api/v1/invitations')];
  const page = await ground.open('/settings/people', { before: roles.hold });
  const role = page.getByRole('combobox', { name: 'Role', exact: true });
  await role.waitFor();
  expect(await role.isDisabled()).toBe(true);
  roles.release();
  await role.click();
  await page.getByRole('option', { name: 'editor' }).click();
  await sent.hold(page);
  await page.getByLabel('Email').fill('grace@acme.example');
  await page.getByRole('button', { name: 'Invite' }).click();
  await page.getByLabel('Email').fill('hedy@acme.example');
  sent.release();
  await page.getByRole('status').filter({ hasText: 'grace@acme.example' }).waitFor();
  expect(await page.getByLabel('Email').inputValue()).toBe('hedy@acme.example');
  await page.close();
});

test('roles are told as the table of access has them', async () => {
  const page = await ground.open('/settings/roles');
  const rows = await rowsOf(page, 'What each role may do');
  const actions = (Object.keys(ACCESS) as Action[]).filter((each) => each !== 'anything' && each !== 'events.send');
  expect(
    rows.map(([means, ...marks]) => [means, ...marks.slice(0, 4).map((mark) => mark.trim().split('\n').at(-1))]),
  ).toEqual(
    actions.map((action) => [ACCESS[action].means, ...ROLES.map((role) => (mayAs(role, action) ? 'yes' : 'no'))]),
  );
  await page.close();
});

test('a key is shown once, works, and is ended after a question', async () => {
  const page = await ground.open('/settings/keys');
  await page.getByLabel('Who uses it').fill('shop');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const shown = page.getByRole('status').filter({ hasText: 'The key of shop' });
  const key = (await shown.locator('code').textContent()) ?? '';
  const asked = () =>
    fetch(`${ground.address}/api/v1/accounts?limit=1`, { headers: { authorization: `Bearer ${key}` } });
  expect((await asked()).status).toBe(200);
  await page.reload();
  await page.getByRole('button', { name: 'End shop' }).waitFor();
  expect(await page.content()).not.toContain(key);
  await page.getByRole('button', { name: 'End shop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
  await page.getByRole('table', { name: 'Keys that were ended' }).waitFor();
  expect((await asked()).status).toBe(401);
  await page.close();
});

test('the audit log is that of the ledger, by what is looked for, and the address says what that is', async () => {
  const page = await ground.open('/settings/audit?outcome=done&action=session.create');
  const wanted = { who: null, subject: null, from: null, to: null, before: null };
  const entries = await auditEntries(ground.workspace.ledger, {
    ...wanted,
    action: 'session.create',
    outcome: 'done',
    limit: 100,
  });
  const rows = await rowsOf(page, 'Audit log');
  expect(entries.length).toBeGreaterThan(0);
  expect(rows.map((cells) => [cells[1], cells[2], cells[4]])).toEqual(
    entries.map(({ who, action }) => [who, action, '✓ done']),
  );
  await page.getByLabel('Who').pressSequentially('nobody');
  await page.waitForURL(({ searchParams }) => searchParams.get('who') === 'nobody');
  await page.getByText('No entry is like that').waitFor();
  // Whoever pauses goes on in the same field.
  await page.keyboard.type('@nowhere.example');
  await page.waitForURL(({ searchParams }) => searchParams.get('who') === 'nobody@nowhere.example');
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('button', { name: 'Print' }).isVisible()).toBe(false);
  expect(await page.getByRole('navigation', { name: 'Settings' }).isVisible()).toBe(false);
  await page.getByText('Entries with').waitFor();
  await page.close();
});

test('retention says what the service does, and how to get a backup back says so', async () => {
  const page = await ground.open('/settings/privacy');
  const kept = z
    .object({ eventsMonths: z.number().nullable(), quarantineDays: z.number().nullable() })
    .parse(await ground.ask('/api/v1/retention'));
  expect(kept).toEqual({ eventsMonths: null, quarantineDays: null });
  await until(
    () => page.locator('dd').allInnerTexts(),
    (texts) => texts.length === 3 && texts.every((text) => text === 'for ever'),
  );
  await page.goto(`${ground.address}/settings/backups`);
  await page.getByText('bellwether restore FOLDER --workspace restored').waitFor();
  await page.getByText('There is none yet.').waitFor();
  // Nobody told this service where copies go.
  expect(await page.getByRole('button', { name: 'Make one now' }).isDisabled()).toBe(true);
  await page.close();
});

test('a person is erased after they were counted and their id was typed, and the receipt is shown', async () => {
  const [user] = await ground.workspace.warehouse.rows(
    `SELECT user_id, account_id FROM users WHERE email != '' ORDER BY user_id LIMIT 1`,
    z.object({ user_id: z.string(), account_id: z.string() }),
  );
  const userId = user?.user_id ?? '';
  const order = { userId, accountId: null, also: [], by: 'test', now: new Date() };
  const plan = await planErasure(ground.workspace, order);
  const page = await ground.open('/settings/privacy');
  await page.getByLabel('Id of the user').fill(userId);
  await page.getByRole('button', { name: 'Count first' }).click();
  const rows = await rowsOf(page, 'What would go');
  const plain = (text: string | undefined): string => (text ?? '').replace(/[\s\u2009]/g, '');
  const shown = rows.map(([table, , removed, mended]) => [table, plain(removed), plain(mended)].join(' '));
  const counted = plan.tables.map(({ table, removed, mended }) => `${table} ${removed} ${mended}`);
  expect(shown.toSorted()).toEqual(counted.toSorted());
  await page.getByRole('button', { name: 'Erase this person…' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Erase for ever' }).isDisabled()).toBe(true);
  await dialog.getByLabel(`Type ${userId} to go on`).fill(userId);
  await dialog.getByRole('button', { name: 'Erase for ever' }).click();
  await page.getByRole('heading', { name: /^Receipt \d+$/ }).waitFor({ timeout: PATIENCE });
  const receipts = z.object({ erasures: z.array(z.object({ remaining: z.array(z.object({ because: z.string() })) })) });
  const [receipt] = receipts.parse(await ground.ask('/api/v1/erasures')).erasures;
  // Whatever the receipt has left is told with its reason, and nothing else is.
  const left = (receipt?.remaining ?? []).map(({ because }) => because);
  for (const told of left.length === 0 ? ['found nothing left'] : left) await page.getByText(told).first().waitFor();
  const rest = await ground.workspace.warehouse.rows(
    'SELECT count() AS n FROM users WHERE user_id = {id:String}',
    z.object({ n: z.string() }),
    { parameters: { id: userId } },
  );
  expect(rest).toEqual([{ n: '0' }]);
  await page.close();
});

const SECTIONS = ['', '/people', '/roles', '/keys', '/audit', '/backups', '/privacy'];

test('settings: axe finds nothing serious, and nothing is cut off, in both themes, on a desk and on a phone', async () => {
  for (const section of SECTIONS) {
    const page = await ground.open(`/settings${section}`);
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(await faultsOf(page)).toEqual([]);
    await page.close();
  }
});
