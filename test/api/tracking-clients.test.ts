import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumPath } from '../../scripts/chromium.mjs';
import { ask, basic, type OpenEngines, openEngines, PATIENCE, type Serving, serve, settled } from './serving.ts';

let engines: OpenEngines;
let serving: Serving;

beforeAll(async () => {
  engines = await openEngines();
  serving = await serve(engines);
});
afterAll(async () => {
  await serving.close();
  await engines.close();
});

const eventsOf = (user: string) =>
  ask(
    engines.warehouse,
    `SELECT toString(event) AS event, account_id, user_id, toString(properties) AS properties FROM events WHERE user_id = '${user}' ORDER BY time, event`,
  );
const traitsOf = (id: string) =>
  ask(engines.warehouse, `SELECT toString(name) AS name, value FROM traits WHERE id = '${id}' ORDER BY name`);

test('@segment/analytics-node: every call arrives as it was sent, with its account', async () => {
  const analytics = new Analytics({ writeKey: serving.keyOf('write'), host: serving.address, flushAt: 4 });
  const failed: unknown[] = [];
  analytics.on('error', (error) => failed.push(error));
  const at = (second: number): Date => new Date(Date.UTC(2026, 2, 1, 12, 0, second));
  analytics.identify({ userId: 's1', anonymousId: 'anon-s1', traits: { email: 'a@b.example', plan: 'pro' } });
  analytics.group({ userId: 's1', groupId: 'acme', traits: { employees: 80, createdAt: '2026-02-01T00:00:00Z' } });
  const of = { userId: 's1', context: { groupId: 'acme' } };
  analytics.track({ ...of, event: 'report_created', properties: { rows: 3, nested: { a: 'ä😀' } }, timestamp: at(1) });
  analytics.track({ userId: 's1', event: 'report_exported', properties: { workspace_id: 'other' }, timestamp: at(2) });
  analytics.page({
    ...of,
    name: 'Home',
    category: 'Docs',
    properties: { url: 'https://x.example/' },
    timestamp: at(3),
  });
  analytics.screen({ ...of, name: 'Start', timestamp: at(4) });
  analytics.track({ userId: 's1', event: 'nobody_says_whose', timestamp: at(5) });
  analytics.alias({ userId: 's1', previousId: 'old-s1' });
  await analytics.closeAndFlush({ timeout: PATIENCE });
  expect(failed).toEqual([]);
  await settled(engines.warehouse);
  expect(await eventsOf('s1')).toEqual([
    { event: 'report_created', account_id: 'acme', user_id: 's1', properties: "{'nested.a':'ä😀','rows':'3'}" },
    { event: 'report_exported', account_id: 'other', user_id: 's1', properties: "{'workspace_id':'other'}" },
    {
      event: 'page_viewed',
      account_id: 'acme',
      user_id: 's1',
      properties: "{'category':'Docs','name':'Home','url':'https://x.example/'}",
    },
    { event: 'screen_viewed', account_id: 'acme', user_id: 's1', properties: "{'name':'Start'}" },
    { event: 'nobody_says_whose', account_id: '', user_id: 's1', properties: '{}' },
  ]);
  expect(await traitsOf('s1')).toEqual([
    { name: 'email', value: 'a@b.example' },
    { name: 'plan', value: 'pro' },
  ]);
  expect(await traitsOf('acme')).toEqual([{ name: 'employees', value: '80' }]);
  expect(await ask(engines.warehouse, `SELECT toDate(created) AS d FROM accounts WHERE account_id = 'acme'`)).toEqual([
    { d: '2026-02-01' },
  ]);
  expect(await ask(engines.warehouse, `SELECT account_id FROM users WHERE user_id = 's1'`)).toEqual([
    { account_id: 'acme' },
  ]);
  expect(
    await ask(engines.warehouse, `SELECT anonymous_id, previous_id FROM identities WHERE user_id = 's1' ORDER BY 1`),
  ).toEqual([
    { anonymous_id: '', previous_id: 'old-s1' },
    { anonymous_id: 'anon-s1', previous_id: '' },
  ]);
});

test('@segment/analytics-node waits and sends again after 429, and every event is there once', async () => {
  let refusals = 2;
  const gate = createServer((request, response) => {
    if (refusals > 0) {
      refusals -= 1;
      request.resume();
      response.writeHead(429, { 'retry-after': '1', 'x-ratelimit-reset': '1' }).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const headers = { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' };
      const body = Buffer.concat(chunks);
      // The answer is lost once more: what was accepted is sent again with the same ids.
      const answer = await fetch(`${serving.address}${request.url}`, { method: 'POST', headers, body });
      const again = await fetch(`${serving.address}${request.url}`, { method: 'POST', headers, body });
      response.writeHead(Math.max(answer.status, again.status)).end(await again.text());
    });
  });
  const host = await listen(gate);
  const analytics = new Analytics({ writeKey: serving.keyOf('write'), host, flushAt: 20 });
  for (let i = 0; i < 20; i += 1) {
    analytics.track({ userId: 's2', event: 'report_created', properties: { i }, context: { groupId: 'acme' } });
  }
  await analytics.closeAndFlush({ timeout: PATIENCE });
  gate.close();
  await settled(engines.warehouse);
  expect(refusals).toBe(0);
  const events = await eventsOf('s2');
  expect(new Set(events.map(({ properties }) => properties)).size).toBe(20);
  expect(events.length).toBe(20);
});

test('@rudderstack/rudder-sdk-node: every call arrives, gzip or not', async () => {
  for (const [user, gzip] of [
    ['r1', false],
    ['r2', true],
  ] as const) {
    const client = new RudderAnalytics(serving.keyOf('write'), { dataPlaneUrl: serving.address, gzip, flushAt: 3 });
    const timestamp = new Date('2026-03-02T10:00:00.500Z');
    client.identify({ userId: user, traits: { role: 'admin' } });
    client.group({ userId: user, groupId: 'rudder-co', traits: { industry: 'saas' } });
    client.track({ userId: user, event: 'report_created', properties: { n: 1 }, timestamp });
    client.track({ userId: user, event: 'data_connected', context: { groupId: 'rudder-co' }, timestamp });
    client.page({ userId: user, name: 'Pricing', timestamp: new Date('2026-03-02T10:00:01Z') });
    client.screen({ userId: user, name: 'Main', timestamp: new Date('2026-03-02T10:00:02Z') });
    client.alias({ userId: user, previousId: `old-${user}` });
    await new Promise<void>((resolve, reject) => {
      client.flush((error?: unknown) => (error === undefined || error === null ? resolve() : reject(error as Error)));
    });
    await settled(engines.warehouse);
    const events = await eventsOf(user);
    expect(events.map(({ event, account_id }) => [event, account_id])).toEqual([
      ['data_connected', 'rudder-co'],
      ['report_created', ''],
      ['page_viewed', ''],
      ['screen_viewed', ''],
    ]);
    expect(await traitsOf(user)).toEqual([{ name: 'role', value: 'admin' }]);
    expect(await ask(engines.warehouse, `SELECT user_id FROM identities WHERE previous_id = 'old-${user}'`)).toEqual([
      { user_id: user },
    ]);
  }
});

test('a page in Chromium on another origin sends by fetch and by sendBeacon, with the write key in the body', async () => {
  const page = `<!doctype html><title>shop</title><script>
    const send = (path, call) => fetch('${serving.address}/v1/' + path, {
      method: 'POST', headers: { 'content-type': 'text/plain' }, keepalive: true,
      body: JSON.stringify({ ...call, writeKey: '${serving.keyOf('write')}', sentAt: new Date().toISOString() }) }).then((r) => r.json());
    const json = (path, call) => fetch('${serving.address}/v1/' + path, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: '${basic(serving.keyOf('write'))}' },
      body: JSON.stringify(call) }).then((r) => r.json());
    const of = { anonymousId: 'visitor', userId: 'b1', context: { groupId: 'browser-co' }, timestamp: new Date().toISOString() };
    window.done = (async () => {
      const answers = [
        await send('i', { ...of, traits: { theme: 'dark' } }),
        await send('t', { ...of, event: 'report_created', properties: { from: 'fetch' } }),
        await json('p', { ...of, name: 'Home' }),
      ];
      const beacon = { writeKey: '${serving.keyOf('write')}', batch: [{ ...of, type: 'track', event: 'report_exported', messageId: 'beacon-1' }] };
      answers.push(navigator.sendBeacon('${serving.address}/v1/b', new Blob([JSON.stringify(beacon)], { type: 'text/plain' })));
      return answers;
    })();
  </script>`;
  const site = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(page));
  const origin = await listen(site);
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-chromium-'));
  const browser = await chromium.launchPersistentContext(folder, {
    executablePath: chromiumPath(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  try {
    const tab = await browser.newPage();
    await tab.goto(origin);
    expect(await tab.evaluate('window.done')).toEqual([{ success: true }, { success: true }, { success: true }, true]);
    await tab.close({ runBeforeUnload: true });
    const found = () => ask(engines.warehouse, `SELECT count() AS n FROM arrivals WHERE message_id = 'beacon-1'`);
    await expect.poll(found, { timeout: PATIENCE }).toEqual([{ n: '1' }]);
  } finally {
    await browser.close();
    site.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  await settled(engines.warehouse);
  const events = await eventsOf('b1');
  expect(events.map(({ event }) => event).sort()).toEqual(['page_viewed', 'report_created', 'report_exported']);
  expect(new Set(events.map(({ account_id }) => account_id))).toEqual(new Set(['browser-co']));
  expect(await traitsOf('b1')).toEqual([{ name: 'theme', value: 'dark' }]);
});

test('the clock of the sender is corrected, gzip is unpacked, and the context of a batch lies under the call', async () => {
  const hour = 3_600_000;
  const sent = Date.now() + 5 * hour;
  const body = {
    writeKey: serving.keyOf('write'),
    sentAt: new Date(sent).toISOString(),
    context: { groupId: 'batch-co' },
    batch: [
      {
        type: 'track',
        userId: 'c1',
        event: 'report_created',
        originalTimestamp: new Date(sent - 2 * hour).toISOString(),
      },
      { type: 'track', userId: 'c1', event: 'report_exported', context: { groupId: 'own-co' } },
    ],
  };
  const before = Date.now();
  const answer = await fetch(`${serving.address}/v1/batch`, {
    method: 'POST',
    headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
    body: gzipSync(JSON.stringify(body)),
  });
  const after = Date.now();
  expect([answer.status, await answer.json()]).toEqual([200, { success: true }]);
  await settled(engines.warehouse);
  const rows = await ask(
    engines.warehouse,
    `SELECT toString(event) AS event, account_id, toUnixTimestamp64Milli(time) AS at FROM events WHERE user_id = 'c1' ORDER BY time`,
  );
  expect(rows.map(({ event, account_id }) => [event, account_id])).toEqual([
    ['report_created', 'batch-co'],
    ['report_exported', 'own-co'],
  ]);
  expect(Number(rows[0]?.['at'])).toBeGreaterThanOrEqual(before - 2 * hour);
  expect(Number(rows[0]?.['at'])).toBeLessThanOrEqual(after - 2 * hour);
});

test('an event without an account belongs to the only account of its user, and of none with two', async () => {
  const call = (type: string, rest: object) => ({ type, ...rest });
  const batch = [
    call('group', { userId: 'd1', groupId: 'only' }),
    call('group', { userId: 'd2', groupId: 'only' }),
    call('group', { userId: 'd2', groupId: 'second' }),
  ];
  expect((await serving.send('/v1/batch', { batch })).status).toBe(200);
  await expect.poll(() => serving.book.accountsOf('d2'), { timeout: PATIENCE }).toEqual(['only', 'second']);
  const later = [call('track', { userId: 'd1', event: 'x' }), call('track', { userId: 'd2', event: 'y' })];
  expect((await serving.send('/v1/batch', { batch: later })).status).toBe(200);
  const told = await fetch(`${serving.address}/api/v1/data/calls`, {
    headers: { authorization: `Bearer ${serving.keyOf('read')}` },
  });
  const { calls } = (await told.json()) as { calls: Record<string, unknown>[] };
  expect(calls.slice(-2).map(({ accountId, attributedBy }) => [accountId, attributedBy])).toEqual([
    ['only', 'only account of the user'],
    [null, null],
  ]);
  expect(serving.failures).toEqual([]);
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}
