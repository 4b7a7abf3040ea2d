import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { KeyRing } from '../../src/api/key.ts';
import { openLog } from '../../src/api/log.ts';
import { type Service, startService } from '../../src/api/serve.ts';
import { Failure } from '../../src/model/failure.ts';
import { readBackup } from '../../src/pipeline/restore.ts';
import { basic, type OpenEngines, openEngines, PEOPLE, settled, until } from './serving.ts';

let engines: OpenEngines;
let service: Service;
const keys = new Map<string, string>();
const lines: string[] = [];
const failures: unknown[] = [];

/** Something nobody may ever read in a log, wherever it was put. */
const PLANTED = 'PLANTED-9f2c';

async function start(isMetricsOpen = false): Promise<Service> {
  return startService({
    engines,
    clock: Date.now,
    host: '127.0.0.1',
    port: 0,
    isDry: false,
    isMetricsOpen,
    people: PEOPLE,
    dataFolder: engines.directory,
    backupFolder: join(engines.directory, 'backups'),
    folder: engines.directory,
    log: openLog('trace', { write: (line) => void lines.push(line) }, Date.now),
    onFailure: (error) => failures.push(error),
  });
}

beforeAll(async () => {
  engines = await openEngines();
  service = await start();
  const ring = new KeyRing(engines.ledger, Date.now);
  for (const scope of ['write', 'read', 'admin'] as const)
    keys.set(scope, (await ring.create(scope, scope, 'test')).key);
  await until(
    () => service.loop.state,
    ({ sweptAt }) => sweptAt !== null,
  );
});

afterAll(async () => {
  await service.close();
  await engines.close();
});

const ask = (path: string, scope: string | null, init: RequestInit = {}): Promise<Response> =>
  fetch(`${service.address}${path}`, {
    ...init,
    headers: { ...(scope === null ? {} : { authorization: `Bearer ${keys.get(scope)}` }), ...init.headers },
  });

const send = (body: unknown, path = '/v1/batch'): Promise<Response> =>
  ask(path, null, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: basic(keys.get('write') ?? '') },
    body: JSON.stringify(body),
  });

const post = (path: string, scope: string, body?: unknown): Promise<Response> =>
  ask(path, scope, {
    method: 'POST',
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

async function metric(name: string, labels = ''): Promise<number> {
  const text = await (await ask('/metrics', 'read')).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name}${labels} `));
  return Number(line?.split(' ').at(-1));
}

test('metrics count what comes, what it becomes, and what was there already', async () => {
  const call = (n: number) => ({
    type: 'track',
    userId: `u${n}`,
    event: 'report_created',
    messageId: `m${n}`,
    context: { groupId: 'acme' },
  });
  const batch = [call(1), call(2), { type: 'track', event: 7 }];
  expect((await send({ batch })).status).toBe(200);
  expect((await send({ batch: [call(2)] })).status).toBe(200);
  await settled(engines.warehouse);
  expect(await metric('bellwether_calls_total', '{outcome="accepted"}')).toBe(3);
  expect(await metric('bellwether_calls_total', '{outcome="refused"}')).toBe(1);
  expect(await metric('bellwether_landing_seconds_count')).toBe(2);
  await until(
    async () => [
      await metric('bellwether_events_total', '{outcome="fact"}'),
      await metric('bellwether_events_total', '{outcome="duplicate"}'),
    ],
    ([facts, duplicates]) => facts === 2 && duplicates === 1,
  );
  await until(
    () => metric('bellwether_arrivals_unsettled'),
    (n) => n === 0,
  );
  expect(await metric('bellwether_warehouse_parts')).toBeGreaterThan(0);
  expect(await metric('bellwether_engine_up', '{engine="warehouse"}')).toBe(1);
  expect(await metric('bellwether_engine_up', '{engine="ledger"}')).toBe(1);
  expect(await metric('bellwether_is_sweeper')).toBe(1);
  expect(await metric('bellwether_sweep_age_seconds')).toBeLessThan(300);
  const text = await (await ask('/metrics', 'read')).text();
  expect(text).toMatch(/bellwether_http_seconds_count\{group="operation",status="2xx"\} \d/);
  expect(text).toContain('process_resident_memory_bytes');
  // Labels are few and name nobody.
  expect(text).not.toMatch(/acme|u1\b|report_created/);
});

test('metrics need a key, or this machine where that is said, and a proxy is not this machine', async () => {
  expect((await ask('/metrics', null)).status).toBe(401);
  expect((await ask('/metrics', 'write')).status).toBe(403);
  const open = await start(true);
  const from = (headers: Record<string, string>) => fetch(`${open.address}/metrics`, { headers });
  expect((await from({})).status).toBe(200);
  expect((await from({ 'x-forwarded-for': '203.0.113.9' })).status).toBe(401);
  expect((await fetch(`${open.address}/api/v1/keys`)).status).toBe(401);
  await open.close();
});

test('nothing that anybody sends is in the log, wherever it is put, at the finest level', async () => {
  const before = lines.length;
  const planted = {
    [`x-${PLANTED}`]: PLANTED,
    cookie: `session=${PLANTED}`,
    'x-api-key': `bw_read_${PLANTED}`,
    'user-agent': PLANTED,
    referer: PLANTED,
    'x-request-id': PLANTED,
    'idempotency-key': PLANTED,
  };
  const paths = [
    '/metrics',
    '/readyz',
    '/healthz',
    `/api/v1/accounts/${PLANTED}?token=${PLANTED}`,
    `/api/v1/users/${PLANTED}/experience`,
    `/${PLANTED}`,
    `/setup?token=${PLANTED}`,
    '/api/v1/keys',
  ];
  for (const path of paths) {
    for (const scope of [null, 'read', 'admin']) await (await ask(path, scope, { headers: planted })).arrayBuffer();
    await (
      await ask(path, 'admin', {
        method: 'POST',
        headers: { ...planted, 'content-type': 'application/json' },
        body: `{"${PLANTED}": "${PLANTED}"`,
      })
    ).arrayBuffer();
    await (
      await post(path, 'admin', { [PLANTED]: PLANTED, name: PLANTED, scope: PLANTED, userId: PLANTED, also: [PLANTED] })
    ).arrayBuffer();
  }
  const track = {
    type: 'track',
    userId: PLANTED,
    event: PLANTED,
    messageId: PLANTED,
    context: { groupId: PLANTED },
    properties: { [PLANTED]: PLANTED },
  };
  const identify = { type: 'identify', userId: PLANTED, traits: { email: `${PLANTED}@x.example` } };
  await send({ batch: [track, identify, { ...track, event: 7 }], writeKey: PLANTED });
  await ask('/v1/track', null, {
    method: 'POST',
    headers: { authorization: basic(PLANTED), 'content-type': 'application/json' },
    body: '{}',
  });
  await post('/api/v1/erasures', 'admin', { userId: `${PLANTED}-nobody` });
  await settled(engines.warehouse);
  await until(
    () => lines.length - before,
    (n) => n > 30,
  );
  expect(lines.join('')).not.toContain(PLANTED);
  const entry = z.object({ level: z.string(), at: z.iso.datetime(), event: z.string() });
  for (const line of lines) entry.parse(JSON.parse(line));
  const requests = lines.map((line) => JSON.parse(line) as { event: string; route?: string; request?: string });
  expect(requests.some(({ event, route }) => event === 'request' && route === 'health.ready')).toBe(true);
  const answer = await ask('/healthz', null);
  const id = answer.headers.get('x-request-id');
  await until(
    () => lines.some((line) => line.includes(`"${id}"`)),
    (isThere) => isThere,
  );
});

test('what an engine refuses it repeats to us, and we to no log', async () => {
  const before = lines.length;
  const known = failures.length;
  await engines.warehouse.command(`ALTER TABLE arrivals ADD CONSTRAINT planted CHECK user_id != '${PLANTED}'`);
  await engines.ledger.command(
    `ALTER TABLE idempotent_requests ADD CONSTRAINT planted CHECK (key <> '${PLANTED}') NOT VALID`,
  );
  try {
    const landed = await send({
      batch: [{ type: 'track', userId: PLANTED, event: 'a', context: { groupId: 'acme' } }],
    });
    const made = await ask('/api/v1/keys', 'admin', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': PLANTED },
      body: JSON.stringify({ name: 'refused by the ledger', scope: 'read' }),
    });
    expect([landed.status, made.status].every((status) => status >= 500)).toBe(true);
    expect(`${await landed.text()} ${await made.text()}`).not.toContain(PLANTED);
  } finally {
    await engines.warehouse.command('ALTER TABLE arrivals DROP CONSTRAINT planted');
    await engines.ledger.command('ALTER TABLE idempotent_requests DROP CONSTRAINT planted');
  }
  const heard = failures.slice(known);
  const repeating = heard.filter((error) => inspect(error, { depth: 9 }).includes(PLANTED));
  expect(repeating.map((error) => (error as Failure).code).toSorted()).toEqual(['ledger-query', 'warehouse-query']);
  const told = lines.slice(before);
  const codes = told.map((line) => JSON.parse(line) as { event: string; code?: string });
  expect(codes.flatMap(({ event, code }) => (event === 'failure' ? [code] : [])).toSorted()).toEqual([
    'ledger-query',
    'warehouse-query',
  ]);
  expect(told.join('')).not.toContain(PLANTED);
});

test('a failure is told by its code and by where it came from, and not by what it repeats', async () => {
  const { tellError, sayError } = await import('../../src/api/log.ts');
  const error = new Failure('warehouse-query', `refused: ${PLANTED}`, { cause: new Error(`SQL ${PLANTED}`) });
  expect(JSON.stringify([tellError(error), sayError(error)])).not.toContain(PLANTED);
  expect(tellError(error)).toMatchObject({
    code: 'warehouse-query',
    frames: expect.arrayContaining([expect.stringContaining('operation.test.ts')]) as unknown,
  });
  expect(sayError(new Failure('clock-jumped', 'Set the clock right.')).message).toBe('Set the clock right.');
});

test('readiness says what is missing: an engine that is away, and that it is being stopped', async () => {
  const read = async (address = service.address) => {
    const answer = await fetch(`${address}/readyz`);
    return { status: answer.status, body: (await answer.json()) as { status: string; reasons: string[] } };
  };
  await until(read, ({ status }) => status === 200);
  const pid = engines.warehouse.engine.pid() ?? 0;
  process.kill(pid, 'SIGSTOP');
  const away = await until(read, ({ status }) => status === 503);
  expect(away.body).toMatchObject({ status: 'unready', reasons: [expect.stringMatching(/warehouse does not answer/)] });
  expect((await fetch(`${service.address}/healthz`)).status).toBe(200);
  process.kill(pid, 'SIGCONT');
  await until(read, ({ status }) => status === 200);
});

test('a backup is asked for, is made while work goes on, and can be read', async () => {
  expect((await post('/api/v1/backups', 'read')).status).toBe(403);
  const made = await post('/api/v1/backups', 'admin');
  expect(made.status).toBe(202);
  const { folder } = z.object({ folder: z.string(), status: z.literal('running') }).parse(await made.json());
  const list = async () => {
    const answer = await ask('/api/v1/backups', 'admin');
    return z
      .object({ backups: z.array(z.object({ folder: z.string(), status: z.string() })) })
      .parse(await answer.json()).backups;
  };
  await until(list, (backups) => backups[0]?.status === 'done');
  expect(existsSync(folder)).toBe(true);
  expect((await readBackup(folder)).files.length).toBeGreaterThan(20);
});

test('an erasure over HTTP: counted, begun, its receipt names the backup that still holds them', async () => {
  const order = { userId: 'u1' };
  expect((await post('/api/v1/erasures', 'read', order)).status).toBe(403);
  const plan = await post('/api/v1/erasures', 'admin', { ...order, dryRun: true });
  expect(plan.status).toBe(200);
  expect(await plan.json()).toMatchObject({ ids: 1, accounts: ['acme'] });
  expect((await post('/api/v1/erasures', 'admin', { userId: 'nobody' })).status).toBe(404);
  expect((await post('/api/v1/erasures', 'admin', order)).status).toBe(202);
  const receipts = async () => {
    const body = (await (await ask('/api/v1/erasures', 'admin')).json()) as {
      erasures: { backups: unknown[]; tables: unknown[] }[];
    };
    return body.erasures;
  };
  const found = await until(receipts, (list) => list.length > 0);
  expect(found[0]).toMatchObject({
    by: 'admin',
    remaining: [],
    backups: [{ folder: expect.stringContaining('backups') as unknown }],
  });
  const left = await engines.warehouse.rows(
    `SELECT count() AS n FROM events WHERE user_id = 'u1'`,
    z.object({ n: z.string() }),
  );
  expect(left).toEqual([{ n: '0' }]);
  expect((await post('/api/v1/erasures/lift', 'admin', order)).status).toBe(204);
  expect((await post('/api/v1/erasures/lift', 'admin', order)).status).toBe(404);
});
