import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../api/operators.ts';
import { emailOf, faultsOf, type Ground, openGround, PATIENCE, seriousFindings } from './ground.ts';
import { held } from './held.ts';

let ground: Ground;

beforeAll(async () => {
  ground = await openGround();
}, PATIENCE);
afterAll(async () => {
  await ground.close();
  expect(ground.faults).toEqual([]);
});

const pathOf = (page: Page): string => new URL(page.url()).pathname;

test('whoever is signed out comes to the sign-in, is told what is wrong, and gets where they wanted to go', async () => {
  const page = await ground.open('/accounts?segment=At-Risk', { role: null });
  await page.waitForURL('**/sign-in?**');
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByLabel('Email').fill(emailOf('viewer'));
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
  expect(new URL(page.url()).searchParams.get('segment')).toBe('At-Risk');
  await page.context().close();
});

test('the palette finds pages and accounts, and a letter after g goes to a page', async () => {
  const page = await ground.open('/accounts');
  await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Find a page or an account').fill('accou');
  await page.getByRole('button', { name: /^Accounts/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  expect(pathOf(page)).toBe('/accounts');
  await page.close();
});

test('an address that is no page says so and leads on', async () => {
  const page = await ground.open('/nowhere');
  await page.getByRole('heading', { name: 'There is no page here' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.close();
});

test('on a phone every page, the search and the way out are one or two touches away', async () => {
  const page = await ground.open('/accounts', { width: 390, height: 844 });
  const bar = page.getByRole('navigation', { name: 'Pages' });
  const more = bar.getByRole('button', { name: 'More' });
  await more.waitFor();
  const inBar = await bar.getByRole('link').allTextContents();
  const places = await Promise.all([...(await bar.getByRole('link').all()), more].map((each) => each.boundingBox()));
  for (const place of places)
    expect((place?.x ?? -1) >= 0 && (place?.x ?? 0) + (place?.width ?? 999) <= 390).toBe(true);
  expect(await more.getAttribute('data-status')).toBeNull();
  await more.click();
  const items = page.getByRole('menuitem');
  await items.first().waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  const inMenu = await items.allTextContents();
  const wide = await ground.open('/accounts');
  const links = wide.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  await links.first().waitFor();
  const all = await links.allTextContents();
  expect([...inBar, ...inMenu].slice(0, all.length)).toEqual(all);
  expect(inMenu).toEqual(expect.arrayContaining(['Find', 'Sign out']));
  await page.getByRole('menuitem', { name: 'Evidence' }).click();
  await page.waitForURL('**/evidence/**');
  await page.locator('nav [data-status=active]', { hasText: 'More' }).waitFor();
  await Promise.all([page.close(), wide.close()]);
});

const REPAINTED = `(() => {
  const title = document.querySelector('h1');
  title.style.color = 'rgb(1, 2, 3)';
  return getComputedStyle(title).color;
})()`;

test('for whoever wants less motion nothing moves, and what changes has its new colours at once', async () => {
  const list = held(/\/api\/v1\/segments$/);
  const page = await ground.open('/segments', { before: list.hold });
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'attached' });
  expect(await page.evaluate('matchMedia("(prefers-reduced-motion: reduce)").matches')).toBe(true);
  expect(await page.evaluate('document.getAnimations().length')).toBe(0);
  expect(await page.evaluate(REPAINTED)).toBe('rgb(1, 2, 3)');
  list.release();
  await page.close();
});

test('the shell is accessible and fits, in both themes, on a desk and on a phone', async () => {
  const page = await ground.open('/accounts');
  expect(await faultsOf(page, () => page.getByRole('row').nth(2).waitFor())).toEqual([]);
  await page.close();
});
