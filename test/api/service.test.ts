import { gzipSync } from 'node:zlib';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { loadAcme } from './acme.ts';
import { basic, type OpenEngines, openEngines, type Serving, serve, until } from './serving.ts';

const DAY = 86_400_000;
/** A Tuesday, at noon; the service's clock goes on from here. */
const START = Date.UTC(2026, 2, 10, 12);
const begun = Date.now();
const clock = (): number => START + (Date.now() - begun);

let engines: OpenEngines;
let service: Serving;
let admin = '';

beforeAll(async () => {
  engines = await openEngines();
  await loadAcme(engines.warehouse, START);
  service = await serve(engines, clock, { origins: ['https://app.acme.example'] });
  // What is tracked has been tracked for a while: windows that reach back before its first whole day are unknown.
  const timestamp = new Date(START - 90 * DAY).toISOString();
  const past = { type: 'track', userId: 'ada', event: 'data_connected', context: { groupId: 'acme' }, timestamp };
  expect((await service.send('/v1/import', { batch: [past] })).status).toBe(200);
  await until(
    () => service.loop.state,
    ({ sweptAt }) => sweptAt !== null,
  );
});

afterAll(async () => {
  await OpenFeature.close();
  await service.close();
  await engines.close();
});

const get = (path: string, key: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${service.address}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
const post = (path: string, key: string, body: unknown): Promise<Response> =>
  get(path, key, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

test('the link of the first start makes one administrator, once, and opening it uses nothing up', async () => {
  const token = new URL(service.setup ?? '').hash.slice(1);
  // Whatever a chat or a browser looks at beforehand, with pages or without.
  for (const accept of ['text/html', '*/*']) await fetch(service.setup ?? '', { headers: { accept } });
  const use = () => post('/api/v1/setup', '', { token });
  const [first, second] = await Promise.all([use(), use()]);
  expect([first.status, second.status].sort()).toEqual([200, 403]);
  const good = first.status === 200 ? first : second;
  admin = z.object({ key: z.string(), scope: z.literal('admin') }).parse(await good.json()).key;
  expect((await use()).status).toBe(403);
  expect((await post('/api/v1/setup', '', { token: 'guessed' })).status).toBe(403);
});

test('a key opens what its scope says, is shown once, and ends when it is revoked', async () => {
  const made = await post('/api/v1/keys', admin, { name: 'reader', scope: 'read' });
  expect(made.status).toBe(201);
  const { key, keyId } = z.object({ key: z.string(), keyId: z.number() }).parse(await made.json());
  expect((await get('/api/v1/accounts/acme', key)).status).toBe(200);
  for (const path of ['/api/v1/keys', '/api/v1/holds/1/release']) {
    const method = path.endsWith('release') ? 'POST' : 'GET';
    expect((await get(path, key, { method })).status, path).toBe(403);
    expect((await get(path, 'bw_read_nobody', { method })).status, path).toBe(401);
  }
  expect((await get('/api/v1/accounts/acme', service.keyOf('write'))).status).toBe(403);
  const sent = { userId: 'ada', event: 'report_created' };
  const asReader = await fetch(`${service.address}/v1/track`, {
    method: 'POST',
    headers: { authorization: basic(key) },
    body: JSON.stringify(sent),
  });
  expect(asReader.status).toBe(401);
  const listed = await (await get('/api/v1/keys', admin)).text();
  expect(listed).toContain('"reader"');
  expect(listed).not.toContain(key);
  expect((await get(`/api/v1/keys/${keyId}`, admin, { method: 'DELETE' })).status).toBe(204);
  expect((await get('/api/v1/accounts/acme', key)).status).toBe(401);
  expect((await get(`/api/v1/keys/${keyId}`, admin, { method: 'DELETE' })).status).toBe(404);
  expect((await post('/api/v1/keys', admin, { name: 'x', scope: 'owner' })).status).toBe(400);
});

test('an event that tips an account is seen by an OpenFeature client and in the stream of moves', async () => {
  const read = service.keyOf('read');
  const moves: { readonly to: string | null; readonly cause: string }[] = [];
  const source = new EventSource(`${service.address}/api/v1/stream`, {
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${read}` } }),
  });
  source.addEventListener('move', ({ data }) => moves.push(JSON.parse(String(data))));
  await until(
    () => source.readyState,
    (state) => state === EventSource.OPEN,
  );
  const headers = [['authorization', `Bearer ${read}`]] as [string, string][];
  await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: service.address, headers }));
  const client = OpenFeature.getClient();
  const segment = () => client.getStringValue('segment', 'none', { targetingKey: 'ada' });
  expect(await segment()).toBe('Quiet');
  const sent = await service.send('/v1/track', {
    userId: 'ada',
    event: 'cancel_clicked',
    context: { groupId: 'acme' },
  });
  expect(sent.status).toBe(200);
  await until(segment, (value) => value === 'At-Risk');
  await until(
    () => moves,
    (seen) => seen.some(({ to, cause }) => to === 'At-Risk' && cause === 'behaviour'),
  );
  source.close();
  expect(service.failures).toEqual([]);
});

test('the debugger tells what arrived, for whom, what nobody planned and what was refused', async () => {
  const read = service.keyOf('read');
  const batch = [
    { type: 'track', userId: 'ada', event: 'odd_event', messageId: 'odd' },
    { type: 'track', event: 'nobody' },
  ];
  const packed = await fetch(`${service.address}/v1/batch`, {
    method: 'POST',
    headers: { authorization: basic(service.keyOf('write')), 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify({ batch })),
  });
  expect(await packed.json()).toMatchObject({ success: true, accepted: 1, refused: 1 });
  const { calls } = z
    .object({ calls: z.array(z.record(z.string(), z.unknown())) })
    .parse(await (await get('/api/v1/data/calls', read)).json());
  const odd = calls.find((call) => call['messageId'] === 'odd');
  expect(odd).toMatchObject({
    accountId: 'acme',
    attributedBy: 'only account of the user',
    isPlanned: false,
    refused: null,
  });
  expect(calls.at(-1)).toMatchObject({ refused: { reason: 'missing', field: 'userId' } });
  const unplanned = async () =>
    (await get('/api/v1/taxonomy/unplanned', read)).json() as Promise<{ events: { event: string; events: number }[] }>;
  const found = await until(unplanned, ({ events }) => events.length > 0);
  expect(found.events.map(({ event, events }) => [event, events])).toContainEqual(['odd_event', 1]);
});

test('a page on an origin that is named may ask for answers, and no other', async () => {
  const asked = (origin: string) =>
    fetch(`${service.address}/ofrep/v1/evaluate/flags`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
  const named = await asked('https://app.acme.example');
  expect(named.headers.get('access-control-allow-origin')).toBe('https://app.acme.example');
  expect((await asked('https://elsewhere.example')).headers.get('access-control-allow-origin')).toBeNull();
});

test('it says that it lives, how far it is, and that nothing is anywhere else', async () => {
  expect((await fetch(`${service.address}/healthz`)).status).toBe(200);
  expect(await (await fetch(`${service.address}/readyz`)).json()).toMatchObject({ status: 'ready', isSweeper: true });
  const nowhere = await fetch(`${service.address}/api/v1/nowhere`);
  expect(nowhere.status).toBe(404);
  expect(nowhere.headers.get('content-type')).toContain('application/problem+json');
});
