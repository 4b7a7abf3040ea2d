import { get } from 'node:http';
import { createClient } from 'bellwether/client';
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open.ts';
import { lastMoveId } from '../../src/pipeline/moves.ts';
import { type Recording, record } from '../../src/pipeline/recorded.ts';
import type { Move } from '../../src/segment/move.ts';
import { AS_OF } from '../activation/entry.ts';
import { laidOutFolder } from '../laid-out.ts';
import { type Listening, listen, READ_KEY, read } from './server.ts';

let ledger: Ledger;
let recorded = 0;
const open: Listening[] = [];

beforeAll(async () => {
  ledger = await openLedger({ directory: await laidOutFolder('ledger') });
});

afterAll(async () => {
  await Promise.all(open.map(({ close }) => close()));
  await ledger.close();
});

async function serve(options: Parameters<typeof listen>[0] = {}): Promise<Listening> {
  const server = await listen({ ledger, ...options });
  open.push(server);
  return server;
}

async function close(server: Listening): Promise<void> {
  open.splice(open.indexOf(server), 1);
  await server.close();
}

/** What a run records that moved so many accounts. */
function recording(count: number): Recording {
  const moves = Array.from({ length: count }, (_, index): Move => {
    const accountId = `account-${recorded + index}`;
    return { accountId, at: AS_OF, from: 'Growth', to: 'At-Risk', home: 'Growth', cause: 'behaviour' };
  });
  recorded += count;
  const run = { runId: `run-${recorded}`, asOf: AS_OF, version: 'v1', text: '', now: new Date(AS_OF), summary: {} };
  return { ...run, moves, assignments: [], hold: null };
}

async function move(count: number): Promise<void> {
  await ledger.transaction((transaction) => record(transaction, recording(count)));
}

/** The standard client of server-sent events, with the key. */
function listenTo(url: string, headers: Record<string, string> = {}) {
  const ids: string[] = [];
  const source = new EventSource(url, {
    fetch: (input, init) =>
      fetch(input, { ...init, headers: { ...init.headers, ...headers, authorization: `Bearer ${READ_KEY}` } }),
  });
  source.addEventListener('move', ({ lastEventId, data }) => {
    ids.push(lastEventId);
    expect(JSON.parse(data)).toMatchObject({ moveId: Number(lastEventId), to: 'At-Risk', cause: 'behaviour' });
  });
  const opened = new Promise<void>((resolve) => source.addEventListener('open', () => resolve(), { once: true }));
  return { source, ids, opened };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

test('a reader gets each move once and in order, also over a restart of the server', async () => {
  const first = await serve();
  await move(2);
  const { source, ids, opened } = listenTo(`${first.url}/api/v1/stream`);
  await opened;
  await until(() => first.stream?.isPolling === true);
  await move(3);
  await until(() => ids.length === 3);
  await close(first);
  await move(1_203);
  const second = await serve({ port: first.port });
  await until(() => ids.length === 1_206);
  await move(1);
  second.stream?.nudge();
  await until(() => ids.length === 1_207);
  source.close();
  expect(ids).toEqual(numbers(3, recorded));
  await until(() => second.stream?.isPolling === false && second.stream.readers === 0);
  await close(second);
});

test('a reader begins where it says, and one from the future at the end', async () => {
  const server = await serve();
  const fromStart = listenTo(`${server.url}/api/v1/stream?after=0`);
  await until(() => fromStart.ids.length === recorded);
  const fromFuture = listenTo(`${server.url}/api/v1/stream?after=9000000`);
  await until(() => server.stream?.readers === 2);
  await fromFuture.opened;
  await until(() => server.stream?.isPolling === true);
  const before = recorded;
  await move(2);
  await until(() => fromStart.ids.length === recorded && fromFuture.ids.length === 2);
  expect(fromFuture.ids).toEqual(numbers(before + 1, recorded));
  fromStart.source.close();
  fromFuture.source.close();
  await close(server);
});

test('the client of the package follows moves over a restart, and stops when it is told to', async () => {
  const first = await serve();
  const leaving = new AbortController();
  const client = createClient({ url: first.url, key: READ_KEY });
  const seen: number[] = [];
  const before = recorded;
  const followed = (async () => {
    for await (const { moveId } of client.moves({ after: before, signal: leaving.signal })) seen.push(moveId);
  })();
  await move(2);
  await until(() => seen.length === 2);
  await close(first);
  await move(2);
  const second = await serve({ port: first.port });
  await until(() => seen.length === 4);
  leaving.abort();
  await followed;
  expect(seen.map(String)).toEqual(numbers(before + 1, recorded));
  await until(() => second.stream?.readers === 0);
  await close(second);
});

test('a reader that does not read is dropped, the others are not, and it loses nothing', async () => {
  const server = await serve({ stream: { mostWaiting: 100_000 } });
  const before = recorded;
  const good = listenTo(`${server.url}/api/v1/stream`);
  const slow = await stalled(`${server.url}/api/v1/stream`);
  await good.opened;
  await until(() => server.stream?.readers === 2 && server.stream.isPolling);
  while (server.stream?.readers === 2) await move(500);
  await until(() => good.ids.length === recorded - before);
  expect(good.ids).toEqual(numbers(before + 1, recorded));
  slow.destroy();
  const back = listenTo(`${server.url}/api/v1/stream`, { 'last-event-id': String(before) });
  await until(() => back.ids.length === recorded - before);
  good.source.close();
  back.source.close();
  await close(server);
});

test('a quiet stream says that it is alive; closing the server ends it also for who does not read', async () => {
  const server = await serve({ stream: { heartbeatMillis: 40 } });
  const response = await read(`${server.url}/api/v1/stream`);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const reader = response.body?.getReader();
  let text = '';
  while (!text.includes(': still here')) text += new TextDecoder().decode((await reader?.read())?.value);
  expect(text).toMatch(/^retry: 1000\n/);
  const slow = await stalled(`${server.url}/api/v1/stream?after=0`);
  await close(server);
  while ((await reader?.read())?.done === false);
  slow.destroy();
});

test('a place that is none, no key, and one stream too many are problems', async () => {
  const server = await serve({ stream: { mostReaders: 1 } });
  const url = `${server.url}/api/v1/stream`;
  for (const [headers, status] of [
    [{ 'last-event-id': 'x' }, 400],
    [{ 'last-event-id': '-1' }, 400],
    [{ authorization: 'Bearer x' }, 401],
  ] as const) {
    const response = await read(url, { headers: headers as Record<string, string> });
    expect([response.status, response.headers.get('content-type')]).toEqual([status, expect.stringMatching(/problem/)]);
    expect(await response.json()).toMatchObject({ status, next: expect.any(String) });
  }
  expect((await read(`${url}?after=-1`)).status).toBe(400);
  const one = listenTo(url);
  await one.opened;
  const refused = await read(url);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
  one.source.close();
  await close(server);
});

test('a nudge tells moves at once, however rarely the ledger is asked', async () => {
  const server = await serve({ stream: { pollMillis: 3_600_000 } });
  const { source, ids, opened } = listenTo(`${server.url}/api/v1/stream`);
  await opened;
  await until(() => server.stream?.isPolling === true);
  await move(2);
  server.stream?.nudge();
  await until(() => ids.length === 2);
  source.close();
  await close(server);
});

test('who records moves waits for who records already: a later number is never seen before an earlier one', async () => {
  const server = await serve();
  const { source, ids, opened } = listenTo(`${server.url}/api/v1/stream`);
  await opened;
  await until(() => server.stream?.isPolling === true);
  const before = await lastMoveId(ledger);
  let second: Promise<'recorded'> | null = null;
  await ledger.transaction(async (transaction) => {
    await record(transaction, recording(1));
    second = ledger.transaction((other) => record(other, recording(1))).then(() => 'recorded' as const);
    expect(await Promise.race([second, waiting()])).toBe('waits');
  });
  await second;
  await until(() => ids.length === 2);
  expect(ids).toEqual(numbers(before + 1, before + 2));
  source.close();
  await close(server);
});

/** Resolves when a transaction waits for the table of moves. */
async function waiting(): Promise<'waits'> {
  const sql = `SELECT count(*) AS n FROM pg_locks WHERE relation = 'moves'::regclass AND NOT granted`;
  for (;;) {
    const [row] = await ledger.query(sql, [], z.object({ n: z.coerce.number() }));
    if ((row?.n ?? 0) > 0) return 'waits';
  }
}

/** A reader that opens a stream and reads nothing of it. */
function stalled(url: string): Promise<{ destroy: () => void }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { authorization: `Bearer ${READ_KEY}` } }, (response) => {
      response.pause();
      resolve({ destroy: () => request.destroy() });
    });
    request.on('error', reject);
  });
}
