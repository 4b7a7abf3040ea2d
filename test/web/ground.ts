import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { chromiumPath } from '../../scripts/chromium.mjs';
import { buildPagesWhereNeeded } from '../../scripts/web.mjs';
import type { Role } from '../../src/people/role.ts';
import type { Workspace } from '../../src/pipeline/workspace.ts';
import { hire, PASSWORD } from '../api/operators.ts';
import { type Serving, serve, until } from '../api/serving.ts';
import { cli } from '../cli/terminal.ts';
import { BEGUN, plantWorld } from './world.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LIMITS = { answer: 1e6, read: 1e6, write: 1e6, heavy: 1e6, guess: 1e6 };
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** How a page is looked at. */
export interface Look {
  /** Who looks; null: nobody is signed in. */
  readonly role?: Role | null;
  readonly scheme?: 'light' | 'dark';
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Done with the page before it goes anywhere. */
  readonly before?: (page: Page) => Promise<void>;
}

/** A service with pages over a planted company, and a browser. */
export interface Ground {
  readonly address: string;
  readonly workspace: Workspace;
  readonly service: Serving;
  /** What the console and the pages complained of; a test of a page ends with none. */
  readonly faults: readonly string[];
  /** Opens a page of the app, signed in as somebody of that role (an administrator where none is named). */
  readonly open: (path: string, look?: Look) => Promise<Page>;
  /** Asks the service as an administrator; fails where it refuses. */
  readonly ask: (path: string) => Promise<unknown>;
  /** What `bellwether ... --json` prints over the same engines. */
  readonly json: (...words: string[]) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** Milliseconds that a planted world, and what is computed of it, may take on a machine that does other things too. */
export const PATIENCE = 600_000;

/** Milliseconds that a page may take to show what it has. */
export const LOOK = 120_000;

/** The address of somebody of a role. */
export const emailOf = (role: Role): string => `${role}@acme.example`;

/** What is otherwise about a ground. */
export interface GroundOptions {
  /** Makes the workspace that is served; absent: the planted company that test files share. */
  readonly plant?: () => Promise<Workspace>;
  /** Done with the workspace before it is served; then nobody waits for what is computed. */
  readonly before?: (workspace: Workspace) => Promise<void>;
}

/** Plants a world, serves it with pages, and opens a browser; ready when everything has been computed once. */
export async function openGround({ plant = plantWorld, before }: GroundOptions = {}): Promise<Ground> {
  const [workspace, pagesFolder] = await Promise.all([plant(), buildPagesWhereNeeded(ROOT)]);
  await before?.(workspace);
  const started = Date.now();
  const clock = (): number => BEGUN + (Date.now() - started);
  const service = await serve(workspace, clock, { pagesFolder, limits: LIMITS });
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: FLAGS });
  const faults: string[] = [];
  for (const role of ['admin', 'editor', 'csm', 'viewer'] as const) await hire(workspace, emailOf(role), role);
  if (before === undefined) await filled(service);
  const contexts = new Contexts(browser, service.address);
  return {
    ...{ address: service.address, workspace, service, faults },
    open: async (path, look = {}) => {
      const page = await (await contexts.of(look)).newPage();
      page.setDefaultTimeout(LOOK);
      listen(page, faults);
      await look.before?.(page);
      await page.goto(`${service.address}${path}`);
      return page;
    },
    ask: async (path) => {
      const answer = await (await contexts.of({})).request.get(`${service.address}${path}`);
      if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
      return answer.json();
    },
    json: (...words) => printed(workspace, words),
    close: async () => {
      await browser.close();
      await service.close();
      await workspace.close();
    },
  };
}

/** Waits until everything has been computed once. */
export async function filled({ loop }: Serving): Promise<void> {
  await until(
    () => loop.state.isFilled,
    (isFilled) => isFilled,
  );
}

/** Browsers' profiles, one for each way to look, signed in once. */
class Contexts {
  readonly #browser: Browser;
  readonly #address: string;
  readonly #open = new Map<string, Promise<BrowserContext>>();

  constructor(browser: Browser, address: string) {
    this.#browser = browser;
    this.#address = address;
  }

  of({ role = 'admin', scheme = 'light', width = 1440, height = 900 }: Look): Promise<BrowserContext> {
    const key = JSON.stringify([role, scheme, width, height]);
    const made = this.#open.get(key) ?? this.#make(role, scheme, { width, height });
    // Somebody who signs in on the way is nobody to begin another test with.
    if (role !== null) this.#open.set(key, made);
    return made;
  }

  async #make(
    role: Role | null,
    colorScheme: 'light' | 'dark',
    viewport: { readonly width: number; readonly height: number },
  ): Promise<BrowserContext> {
    const context = await this.#browser.newContext({ colorScheme, viewport, reducedMotion: 'reduce' });
    if (role === null) return context;
    const answer = await context.request.post(`${this.#address}/api/v1/session`, {
      data: { email: emailOf(role), password: PASSWORD },
      headers: { origin: this.#address },
    });
    if (!answer.ok()) throw new Error(`${role} cannot sign in: ${await answer.text()}`);
    return context;
  }
}

/** Notes what the page complains of; a refusal that the page tells the reader is none. */
function listen(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' || message.text().includes('Failed to load resource')) return;
    faults.push(`${page.url()}: ${message.text()}`);
  });
}

async function printed({ warehouse, ledger, directory }: Workspace, words: readonly string[]): Promise<unknown> {
  const { url, username, password } = warehouse.engine.address();
  const engine = new URL(url);
  engine.username = username;
  engine.password = password;
  const environment = {
    CLICKHOUSE_URL: engine.href,
    CLICKHOUSE_DATABASE: warehouse.database,
    DATABASE_URL: ledger.server.url(),
  };
  const { status, stdout, stderr } = await cli([...words, '--json', '--workspace', directory], environment);
  if (status === 2) throw new Error(stderr);
  return JSON.parse(stdout);
}

const findingsSchema = z.array(
  z.object({
    id: z.string(),
    impact: z.string().nullish(),
    help: z.string(),
    nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
  }),
);

/** A theme, and the pixels of a window: of a desk or of a phone. */
export type Surface = readonly [scheme: 'light' | 'dark', width: number];

/** Both themes, on a desk and on a phone. */
export const SURFACES: readonly Surface[] = [
  ['light', 1440],
  ['dark', 1440],
  ['light', 390],
  ['dark', 390],
];

/** Each theme and each width once, for pages that differ in little else. */
export const TWO: readonly Surface[] = [
  ['light', 1440],
  ['dark', 390],
];

const DRAWN =
  'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(drawn))))';

/**
 * What is serious against a page, and what of it is cut off, on every surface, one line each; empty: nothing. `isDrawn`
 * waits until the page stands as it is to be looked at, on each.
 */
export async function faultsOf(
  page: Page,
  isDrawn: () => Promise<unknown> = async () => undefined,
  surfaces = SURFACES,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [scheme, width] of surfaces) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor();
    await page.evaluate(DRAWN);
    await isDrawn();
    const [serious, overflow] = [await seriousFindings(page), await overflowOf(page)];
    const faults = overflow === 0 ? serious : [...serious, `${overflow} px are cut off`];
    found.push(...faults.map((fault) => `${page.url()}, ${scheme} at ${width} px: ${fault}`));
  }
  return found;
}

/** What axe finds serious or critical on a page as it stands, one line each; empty: nothing. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axe.source);
  const found = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  return findingsSchema
    .parse(found)
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary ?? ''}`),
    );
}

/** By how many pixels a page is wider than its window; 0 where it fits. */
export async function overflowOf(page: Page): Promise<number> {
  const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  return z.number().parse(wide);
}
