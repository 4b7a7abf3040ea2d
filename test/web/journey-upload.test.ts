import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { chromiumPath } from '../../scripts/chromium.mjs';
import { buildPagesWhereNeeded } from '../../scripts/web.mjs';
import { PASSWORD } from '../api/operators.ts';
import { until } from '../api/serving.ts';
import { scratchFolder } from '../scratch.ts';
import { worldRows } from '../simulate/rows.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];
const DAY = 86_400_000;

/** Files as another system would write them: names of its own over the columns of ours that they fill. */
const FILES = {
  accounts: {
    'Company ID': 'account_id',
    Company: 'name',
    'Created At': 'created',
    'Head Count': 'employees',
    Industry: 'industry',
  },
  contracts: {
    'Company ID': 'account_id',
    Contract: 'contract_id',
    'Start Date': 'starts',
    'Known Since': 'known',
    'End Date': 'ends',
    'Annual Recurring Revenue': 'arr',
    Kind: 'kind',
    Seats: 'seats',
  },
  users: { 'User ID': 'user_id', 'Company ID': 'account_id', 'E-Mail': 'email', Role: 'role' },
  events: { Event: 'event', Timestamp: 'time', 'User ID': 'user_id', 'Company ID': 'account_id' },
} as const;

type Name = keyof typeof FILES;

const world = worldRows({
  seed: 5,
  accounts: 12,
  months: 3,
  end: new Date(Date.now() - DAY).toISOString().slice(0, 10),
});

function cellOf(value: unknown): string {
  const text = value instanceof Date ? value.toISOString() : value == null ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvOf(name: Name): Buffer {
  const columns = Object.entries(FILES[name]);
  const rows = (world.tables.get(name) ?? []).map((row) => columns.map(([, ours]) => cellOf(row[ours])).join(','));
  return Buffer.from(`${[columns.map(([theirs]) => theirs).join(','), ...rows].join('\n')}\n`);
}

let serving: ChildProcess;
let ended: Promise<unknown>;
let browser: Browser;
let setup = '';
const faults: string[] = [];

const said = z.object({ event: z.string(), address: z.string().optional(), setup: z.string().nullish() });

beforeAll(async () => {
  const folder = join(scratchFolder(), 'acme');
  const script = join(ROOT, 'scripts/bellwether.mjs');
  await buildPagesWhereNeeded(ROOT);
  expect(spawnSync(process.execPath, [script, 'init', folder], { cwd: ROOT }).status).toBe(0);
  serving = spawn(process.execPath, [script, 'serve', '--workspace', folder, '--port', '0', '--json'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  ended = new Promise((resolve) => serving.once('exit', resolve));
  setup = await new Promise<string>((resolve) => {
    createInterface({ input: serving.stdout ?? process.stdin }).on('line', (line) => {
      const told = said.parse(JSON.parse(line));
      if (told.setup != null) resolve(told.setup);
    });
  });
  browser = await chromium.launch({ executablePath: chromiumPath(), args: FLAGS });
});
afterAll(async () => {
  await browser.close();
  serving.kill('SIGTERM');
  await ended;
  expect(faults).toEqual([]);
});

async function send(page: Page, name: Name): Promise<void> {
  const rows = (world.tables.get(name) ?? []).length;
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: `${name}.csv`, mimeType: 'text/csv', buffer: csvOf(name) });
  await page.getByRole('heading', { name: 'Mapping' }).waitFor();
  expect(await page.getByRole('combobox', { name: 'What it holds' }).inputValue()).toBe(name);
  for (const [theirs, ours] of Object.entries(FILES[name])) {
    const column = page.getByRole('combobox', { name: `Column for ${ours.replaceAll('_', ' ')}`, exact: true });
    if (ours === 'known') {
      await column.click();
      await page.getByRole('option', { name: theirs, exact: true }).click();
    }
    expect(await column.inputValue(), `${name}.${ours}`).toBe(theirs);
  }
  await page.getByRole('button', { name: 'Check it' }).click();
  await page.getByRole('heading', { name: 'What it would give' }).waitFor();
  const counts = await page.locator('dl[aria-label="Rows"] dd').allTextContents();
  const [read = 0, taken = 0, refused = 0, known = 0] = counts.map((text) => Number(text.replace(/\D/g, '')));
  // Events of the simulated company come twice here and there, as they do.
  expect([read, taken + known, refused]).toEqual([rows, rows, 0]);
  expect(known).toBeLessThan(rows / 100 + 1);
  await page.getByRole('button', { name: 'Import it' }).click();
  await page.getByRole('heading', { name: 'Imported' }).waitFor();
}

const accountSchema = z.object({
  accounts: z.array(z.object({ accountId: z.string(), segment: z.string().nullable() })),
});

test('from the link that serve prints to an account with its segment and the reason, by uploaded files alone', async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
  await page.goto(setup);
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.getByLabel('Email').fill('ada@acme.example');
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByRole('link', { name: 'Home' }).first().click();
  await page.getByRole('heading', { name: 'Nothing has come in yet' }).waitFor();
  await page.getByRole('button', { name: 'Upload a file' }).click();
  for (const name of Object.keys(FILES) as Name[]) await send(page, name);

  const { accounts } = await until(
    async () => accountSchema.parse(await (await page.request.get(new URL('/api/v1/accounts', setup).href)).json()),
    ({ accounts: all }) => all.some(({ segment }) => segment !== null),
  );
  await page.getByRole('link', { name: 'See the accounts' }).click();
  const placed = accounts.filter(({ segment }) => segment !== null);
  expect(placed.length).toBeGreaterThan(3);
  const [{ accountId } = { accountId: '' }] = placed;
  await page.locator(`a[href="/accounts/${accountId}"]`).first().click();
  const why = page.getByRole('region', { name: 'Why this segment' });
  // Another sweep of what was just imported may place it elsewhere.
  await until(
    async () => {
      const answer = await page.request.get(new URL(`/api/v1/accounts/${accountId}`, setup).href);
      const { segment } = z.object({ segment: z.string().nullable() }).parse(await answer.json());
      return { segment, told: await why.textContent() };
    },
    ({ segment, told }) => segment !== null && told?.includes(segment) === true,
  );
  expect(await why.textContent()).toMatch(/value_tier|value tier/i);
  await page.close();
});
