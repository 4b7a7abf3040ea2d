import { createClient } from 'bellwether/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Actor, mayDo } from '../../src/api/access.ts';
import { camel } from '../../src/api/camel.ts';
import { isTagged } from '../../src/api/route.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { listAccounts } from '../../src/pipeline/accounts.ts';
import { explainAccount } from '../../src/pipeline/explain.ts';
import { listMoves } from '../../src/pipeline/moves.ts';
import { setOverride } from '../../src/pipeline/override.ts';
import { summarizeSegments } from '../../src/pipeline/segments.ts';
import { readSignals, signalEntries } from '../../src/pipeline/signals.ts';
import { listUsers } from '../../src/pipeline/users.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { loadRows } from '../profile/load-world.ts';
import { type OpenEngines, openEngines, type Serving, serve, until } from './serving.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 10, 12);
const ACCOUNTS = 25;
const begun = Date.now();
const clock = (): number => START + (Date.now() - begun);
const YESTERDAY = Date.UTC(2026, 2, 9);

const READER: Actor = { kind: 'key', id: '1', name: 'reader', scope: 'read' };
let engines: OpenEngines;
let service: Serving;

beforeAll(async () => {
  engines = await openEngines();
  const created = new Date(START - 300 * DAY);
  const ids = Array.from({ length: ACCOUNTS }, (_, index) => `a${String(index).padStart(2, '0')}`);
  const events = ids.flatMap((account_id, index) =>
    Array.from({ length: index }, (_, place) => ({
      event: place % 2 === 0 ? 'report_created' : 'report_exported',
      time: new Date(START - (2 + (place % 40)) * DAY),
      user_id: `${account_id}-u${place % 3}`,
      account_id,
    })),
  );
  await loadRows(
    engines.warehouse,
    new Map<string, readonly Record<string, unknown>[]>([
      [
        'accounts',
        ids.map((account_id, index) => ({
          account_id,
          created,
          name: `Company ${account_id}`,
          industry: index % 2 === 0 ? 'fintech' : 'saas',
          employees: 10 * index,
        })),
      ],
      [
        'users',
        ids.flatMap((account_id) =>
          [0, 1, 2].map((n) => ({ account_id, user_id: `${account_id}-u${n}`, from: created })),
        ),
      ],
      [
        'contracts',
        ids.map((account_id, index) => ({
          account_id,
          contract_id: account_id,
          starts: created,
          arr: 1200 * (index + 1),
          kind: 'paid',
        })),
      ],
      ['events', events],
    ]),
  );
  service = await serve(engines, clock, { limits: { heavy: 1_000 } });
  await until(
    () => service.loop.state,
    ({ sweptAt }) => sweptAt !== null,
  );
});

afterAll(async () => {
  await service.close();
  await engines.close();
});

async function get<Body>(path: string): Promise<Body> {
  const response = await fetch(`${service.address}/api/v1${path}`, {
    headers: { authorization: `Bearer ${service.keyOf('read')}` },
  });
  const text = await response.text();
  expect([path, response.status, response.status === 200 ? '' : text]).toEqual([path, 200, '']);
  return JSON.parse(text) as Body;
}

/** All rows of a list, page by page. */
async function pages(path: string, name: string, limit: number): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const joint = path.includes('?') ? '&' : '?';
    const page: Record<string, unknown> = await get(
      `${path}${joint}limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    const found = page[name] as Record<string, unknown>[];
    expect(found.length).toBeLessThanOrEqual(limit);
    rows.push(...found);
    cursor = page['next'] as string | null;
  }
  return rows;
}

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

const asWritten = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const own = (): OpenEngines => ({ ...engines, run: 'compare' });

test('accounts as of a day are those of the command, page by page', async () => {
  const rows = await listAccounts(own(), { asOf: YESTERDAY, now: new Date(clock()) });
  const said = rows.map((row) => {
    const { overridden: isOverridden, ...account } = camel(row);
    return { ...account, isOverridden };
  });
  expect(await pages('/accounts?asOf=2026-03-09', 'accounts', 7)).toEqual(asWritten(said));
  expect(rows).toHaveLength(ACCOUNTS);
});

test('accounts now are found by any dimension, in any order, with counts of what there is', async () => {
  interface Page {
    readonly total: number;
    readonly accounts: readonly { readonly accountId: string; readonly arr: number; readonly segment: string }[];
    readonly facets: Record<string, Record<string, number>>;
  }
  const every = await get<Page>('/accounts?facets=segment&facets=industry&sort=-arr');
  expect(every.total).toBe(ACCOUNTS);
  expect(every.accounts.map(({ arr }) => arr)).toEqual([...every.accounts.map(({ arr }) => arr)].sort((a, b) => b - a));
  expect(every.facets['industry']).toEqual({ fintech: 13, saas: 12 });
  const bySegment = every.facets['segment'] ?? {};
  expect(Object.values(bySegment).reduce((sum, count) => sum + count, 0)).toBe(ACCOUNTS);
  for (const [segment, count] of Object.entries(bySegment)) {
    const found = await pages(`/accounts?segment=${segment}`, 'accounts', 10);
    expect(found.map((row) => row['segment'])).toEqual(Array.from({ length: count }, () => segment));
  }
  expect((await get<Page>('/accounts?filter=industry:fintech')).total).toBe(13);
  expect((await get<Page>('/accounts?filter=region:')).total).toBe(ACCOUNTS);
  expect((await get<Page>('/accounts?search=COMPANY%20A07')).accounts.map(({ accountId }) => accountId)).toEqual([
    'a07',
  ]);
  const one = await get<Record<string, unknown>>('/accounts/a07');
  const { inputs: _, users: __, suppressed: ___, ...item } = one;
  expect((await get<Page>('/accounts?search=a07')).accounts).toEqual([item]);
});

test('an explanation, signals, users, segments and moves are those of the commands', async () => {
  const now = new Date(clock());
  const { account, ...rest } = await explainAccount(own(), { accountId: 'a07', asOf: YESTERDAY, now });
  const { overridden: isOverridden, ...item } = camel(account);
  expect(await get('/accounts/a07/explain?asOf=2026-03-09')).toEqual(
    asWritten({ account: { ...item, isOverridden }, ...rest }),
  );
  const workspace = { ...own(), catalogue: SIGNAL_CATALOGUE };
  for (const entity of ['account', 'user'] as const) {
    const rows = await all(readSignals(workspace, { entity, asOfs: [YESTERDAY], run: 'compare' }));
    const said = await pages(`/signals/values?entity=${entity}&asOf=2026-03-09`, 'rows', 40);
    expect(said).toEqual(asWritten(rows.map((row) => camel(row))));
    if (entity === 'account') expect(await get('/accounts/a07/signals?asOf=2026-03-09')).toEqual(said[7]);
  }
  const users = await all(listUsers(workspace, { asOf: YESTERDAY, run: 'compare', accountId: 'a07' }));
  expect(users).toHaveLength(3);
  expect(await pages('/users/as-of?asOf=2026-03-09&account=a07', 'users', 2)).toEqual(
    asWritten(users.map((row) => camel(row))),
  );
  const accounts = await listAccounts(own(), { asOf: YESTERDAY, now });
  const segments = summarizeSegments(engines.model, accounts).map((row) => camel(row));
  expect(await get('/segments?asOf=2026-03-09')).toEqual(asWritten({ segments }));
  const moves = await listMoves(engines, {});
  expect(moves).toHaveLength(ACCOUNTS);
  const told = moves.map((row) => {
    const { runId: _, ...move } = camel(row);
    return move;
  });
  expect(await pages('/moves', 'moves', 4)).toEqual(asWritten(told));
  expect(await pages('/accounts/a07/moves', 'moves', 4)).toEqual(told.filter(({ accountId }) => accountId === 'a07'));
  const catalogue = signalEntries(engines.model, SIGNAL_CATALOGUE).map(({ name }) => name);
  const { signals } = await get<{ signals: { name: string }[] }>('/signals');
  expect(signals.map(({ name }) => name)).toEqual(catalogue);
});

test('what was recorded, and what flowed, add up to the moves', async () => {
  const recorded = await pages('/recorded', 'accounts', 10);
  const now = await pages('/accounts', 'accounts', 10);
  expect(recorded.map(({ accountId, segment }) => [accountId, segment])).toEqual(
    now.map(({ accountId, segment }) => [accountId, segment]),
  );
  expect(await pages('/recorded?asOf=2026-03-01', 'accounts', 10)).toEqual([]);
  const { flows, net } = await get<{ flows: { moves: number }[]; net: { net: number }[] }>('/moves/flow?period=week');
  expect(flows.reduce((sum, { moves }) => sum + moves, 0)).toBe(ACCOUNTS);
  expect(net.reduce((sum, each) => sum + each.net, 0)).toBe(ACCOUNTS);
});

test('users are found across accounts by what they do and do not yet', async () => {
  const everybody = await pages('/users', 'users', 20);
  expect(everybody).toHaveLength(3 * ACCOUNTS);
  const using = await pages('/users?using=reporting', 'users', 20);
  const not = await pages('/users?notUsing=reporting', 'users', 20);
  expect(using.length).toBeGreaterThan(0);
  expect(using.length + not.length).toBe(everybody.length);
  expect(await pages('/accounts/a07/users', 'users', 2)).toEqual(
    everybody.filter(({ accountId }) => accountId === 'a07').map(({ accountName, ...user }) => user),
  );
});

test('what is asked again and has not changed is answered 304, and what has changed is not', async () => {
  const asked = (path: string, tag?: string) =>
    fetch(`${service.address}${path}`, {
      headers: {
        authorization: `Bearer ${service.keyOf('read')}`,
        ...(tag === undefined ? {} : { 'if-none-match': tag }),
      },
    });
  const plain = ROUTES.filter(
    (route) => isTagged(route) && mayDo(route.may, READER) && !route.path.includes(':') && route.method === 'GET',
  ).map(({ path }) => path);
  // What was recorded as of now is of another instant each time; of a day it is asked below.
  // Trends and differences are of something; the model is kept by nobody, since its tag is the same while it is computed.
  const asking = [
    '/api/v1/recorded',
    '/api/v1/trends',
    '/api/v1/model/diff',
    '/api/v1/model',
    '/api/v1/moves/migration',
  ];
  const tagged = [
    ...plain.filter((path) => !asking.includes(path)),
    '/api/v1/trends?account=a07&weeks=4',
    '/api/v1/moves/migration?since=2026-02-01&until=2026-03-09',
    '/api/v1/recorded?asOf=2026-03-09',
    '/api/v1/accounts/a07',
    '/api/v1/accounts/a07/users',
    '/api/v1/accounts/a07/moves',
  ];
  expect(tagged).toEqual(
    expect.arrayContaining(['/api/v1/accounts', '/api/v1/segments', '/api/v1/moves', '/api/v1/users']),
  );
  for (const path of tagged) {
    const first = await asked(path);
    const tag = first.headers.get('etag') ?? '';
    expect([path, first.status, tag === '']).toEqual([path, 200, false]);
    await first.arrayBuffer();
    const second = await asked(path, tag);
    expect([path, second.status, await second.text(), second.headers.get('etag')]).toEqual([path, 304, '', tag]);
    const third = await asked(path, '"another"');
    await third.arrayBuffer();
    expect(third.status, path).toBe(200);
  }
  const before = await asked('/api/v1/overrides');
  await before.arrayBuffer();
  await setOverride(engines, {
    ...{ accountId: 'a20', segment: 'Busy', reason: 'a test', author: 'ann', days: 1, now: new Date(clock()) },
    expected: undefined,
  });
  expect((await asked('/api/v1/overrides', before.headers.get('etag') ?? '')).status).toBe(200);
  const untagged = await asked('/api/v1/freshness');
  expect([untagged.status, untagged.headers.get('etag')]).toEqual([200, null]);
});

test('the client of the package reads lists page by page, and answers null for what is not known', async () => {
  const client = createClient({ url: service.address, key: service.keyOf('read') });
  const found: string[] = [];
  for await (const page of client.pages(client.accounts, { limit: 10, filter: ['industry:fintech'] })) {
    found.push(...page.accounts.map(({ accountId }) => accountId));
  }
  expect(found).toHaveLength(13);
  expect((await client.explain('a07', { asOf: '2026-03-09' }))?.account.accountId).toBe('a07');
  expect(await client.explain('nobody', { asOf: '2026-03-09' })).toBeNull();
  expect((await client.recordedMoves({ account: 'a07' })).moves).toHaveLength(1);
  await expect(client.pulse('a07', 'red')).rejects.toMatchObject({ status: 403 });
});
