import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { KeyRing } from '../../src/api/key.ts';
import { loadAcme } from './acme.ts';
import { ask, type OpenEngines, openEngines, type Serving, serve, until } from './serving.ts';

const START = Date.UTC(2026, 2, 10, 12);
const begun = Date.now();
const clock = (): number => START + (Date.now() - begun);

let engines: OpenEngines;
let service: Serving;
let admin = '';

beforeAll(async () => {
  engines = await openEngines();
  await loadAcme(engines.warehouse, START);
  service = await serve(engines, clock);
  admin = (await new KeyRing(engines.ledger, clock).create('ann', 'admin', 'test')).key;
  await until(
    () => service.loop.state,
    ({ sweptAt }) => sweptAt !== null,
  );
});

afterAll(async () => {
  await service.close();
  await engines.close();
});

function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${service.address}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${admin}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const segmentOf = async (): Promise<unknown> =>
  z.object({ segment: z.string() }).parse(await (await call('GET', '/accounts/acme')).json()).segment;

test('an override is set and ended only as it was seen, moves the account at once, and needs a reason and an end', async () => {
  const path = '/accounts/acme/override';
  expect((await call('GET', path)).status).toBe(404);
  expect((await call('POST', path, { segment: 'Busy', days: 7 })).status).toBe(400);
  expect((await call('POST', path, { segment: 'Busy', reason: 'pilot' })).status).toBe(400);
  expect((await call('POST', path, { segment: 'Nowhere', reason: 'pilot', days: 7 })).status).toBe(400);
  expect((await call('POST', '/accounts/nobody/override', { segment: 'Busy', reason: 'x', days: 7 })).status).toBe(404);
  const said = { segment: 'Busy', reason: 'pilot', days: 7 };
  const made = await Promise.all([1, 2].map(() => call('POST', path, said, { 'if-none-match': '*' })));
  expect(made.map(({ status }) => status).sort()).toEqual([201, 412]);
  const etag = made.find(({ status }) => status === 201)?.headers.get('etag') ?? '';
  const seen = await call('GET', path);
  expect([seen.headers.get('etag'), await seen.json()]).toEqual([
    etag,
    expect.objectContaining({ accountId: 'acme', segment: 'Busy', reason: 'pilot', author: 'ann' }),
  ]);
  await until(segmentOf, (segment) => segment === 'Busy');
  const changed = await call('POST', path, { ...said, segment: 'Quiet' }, { 'if-match': etag });
  expect(changed.status).toBe(201);
  expect((await call('DELETE', path, undefined, { 'if-match': etag })).status).toBe(412);
  const listed = z.object({ overrides: z.array(z.unknown()) }).parse(await (await call('GET', '/overrides')).json());
  expect(listed.overrides).toHaveLength(1);
  const now = changed.headers.get('etag') ?? '';
  expect((await call('DELETE', path, undefined, { 'if-match': now })).status).toBe(204);
  expect((await call('DELETE', path)).status).toBe(404);
});

test('notes and pulses become facts once, with who said them, and touch the account', async () => {
  const note = await call('POST', '/accounts/acme/notes', { kind: 'call', text: 'They asked for SSO.' });
  expect(note.status).toBe(201);
  expect((await call('POST', '/accounts/acme/pulse', { pulse: 'yellow' })).status).toBe(201);
  expect((await call('POST', '/accounts/acme/pulse', { pulse: 'blue' })).status).toBe(400);
  expect((await call('POST', '/accounts/nobody/notes', { text: 'x' })).status).toBe(404);
  const notes = z.object({ notes: z.array(z.object({ author: z.string(), kind: z.string(), text: z.string() })) });
  const found = await until(
    async () => notes.parse(await (await call('GET', '/accounts/acme/notes')).json()).notes,
    (rows) => rows.length === 2,
  );
  expect(found.map(({ author, kind, text }) => [author, kind, text])).toEqual([
    ['ann', 'pulse', 'yellow'],
    ['ann', 'call', 'They asked for SSO.'],
  ]);
  // Settling again adds nothing.
  await engines.warehouse.command('TRUNCATE TABLE settled_batches');
  service.loop.nudge();
  await until(
    () => ask(engines.warehouse, 'SELECT count() AS n FROM settled_batches'),
    ([row]) => Number(row?.['n']) > 0,
  );
  expect((await ask(engines.warehouse, 'SELECT count() AS n FROM notes'))[0]?.['n']).toBe('2');
});

test('a request with an Idempotency-Key is done once and answered the same; another one under the same key is refused', async () => {
  const key = { 'idempotency-key': 'note-1' };
  const said = { kind: 'note', text: 'Once.' };
  const send = () => call('POST', '/accounts/acme/notes', said, key);
  const together = await Promise.all([send(), send(), send()]);
  const good = together.filter(({ status }) => status === 201);
  expect(good.length).toBeGreaterThan(0);
  expect(
    together
      .filter(({ status }) => status !== 201)
      .map(({ status }) => status)
      .every((status) => status === 409),
  ).toBe(true);
  const again = await send();
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
  expect(await again.json()).toEqual(await good[0]?.json());
  expect((await call('POST', '/accounts/acme/notes', { ...said, text: 'Twice.' }, key)).status).toBe(422);
  await until(
    () => ask(engines.warehouse, `SELECT count() AS n FROM notes WHERE text = 'Once.'`),
    ([row]) => row?.['n'] === '1',
  );
  const refused = await call('POST', '/accounts/nobody/notes', said, { 'idempotency-key': 'note-2' });
  const replayed = await call('POST', '/accounts/nobody/notes', said, { 'idempotency-key': 'note-2' });
  expect([refused.status, replayed.status, await replayed.json()]).toEqual([404, 404, await refused.json()]);
  expect(replayed.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const secret = () => call('POST', '/keys', { name: 'machine', scope: 'read' }, { 'idempotency-key': 'key-1' });
  expect([(await secret()).status, (await secret()).status]).toEqual([201, 409]);
  const [kept] = await engines.ledger.query(
    `SELECT count(*)::int AS n FROM idempotent_requests WHERE answer LIKE '%bw_read_%'`,
    [],
    z.object({ n: z.number() }),
  );
  expect(kept?.n).toBe(0);
});

test('whoever asks too often is told how much is left and when to come again', async () => {
  const busy = await serve(engines, clock, { limits: { write: 2 } });
  const send = () =>
    fetch(`${busy.address}/api/v1/accounts/nobody/pulse`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ pulse: 'red' }),
    });
  const first = await send();
  expect([first.headers.get('ratelimit-limit'), first.headers.get('ratelimit-remaining')]).toEqual(['2', '1']);
  // Another route of the same class counts as well.
  await fetch(`${busy.address}/api/v1/accounts/nobody/override`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${admin}` },
  });
  const third = await send();
  expect([third.status, third.headers.get('content-type')]).toEqual([
    429,
    expect.stringMatching(/^application\/problem\+json/),
  ]);
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
  await busy.close();
});
