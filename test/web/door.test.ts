import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumPath } from '../../scripts/chromium.mjs';
import { buildPagesWhereNeeded } from '../../scripts/web.mjs';
import type { PeopleConfiguration, PrintedLink } from '../../src/api/people-side.ts';
import type { Role } from '../../src/people/role.ts';
import { loadAcme } from '../api/acme.ts';
import { PASSWORD } from '../api/operators.ts';
import { type OpenEngines, openEngines, PEOPLE, type Serving, serve, until } from '../api/serving.ts';
import { faultsOf, LOOK, seriousFindings } from './ground.ts';
import { held } from './held.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];
const LIMITS = { answer: 1e6, read: 1e6, write: 1e6, heavy: 1e6, guess: 1e6 };

let engines: OpenEngines;
let service: Serving;
let browser: Browser;
const links: PrintedLink[] = [];
/** Addresses that pages asked for, and where they said that they came from. */
const asked: string[] = [];

beforeAll(async () => {
  const [opened, pagesFolder] = await Promise.all([openEngines(), buildPagesWhereNeeded(ROOT)]);
  engines = opened;
  await loadAcme(engines.warehouse, Date.now());
  const oidc: PeopleConfiguration['oidc'] = {
    discoveryUrl: 'http://127.0.0.1:9/none',
    clientId: 'x',
    clientSecret: 'y',
    role: 'viewer',
    domains: [],
  };
  const people: PeopleConfiguration = { ...PEOPLE, oidc };
  service = await serve(engines, Date.now, { pagesFolder, people, limits: LIMITS, onLink: (link) => links.push(link) });
  browser = await chromium.launch({ executablePath: chromiumPath(), args: FLAGS });
  await until(
    () => service.loop.state.isFilled,
    (isFilled) => isFilled,
  );
});

afterAll(async () => {
  await browser.close();
  await service.close();
  await engines.close();
});

async function visit(path: string, context?: BrowserContext): Promise<Page> {
  const own = context ?? (await browser.newContext({ reducedMotion: 'reduce' }));
  const page = await own.newPage();
  page.setDefaultTimeout(LOOK);
  page.on('request', (request) => asked.push(`${request.url()} ${request.headers()['referer'] ?? ''}`));
  await page.goto(path.startsWith('http') ? path : `${service.address}${path}`);
  return page;
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).waitFor();
const pathOf = (page: Page): string => new URL(page.url()).pathname;

/** Whether whoever is signed in is offered the sections that a role may see, and no other. */
async function offered(page: Page): Promise<readonly string[]> {
  await page.goto(`${service.address}/settings`);
  await heading(page, 'You');
  return page.getByRole('navigation', { name: 'Settings' }).getByRole('link').allTextContents();
}

const EVERYBODY = ['You', 'Roles'];
const ADMIN = ['You', 'People', 'Roles', 'Keys', 'Audit log', 'Backups', 'Retention and erasure'];

test('from the first start to somebody of each role, each of whom is offered what they may do', async () => {
  const link = service.setup ?? '';
  const token = new URL(link).hash.slice(1);
  const admin = await visit(link);
  await heading(admin, 'Set up Bellwether');
  expect(await seriousFindings(admin)).toEqual([]);
  await admin.getByLabel('Your name').fill('Ada Lovelace');
  await admin.getByLabel('Email').fill('ada@acme.example');
  await admin.getByLabel('Password').fill('password1234');
  await admin.getByRole('button', { name: 'Set up' }).click();
  // What everybody tries first is refused, and uses nothing up.
  await admin.getByRole('alert').waitFor();
  await admin.getByLabel('Password').fill(PASSWORD);
  await admin.getByRole('button', { name: 'Set up' }).click();
  await heading(admin, 'People');
  expect(admin.url()).not.toContain(token);

  for (const role of ['editor', 'csm', 'viewer'] as const satisfies readonly Role[]) {
    await admin.getByLabel('Email').fill(`${role}@acme.example`);
    await admin.getByRole('combobox', { name: 'Role' }).first().click();
    await admin.getByRole('option', { name: role }).click();
    await admin.getByRole('button', { name: 'Invite' }).click();
    const shown = admin.getByRole('status').filter({ hasText: `${role}@acme.example` });
    await shown.waitFor();
    const invitation = (await shown.locator('code').textContent()) ?? '';
    expect(links.map((each) => each.link)).toContain(invitation);
    const page = await visit(invitation);
    await heading(page, 'You are invited');
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByLabel('Your name').fill(`Somebody as ${role}`);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.waitForURL((url) => url.pathname !== '/invitation');
    expect(await offered(page)).toEqual(EVERYBODY);
    // An address that is not offered says who it is for, and asks for nothing that would be refused.
    await page.goto(`${service.address}/settings/people`);
    await page.getByText('This is for administrators').waitFor();
    await page.context().close();
  }
  await admin.reload();
  await admin.getByRole('heading', { name: '4 people' }).waitFor();
  expect(await offered(admin)).toEqual(ADMIN);

  // Signing out and in again, as each of them.
  await admin.getByRole('button', { name: 'Ada Lovelace' }).click();
  await admin.getByRole('menuitem', { name: 'Sign out' }).click();
  await heading(admin, 'Sign in');
  for (const [name, sections] of [
    ['ada', ADMIN],
    ['editor', EVERYBODY],
    ['csm', EVERYBODY],
    ['viewer', EVERYBODY],
  ] as const) {
    const page = await visit('/sign-in');
    await page.getByLabel('Email').fill(`${name}@acme.example`);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => url.pathname !== '/sign-in');
    expect(await offered(page)).toEqual(sections);
    await page.context().close();
  }
  // The token is in no address that was ever asked for, and in no referrer.
  expect(asked.filter((each) => each.includes(token))).toEqual([]);
  expect(asked.filter((each) => links.some((one) => each.includes(new URL(one.link).hash.slice(1))))).toEqual([]);
  expect(asked.map((each) => each.split(' ')[1]).filter((referrer) => referrer !== '')).toEqual([]);
  await admin.context().close();
});

test('a forgotten password is another one by a link, and the link is good once', async () => {
  const page = await visit('/sign-in');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  // The page before has a field of that name, too.
  await heading(page, 'A new password');
  await page.getByLabel('Email').fill('viewer@acme.example');
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await heading(page, 'A link is under way');
  const { link } = await until(
    () => links.find(({ kind }) => kind === 'reset') ?? { link: '' },
    (found) => found.link !== '',
  );
  await page.goto(link);
  await heading(page, 'A new password');
  expect(await seriousFindings(page)).toEqual([]);
  const wanted = 'four other words now';
  await page.getByLabel('New password').fill(wanted);
  await page.getByRole('button', { name: 'Set it' }).click();
  await heading(page, 'The password is set');
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Email').fill('viewer@acme.example');
  await page.getByLabel('Password').fill(wanted);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  const again = await visit(link);
  await again.getByLabel('New password').fill(PASSWORD);
  await again.getByRole('button', { name: 'Set it' }).click();
  await again.getByRole('alert').waitFor();
  await page.context().close();
  await again.context().close();
});

test('a provider has a button, and a provider that is away is told on the page', async () => {
  const page = await visit('/sign-in');
  await page.getByRole('link', { name: 'Sign in with your provider' }).click();
  await page.getByText('The provider does not answer').waitFor();
  expect(pathOf(page)).toBe('/sign-in');
  await page.context().close();
});

test('without its token a page at the door says what is missing, and nothing more', async () => {
  for (const [path, name] of [
    ['/setup', 'Set up Bellwether'],
    ['/invitation', 'You are invited'],
    ['/reset', 'A new password'],
  ] as const) {
    const page = await visit(path);
    await heading(page, name);
    expect(await page.locator('input').count()).toBe(0);
    await page.context().close();
  }
});

test('what is being typed stays when it becomes known what data there are', async () => {
  const page = await visit('/sign-in?to=/settings/people');
  const freshness = held('**/api/v1/freshness');
  await freshness.hold(page);
  await page.getByLabel('Email').fill('ada@acme.example');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await heading(page, 'People');
  await page.getByLabel('Email').fill('grace@');
  const known = page.waitForResponse((response) => new URL(response.url()).pathname === '/api/v1/freshness');
  freshness.release();
  await (await known).finished();
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  expect(await page.getByLabel('Email').inputValue()).toBe('grace@');
  await page.context().close();
});

test('a page elsewhere is no place to go on to', async () => {
  const page = await visit('/sign-in?to=//evil.example/x');
  await page.getByLabel('Email').fill('ada@acme.example');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  expect(new URL(page.url()).origin).toBe(service.address);
  await page.context().close();
});

test('the door: axe finds nothing serious, and nothing is cut off, in both themes, on a desk and on a phone', async () => {
  for (const path of ['/sign-in', '/forgot', '/setup#token', '/invitation#token', '/reset#token']) {
    const page = await visit(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.context().close();
  }
});
