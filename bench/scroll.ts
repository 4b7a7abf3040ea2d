// A list of 10,000 accounts scrolled in a real browser, frame by frame: `npx tsx bench/scroll.ts [--accounts N] [--seconds S]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { chromiumPath } from '../scripts/chromium.mjs';
import { buildPagesWhereNeeded } from '../scripts/web.mjs';
import { simulate } from '../src/simulate/simulate.ts';
import { progress, report } from './measure.ts';
import { bellwether, startServed } from './served.ts';

const { values } = parseArgs({
  options: { accounts: { type: 'string', default: '10000' }, seconds: { type: 'string', default: '10' } },
  strict: false,
});
const size = { accounts: Number(values['accounts']), seconds: Number(values['seconds']) };
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PASSWORD = 'four plain words here';
const EMAIL = 'ada@acme.example';
const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const WHEEL_PIXELS = 100;
const ROW_PIXELS = 40;
const FRAME_MILLIS = 1_000 / 60;
/** A frame that took this much longer than one sixtieth of a second was missed. */
const MISSED = 1.5;

/** Every frame of the scroll, in milliseconds, as the page saw them. */
async function scroll(page: Page, seconds: number): Promise<readonly number[]> {
  await page.mouse.move(700, 500);
  await page.evaluate(`(() => {
    window.frames_ = []; let last = performance.now();
    const tick = (now) => { window.frames_.push(now - last); last = now; window.ticking_ = requestAnimationFrame(tick); };
    window.ticking_ = requestAnimationFrame(tick);
  })()`);
  const end = Date.now() + seconds * 1_000;
  while (Date.now() < end) {
    await page.mouse.wheel(0, WHEEL_PIXELS);
    await sleep(FRAME_MILLIS);
  }
  const frames = await page.evaluate('(cancelAnimationFrame(window.ticking_), window.frames_.slice(2))');
  return z.array(z.number()).parse(frames);
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** The browser's own trace of the same seconds: how long its main thread was busy without a pause, in milliseconds. */
async function traced(page: Page, work: () => Promise<readonly number[]>) {
  const session = await page.context().newCDPSession(page);
  const seen: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => seen.push(...(value as unknown as readonly TraceEvent[])));
  await session.send('Tracing.start', {
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline'] },
  });
  const frames = await work();
  const done = new Promise<void>((settle) => session.once('Tracing.tracingComplete', () => settle()));
  await session.send('Tracing.end');
  await done;
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const main = new Set(seen.filter(({ args }) => args?.name === 'CrRendererMain').map(threadOf));
  const tasks = seen.filter((event) => event.name === 'RunTask' && main.has(threadOf(event)));
  return { frames, tasks: tasks.map(({ dur }) => (dur ?? 0) / 1_000) };
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;

const folder = mkdtempSync(join(tmpdir(), 'bellwether-scroll-'));
const closing: (() => Promise<void>)[] = [];
try {
  progress(`a company of ${size.accounts} accounts`);
  await buildPagesWhereNeeded(ROOT);
  await simulate(
    { seed: 1, end: YESTERDAY, accounts: size.accounts, months: 3, usersPerAccount: 3, activity: 0.2 },
    folder,
  );
  bellwether(folder, 'import');
  const served = await startServed(folder);
  closing.unshift(served.close);
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] });
  closing.unshift(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const data = { token: served.setup, operator: { name: 'Ada', email: EMAIL, password: PASSWORD } };
  await context.request.post(`${served.url}/api/v1/setup`, { data, headers: { origin: served.url } });
  const page = await context.newPage();
  await page.goto(`${served.url}/accounts`);
  await page.locator('[role=row] a[title]').first().waitFor();
  const painted = z
    .number()
    .parse(await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"));
  await page.locator('[role=row] svg[role=img]').first().waitFor();
  const { frames, tasks } = await traced(page, () => scroll(page, size.seconds));
  const sorted = frames.toSorted((a, b) => a - b);
  const missed = frames.filter((frame) => frame > MISSED * FRAME_MILLIS).length;
  const rate = (1_000 * frames.length) / frames.reduce((sum, frame) => sum + frame, 0);
  const down = z.number().parse(await page.evaluate('document.querySelector("[role=grid]").scrollTop'));
  const note = `${frames.length} frames`;
  report({
    row: 'scroll',
    sizes: { accounts: size.accounts, 'rows passed': Math.round(down / ROW_PIXELS) },
    versions: { chromium: browser.version() },
    isEqual: true,
    figures: [
      {
        what: 'first paint of the list',
        value: painted,
        unit: 'ms',
        below: 1_000,
        note: 'nothing kept by the browser',
      },
      { what: 'frames a second', value: rate, unit: 'count', note: '60 at most' },
      { what: 'a frame, median', value: at(sorted, 0.5), unit: 'ms', note },
      { what: 'a frame, p95', value: at(sorted, 0.95), unit: 'ms', below: MISSED * FRAME_MILLIS, note },
      { what: 'a frame, p99', value: at(sorted, 0.99), unit: 'ms', note },
      { what: 'frames missed', value: (100 * missed) / frames.length, unit: '%', below: 5 },
      { what: 'longest task of the main thread', value: Math.max(0, ...tasks), unit: 'ms', below: 50 },
    ],
    notes: [
      `${size.seconds} s of wheel, ${WHEEL_PIXELS} pixels at a time, served beside it, drawn without a graphics processor`,
    ],
  });
} finally {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true, force: true });
}
