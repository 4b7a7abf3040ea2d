// `npm run pictures`: a planted company, served, and every page of the app as pictures in docs/pictures. Plain Node but for the browser.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromiumPath } from './chromium.mjs';
import { installWhereNeeded } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const script = join(root, 'scripts', 'bellwether.mjs');
const target = join(root, 'docs', 'pictures');
const ACCOUNTS = '300';
const MONTHS = '18';
const DAY_MILLIS = 86_400_000;
const PATIENCE_MILLIS = 300_000;
const LOOK_MILLIS = 500;
const OPERATOR = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'correct horse battery staple' };
/** Wide by day, narrow by night: both widths and both themes of every page, in half the pictures. */
const LOOKS = [
  { suffix: 'wide', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { suffix: 'narrow', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
];
const PAGES = [
  ['home', () => '/'],
  ['accounts', () => '/accounts'],
  ['account', (account) => `/accounts/${account}`],
  ['users', () => '/users'],
  ['segments', () => '/segments'],
  ['segment', () => '/segments/Strategic'],
  ['moves', () => '/moves?days=30'],
  ['activation', () => '/activation'],
  ['evidence', () => '/evidence/milestones'],
  ['evidence-segments', () => '/evidence/segments'],
  ['model', () => '/model'],
  ['data', () => '/data'],
  ['settings', () => '/settings'],
];

if (installWhereNeeded(root)) await main();
else process.exitCode = 2;

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-pictures-'));
  const end = new Date(Date.now() - DAY_MILLIS).toISOString().slice(0, 10);
  const before = new Date(Date.parse(end) - 13 * DAY_MILLIS).toISOString().slice(0, 10);
  bellwether('simulate', folder, '--accounts', ACCOUNTS, '--months', MONTHS, '--end', end);
  for (const words of [['import'], ['run', '--as-of', before], ['run']]) bellwether(...words, '--workspace', folder);
  const server = spawn(process.execPath, [script, 'serve', '--workspace', folder, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((settle) => server.on('close', settle));
  try {
    await shoot(await started(server));
  } finally {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves once everybody was computed, so that the pages have something to show. */
function started(server) {
  return new Promise((settle, refuse) => {
    let said = null;
    createInterface({ input: server.stdout }).on('line', (line) => {
      const event = JSON.parse(line);
      if (event.event === 'started') said = event;
      if (event.event === 'sweep' && said !== null) settle(said);
    });
    server.on('close', () => refuse(new Error('the app could not be served')));
  });
}

async function shoot({ address, setup }) {
  const { chromium } = await import('playwright-core');
  const headers = { 'content-type': 'application/json', origin: address };
  const body = JSON.stringify({ token: new URL(setup).hash.slice(1), operator: OPERATOR });
  const made = await fetch(`${address}/api/v1/setup`, { method: 'POST', headers, body });
  if (!made.ok) throw new Error(`nobody could be set up: ${await made.text()}`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] });
  try {
    for (const { suffix, ...look } of LOOKS) {
      const context = await browser.newContext({ ...look, reducedMotion: 'reduce' });
      const { email, password } = OPERATOR;
      await context.request.post(`${address}/api/v1/session`, { data: { email, password }, headers });
      const account = await someoneAtRisk(context.request, address);
      await isAnswered(context.request, `${address}/api/v1/evidence/segments`);
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MILLIS);
      for (const [name, pathOf] of PAGES) {
        await page.goto(`${address}${pathOf(account)}`, { waitUntil: 'networkidle' });
        await page.locator('main [aria-busy=true], main .mantine-Skeleton-root').first().waitFor({ state: 'hidden' });
        await page.waitForLoadState('networkidle');
        await page.screenshot({ path: join(target, `${name}-${suffix}.png`) });
        console.log(`${name}-${suffix}.png`);
      }
    }
  } finally {
    await browser.close();
  }
}

/** The largest account that is at risk: the one a person would open first. */
async function someoneAtRisk(request, address) {
  const answer = await request.get(`${address}/api/v1/accounts?segment=At-Risk&sort=-arr&limit=1`);
  const { accounts } = await answer.json();
  return accounts[0].accountId;
}

/** Waits until the evidence that cards of segments show has been computed. */
async function isAnswered(request, url) {
  while ((await request.get(url)).status() !== 200) await sleep(LOOK_MILLIS);
}

function bellwether(...words) {
  const { status } = spawnSync(process.execPath, [script, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`bellwether ${words.join(' ')} ended with ${status}`);
}
