import { createClient } from 'bellwether/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { account, entry, user } from '../activation/entry.ts';
import { ARRIVALS, type Listening, listen, post, READ_KEY, read } from './server.ts';

const LONG = `someone/with?odd characters+${'x'.repeat(150)}`;

let server: Listening;

beforeAll(async () => {
  server = await listen();
  const unknown = [{ signal: 'nps_latest', reason: 'no source, not covered, or the field is empty' }];
  server.book.put(
    entry(
      account('a', { unknown }),
      user('bob', { tier: 'at_risk', stalledStep: 'report_created', stepsReached: 1 }),
      user(LONG),
    ),
  );
  server.book.put(entry(account('b/1', { segment: null, since: null, isHeld: true }), user('bob')));
});

afterAll(() => server.close());

test('an experience tells what to show and what not, as of when, and from which inputs something is missing', async () => {
  const response = await read(`${server.url}/api/v1/users/bob/experience?account=a`);
  expect(await response.json()).toEqual({
    userId: 'bob',
    account: { id: 'a', name: 'a' },
    asOf: '2026-11-22T00:00:00.000Z',
    segment: 'Growth',
    home: 'Growth',
    tier: 'at_risk',
    cohort: 'Steady State',
    lifecycle: 'active',
    archetype: 'Fast and broad',
    valueTier: 'Gold',
    stalledStep: 'report_created',
    nextStep: { step: 'report_created', position: 2, of: 3 },
    nextFeatures: { features: [], whyNone: expect.stringMatching(/helped where they stopped/) },
    doNotShow: {
      features: [{ feature: 'workspace', because: 'finished' }],
      steps: ['report_opened'],
      newFeatures: true,
    },
    isOverridden: false,
    isHeld: false,
    unknown: [{ signal: 'nps_latest', reason: 'no source, not covered, or the field is empty' }],
  });
  const etag = response.headers.get('etag') ?? '';
  const again = await read(`${server.url}/api/v1/users/bob/experience?account=a`, {
    headers: { 'if-none-match': etag },
  });
  expect([again.status, again.headers.get('bellwether-as-of')]).toEqual([304, '2026-11-22T00:00:00.000Z']);
});

test('an account is told with its inputs and when they last came in', async () => {
  const response = await read(`${server.url}/api/v1/accounts/b%2F1`);
  expect(await response.json()).toMatchObject({
    accountId: 'b/1',
    asOf: '2026-11-22T00:00:00.000Z',
    segment: null,
    since: null,
    isHeld: true,
    users: 1,
    inputs: ARRIVALS,
  });
});

test('what cannot be answered is a problem that says what to do', async () => {
  const asked: readonly (readonly [string, number, object])[] = [
    ['/api/v1/users/bob/experience', 400, { type: 'urn:bellwether:problem:account-needed', accounts: ['a', 'b/1'] }],
    [
      '/api/v1/users/bob/experience?account=c',
      404,
      { type: 'urn:bellwether:problem:unknown-user', accounts: ['a', 'b/1'] },
    ],
    ['/api/v1/users/nobody/experience', 404, { type: 'urn:bellwether:problem:unknown-user' }],
    ['/api/v1/accounts/c', 404, { type: 'urn:bellwether:problem:unknown-account' }],
    ['/api/v1/users/bob/experience?account=', 400, { type: 'urn:bellwether:problem:bad-request' }],
    ['/api/v1/nothing', 404, { type: 'urn:bellwether:problem:not-found' }],
  ];
  for (const [path, status, said] of asked) {
    const response = await read(`${server.url}${path}`);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect([path, response.status]).toEqual([path, status]);
    expect(await response.json()).toEqual({
      title: expect.any(String),
      status,
      detail: expect.any(String),
      next: expect.stringMatching(/\w/),
      ...said,
    });
  }
  expect((await read(`${server.url}/api/v1/accounts/a`, { headers: { authorization: '' } })).status).toBe(401);
  expect((await post(`${server.url}/api/v1/accounts/a`, {})).status).toBe(404);
});

test('the client of the package reads both, answers null for who is not known, and throws what to do otherwise', async () => {
  const client = createClient({ url: `${server.url}/`, key: READ_KEY });
  expect(await client.experience('bob', { account: 'b/1' })).toMatchObject({ account: { id: 'b/1' }, tier: 'average' });
  expect(await client.experience(LONG)).toMatchObject({ userId: LONG });
  expect(await client.account('b/1')).toMatchObject({ accountId: 'b/1', inputs: ARRIVALS });
  expect(await client.experience('nobody')).toBeNull();
  expect(await client.account('c')).toBeNull();
  await expect(client.experience('bob')).rejects.toMatchObject({
    name: 'BellwetherError',
    status: 400,
    problem: { accounts: ['a', 'b/1'] },
    message: expect.stringMatching(/several accounts.*\?account=/),
  });
  await expect(createClient({ url: server.url, key: 'x' }).account('a')).rejects.toMatchObject({ status: 401 });
  await expect(
    createClient({ url: `${server.url}/elsewhere`, key: READ_KEY })
      .moves()
      .next(),
  ).rejects.toMatchObject({ status: 404 });
});
