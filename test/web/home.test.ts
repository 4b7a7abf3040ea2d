import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { faultsOf, type Ground, openGround, PATIENCE } from './ground.ts';

let ground: Ground;

beforeAll(async () => {
  ground = await openGround();
}, PATIENCE);
afterAll(async () => {
  await ground.close();
  expect(ground.faults).toEqual([]);
});

const ids = z.array(z.object({ accountId: z.string() }));
const homeSchema = z.object({
  asOf: z.string(),
  best: z.object({ accounts: ids }),
  atRisk: z.object({ accounts: ids, total: z.number() }),
  more: z.object({ kinds: z.array(z.object({ dimension: z.string(), value: z.string(), verdict: z.string() })) }),
  segments: z.array(z.object({ name: z.string(), accounts: z.number(), came: z.number(), left: z.number() })),
  changes: z.object({ moves: z.array(z.unknown()) }),
});

const attributes = (page: Page, part: string, name: string): Promise<readonly (string | null)[]> =>
  page.locator(part).evaluateAll((all, attribute) => all.map((each) => each.getAttribute(attribute)), name);

test('the three questions and the segments are answered as the command line answers them', async () => {
  const page = await ground.open('/');
  await page.getByRole('heading', { name: 'Who are our best customers?' }).waitFor();
  const { asOf } = homeSchema.parse(await ground.ask('/api/v1/home'));
  const home = homeSchema.parse(await ground.json('home', '--as-of', asOf));
  expect(await attributes(page, '[data-question=best] [data-account]', 'data-account')).toEqual(
    home.best.accounts.map(({ accountId }) => accountId),
  );
  expect(await attributes(page, '[data-question=at-risk] [data-account]', 'data-account')).toEqual(
    home.atRisk.accounts.map(({ accountId }) => accountId),
  );
  const sure = home.more.kinds.filter(({ verdict }) => verdict === 'holds');
  const kinds = (sure.length > 0 ? sure : home.more.kinds.slice(0, 4)).map(
    ({ dimension, value }) => `${dimension}:${value}`,
  );
  expect(await attributes(page, '[data-question=more] [data-kind]', 'data-kind')).toEqual(kinds);
  const rows = await page
    .locator('[data-part=segments] tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)));
  expect(rows.map(([name, accounts, , came, left]) => [name, Number(accounts), Number(came), Number(left)])).toEqual(
    home.segments.map(({ name, accounts, came, left }) => [name, accounts, came, left]),
  );
  await page.close();
});

test('every input is told with its age, and each answer leads to the accounts behind it', async () => {
  const page = await ground.open('/');
  const inputs = page.locator('[data-part=freshness] li');
  await inputs.first().waitFor();
  const { inputs: told } = z.object({ inputs: z.array(z.unknown()) }).parse(await ground.ask('/api/v1/freshness'));
  expect(await inputs.count()).toBe(told.length);
  await page.getByRole('link', { name: 'All of them, by ARR' }).click();
  await page.waitForURL(/\/accounts\?segment=At-Risk/);
  await page.close();
});

test('it is accessible and fits, in both themes, on a desk and on a phone', async () => {
  const page = await ground.open('/');
  expect(await faultsOf(page, () => page.locator('[data-part=freshness] li').first().waitFor())).toEqual([]);
  await page.close();
});
