import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { faultsOf, type Ground, openGround, PATIENCE } from './ground.ts';

let ground: Ground;
let asOf = '';

beforeAll(async () => {
  ground = await openGround();
  asOf = z.object({ asOf: z.string() }).parse(await ground.ask('/api/v1/users?limit=1')).asOf;
}, PATIENCE);
afterAll(async () => {
  await ground.close();
  expect(ground.faults).toEqual([]);
});

const usersSchema = z.array(
  z.object({
    account_id: z.string(),
    user_id: z.string(),
    tier: z.string().nullable(),
    stalled_step: z.string().nullable(),
  }),
);

async function shownCount(page: Page): Promise<number> {
  const text = await page
    .getByText(/^[\d\u2009]+ users?$/)
    .first()
    .textContent();
  return Number(text?.replace(/\D/g, ''));
}

test.each([
  ['tier=at_risk', ['--tier', 'at_risk']],
  ['stalledStep=report_exported', ['--stalled-at', 'report_exported']],
  ['notUsing=reporting', ['--unused', 'reporting']],
  ['tier=power&notUsing=automations', ['--tier', 'power', '--unused', 'automations']],
] as const)('the list of ?%s has the users of the command line', async (search, words) => {
  const users = usersSchema.parse(await ground.json('users', '--as-of', asOf, ...words));
  const page = await ground.open(`/users?${search}`);
  if (users.length === 0) await page.getByRole('heading', { name: 'No user is like that' }).waitFor();
  else {
    await page.getByRole('row').nth(1).getByRole('gridcell').nth(1).waitFor();
    expect(await shownCount(page)).toBe(users.length);
    const first = await page.getByRole('row').nth(1).getByRole('gridcell').nth(1).textContent();
    expect(first).toBe(users[0]?.user_id);
  }
  await page.close();
});

test('what is chosen can be exported, and the file has those users alone', async () => {
  const users = usersSchema.parse(await ground.json('users', '--as-of', asOf, '--tier', 'average'));
  const page = await ground.open('/users?tier=average');
  await page.getByRole('button', { name: 'Export' }).click();
  const item = page.getByRole('menuitem', { name: 'CSV, for a spreadsheet' });
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: PATIENCE }), item.click()]);
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(Buffer.from(part));
  const lines = Buffer.concat(parts).toString().trim().split(/\r?\n/).slice(1);
  const ids = lines.map((line) => line.split(',').slice(0, 2).join(' '));
  expect(ids.toSorted()).toEqual(users.map(({ account_id, user_id }) => `${account_id} ${user_id}`).toSorted());
  await page.close();
});

test('choosing narrows the address, and a user leads to the account', async () => {
  const page = await ground.open('/users');
  await page.getByRole('combobox', { name: 'Does not use yet' }).click();
  await page.getByRole('option', { name: 'reporting' }).click();
  await page.waitForURL(/notUsing=reporting/);
  await page.getByRole('row').nth(1).getByRole('link').click();
  await page.waitForURL(/\/accounts\//);
  await page.close();
});

test('it is accessible and fits, in both themes, on a desk and on a phone', async () => {
  const page = await ground.open('/users');
  expect(await faultsOf(page, () => page.getByRole('row').nth(2).waitFor())).toEqual([]);
  await page.close();
});
