import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, basic, type OpenEngines, openEngines, type Serving, serve, settled } from './serving.ts';

const REQUESTS = 10_000;
const LANES = 16;
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

/** A small generator of numbers, the same for the same seed (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const STRANGE: readonly (() => string)[] = [
  () => 'null',
  () => 'true',
  () => '[]',
  () => '{}',
  () => '-1',
  () => '1e999',
  () => '123456789012345678901234567890',
  () => '""',
  () => '"\\ud800"',
  () => '"a\\u0000b\\u001f"',
  () => '"\\ud83d\\ude00"',
  () => `"${'x'.repeat(5_000)}"`,
  () => `"${'y'.repeat(40_000)}"`,
  () => '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1,"hasOwnProperty":2}',
  () => '"2026-13-45T99:99:99Z"',
  () => '"0001-01-01T00:00:00Z"',
  () => '"9999-12-31T23:59:59Z"',
  () => `${'['.repeat(3_000)}${']'.repeat(3_000)}`,
  () => `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
  () => '"__proto__"',
  () => `{${Array.from({ length: 500 }, (_, i) => `"k${i}":${i}`).join(',')}}`,
  () => '"\\\\\' OR 1=1; DROP TABLE events --"',
];
const FIELDS = [
  'type',
  'event',
  'userId',
  'anonymousId',
  'messageId',
  'timestamp',
  'originalTimestamp',
  'sentAt',
  'properties',
  'traits',
  'context',
  'groupId',
  'previousId',
  'name',
  '__proto__',
];
const KINDS = ['track', 'identify', 'group', 'page', 'screen', 'alias'];
const PATHS = ['track', 'identify', 'group', 'page', 'screen', 'alias', 't', 'i', 'g', 'p', 's', 'a'];

interface Bad {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | null;
}

/** One bad request; its batch may hold good calls, whose ids are told. */
function badRequest(pick: (below: number) => number, place: number): { bad: Bad; good: readonly string[] } {
  const of = <T>(list: readonly T[]): T => list[pick(list.length)] as T;
  const strange = () => of(STRANGE)();
  const wrongCall = (): string => {
    const fields = [
      `"type":"${of(KINDS)}"`,
      '"userId":"u1"',
      '"event":"report_created"',
      '"groupId":"acme"',
      '"previousId":"p1"',
      `"${of(FIELDS)}":${strange()}`,
      `"${of(FIELDS)}":${strange()}`,
    ];
    return `{${fields.join(',')}}`;
  };
  const key = serving.keyOf('write');
  const headers = { 'content-type': 'application/json', authorization: basic(key) };
  const send = (path: string, body: string | Buffer, more: Record<string, string> = {}, method = 'POST'): Bad => ({
    method,
    path,
    headers: { ...headers, ...more },
    body: Buffer.from(body as string),
  });
  const single = () => `/v1/${of(PATHS)}`;
  const good = [`good-${place}`];
  const goodCall = `{"type":"track","userId":"u1","event":"kept","messageId":"good-${place}"}`;
  const mixed = `{"batch":[${wrongCall()},${goodCall},${wrongCall()},${strange()}]}`;
  const whole = `{"batch":[${goodCall}]}`;
  const none: readonly string[] = [];
  const kinds: readonly (() => { bad: Bad; good: readonly string[] })[] = [
    () => ({ bad: send('/v1/batch', mixed), good }),
    () => ({ bad: send(of(['/v1/batch', '/v1/import', '/v1/b']), mixed), good }),
    () => ({ bad: send('/v1/batch', gzipSync(mixed), { 'content-encoding': 'gzip' }), good }),
    () => ({ bad: send(single(), wrongCall()), good: none }),
    () => ({ bad: send(single(), strange()), good: none }),
    () => ({ bad: send('/v1/batch', strange()), good: none }),
    () => ({ bad: send('/v1/batch', `{"batch":${strange()}}`), good: none }),
    () => ({ bad: send('/v1/batch', whole.slice(0, 1 + pick(whole.length - 1))), good: none }),
    () => ({ bad: send('/v1/batch', Buffer.from(whole, 'utf16le')), good: none }),
    () => ({ bad: send('/v1/batch', Buffer.from([0xff, 0xfe, pick(256), pick(256), 0x00])), good: none }),
    () => ({
      bad: send('/v1/batch', gzipSync(whole).subarray(0, 5 + pick(20)), { 'content-encoding': 'gzip' }),
      good: none,
    }),
    () => ({
      bad: send('/v1/batch', whole, { 'content-encoding': of(['gzip', 'br', 'deflate', 'x', 'GZIP, gzip']) }),
      good: none,
    }),
    () => ({ bad: send('/v1/batch', BOMB, { 'content-encoding': 'gzip' }), good: none }),
    () => ({ bad: send('/v1/batch', '', {}), good: none }),
    () => ({
      bad: send('/v1/batch', whole, {
        'content-type': of(['', ';;;', 'text/plain; charset=utf-16', 'a/b/c', 'multipart/form-data']),
      }),
      good: none,
    }),
    () => ({
      bad: { method: of(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']), path: single(), headers, body: null },
      good: none,
    }),
    () => ({
      bad: send(
        of(['/v1/nothing', '/v1/', '/v1/batch/x', '/v1/%00', '/v1/%ff%fe', '//v1//batch', `/v1/${'x'.repeat(3_000)}`]),
        whole,
      ),
      good: none,
    }),
    () => ({
      bad: send('/v1/batch', whole, {
        authorization: of([
          'Basic',
          'Basic !!!',
          `Basic ${'A'.repeat(5_000)}`,
          'Bearer',
          'Bearer x',
          'Digest a=b',
          `Bearer ${serving.keyOf('read')}`,
          'Basic Og==',
        ]),
      }),
      good: none,
    }),
    () => ({
      bad: send('/v1/track', `{"writeKey":${strange()},"event":"x","userId":"u"}`, { authorization: '' }),
      good: none,
    }),
  ];
  return of(kinds)();
}

const BOMB = gzipSync(Buffer.alloc(20_000_000, 0x20));

/** The status of an answer and what it says; 0: the connection was ended without one. */
function answerOf({ method, path, headers, body }: Bad): Promise<{ status: number; said: string }> {
  const { hostname, port } = new URL(serving.address);
  return new Promise((resolve) => {
    const asked = request({
      hostname,
      port,
      method,
      path,
      headers: { ...headers, ...(body === null ? {} : { 'content-length': String(body.length) }) },
    });
    asked.on('response', (answer) => {
      let said = '';
      answer.on('data', (data: Buffer) => {
        said += data.toString();
      });
      const done = (): void => resolve({ status: answer.statusCode ?? 0, said });
      answer.on('end', done);
      answer.on('error', done);
    });
    asked.on('error', (error) => resolve({ status: 0, said: error.message }));
    asked.end(body ?? undefined);
  });
}

test('ten thousand malformed requests: no 5xx, and no good neighbour is lost', async () => {
  const statuses = new Map<number, number>();
  const wrong: unknown[] = [];
  const kept: string[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < REQUESTS) {
      const place = next;
      next += 1;
      const { bad, good } = badRequest(chance(place * 7 + 1), place);
      const { status, said } = await answerOf(bad);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 500 || status === 0 || (good.length > 0 && status !== 200)) {
        wrong.push({
          status,
          said,
          path: bad.path,
          method: bad.method,
          headers: bad.headers,
          body: bad.body?.subarray(0, 300).toString(),
        });
      }
      if (status === 200) kept.push(...good);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(wrong.slice(0, 5)).toEqual([]);
  await settled(engines.warehouse);
  const found = await ask(
    engines.warehouse,
    `SELECT message_id, count() AS n FROM events WHERE event = 'kept' AND startsWith(message_id, 'good-') GROUP BY message_id`,
  );
  expect(kept.length).toBeGreaterThan(1_000);
  expect(found.filter(({ n }) => n !== '1')).toEqual([]);
  const present = new Set(found.map(({ message_id }) => message_id));
  expect(kept.filter((id) => !present.has(id))).toEqual([]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining([200, 400, 401, 404]));
  expect(serving.failures).toEqual([]);
});
