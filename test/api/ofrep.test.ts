import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature as ServerFeatures } from '@openfeature/server-sdk';
import { ClientProviderEvents, type Provider, OpenFeature as WebFeatures } from '@openfeature/web-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FLAGS } from '../../src/activation/flag.ts';
import { account, entry, user } from '../activation/entry.ts';
import { type Listening, listen, post, READ_KEY, WRITE_KEY } from './server.ts';

let server: Listening;
const headers: [string, string][] = [['authorization', `Bearer ${READ_KEY}`]];

beforeAll(async () => {
  server = await listen();
  const { book } = server;
  book.put(
    entry(
      account('a'),
      user('ann', { tier: 'power' }),
      user('bob', { tier: 'at_risk', stalledStep: 'report_created', stepsReached: 1 }),
    ),
  );
  book.put(entry(account('b', { segment: null, archetype: null }), user('bob', { tier: 'average' }), user('cy')));
  for (let n = 0; n < 8; n++)
    book.put(entry(account(`p${n}`), user(`power${n}`, { tier: 'power', used: n < 6 ? [7] : [9] })));
});

afterAll(async () => {
  await ServerFeatures.close();
  await WebFeatures.close();
  await server.close();
});

const flag = (key: string) => `${server.url}/ofrep/v1/evaluate/flags/${key}`;
const all = () => `${server.url}/ofrep/v1/evaluate/flags`;

describe('@openfeature/server-sdk with the OFREP provider, unmodified', () => {
  const client = () => ServerFeatures.getClient('server');
  beforeAll(async () => {
    await ServerFeatures.setProviderAndWait('server', new OFREPProvider({ baseUrl: server.url, headers }));
  });

  test('reads text and objects', async () => {
    const asked = { targetingKey: 'ann' };
    expect(await client().getStringValue('segment', 'none', asked)).toBe('Growth');
    expect(await client().getStringDetails('tier', 'average', asked)).toMatchObject({
      value: 'power',
      reason: 'TARGETING_MATCH',
      flagMetadata: { account: 'a', held: false },
    });
    expect(await client().getStringValue('next_best_feature', 'none', asked)).toBe('api');
    expect(await client().getObjectValue('next_best_features', {}, asked)).toMatchObject({
      features: [{ feature: 'api', basis: 'peers', share: 6 / 9, peers: 9 }, { feature: 'administration' }],
    });
    expect(await client().getObjectValue('suppressions', {}, asked)).toMatchObject({ newFeatures: false });
  });

  test('takes the account from the context, by any of its names', async () => {
    for (const name of ['account', 'accountId', 'groupId']) {
      expect(await client().getStringValue('tier', 'none', { targetingKey: 'bob', [name]: 'a' })).toBe('at_risk');
      expect(await client().getStringValue('tier', 'none', { targetingKey: 'bob', [name]: 'b' })).toBe('average');
    }
    const unnamed = await client().getStringDetails('tier', 'none', { targetingKey: 'bob' });
    expect(unnamed).toMatchObject({ value: 'none', errorCode: 'INVALID_CONTEXT' });
    expect(unnamed.errorMessage).toMatch(/several accounts.*context\.account: a, b/);
  });

  test('uses the default in the code where there is no value, no such user, no such flag, another type or no target', async () => {
    const value = (key: string, asked: Record<string, string>) => client().getStringDetails(key, 'default', asked);
    expect((await value('segment', { targetingKey: 'cy' })).value).toBe('default');
    expect((await value('segment', { targetingKey: 'stranger' })).value).toBe('default');
    expect(await value('nothing', { targetingKey: 'ann' })).toMatchObject({
      value: 'default',
      errorCode: 'FLAG_NOT_FOUND',
    });
    expect(await value('segment', {})).toMatchObject({ value: 'default', errorCode: 'TARGETING_KEY_MISSING' });
    expect(await client().getBooleanDetails('segment', true, { targetingKey: 'ann' })).toMatchObject({
      value: true,
      errorCode: 'TYPE_MISMATCH',
    });
  });
});

describe('@openfeature/web-sdk with the OFREP web provider, unmodified', () => {
  const statuses: number[] = [];
  const noted = async (...asked: Parameters<typeof fetch>) => {
    const response = await fetch(...asked);
    statuses.push(response.status);
    return response;
  };

  test('reads all flags at once, polls with the tag, gets 304 while nothing changes, and the news when it does', async () => {
    const provider = new OFREPWebProvider({
      baseUrl: server.url,
      headers,
      pollInterval: 20,
      cacheMode: 'disabled',
      fetchImplementation: noted,
    });
    await WebFeatures.setContext({ targetingKey: 'ann' });
    await WebFeatures.setProviderAndWait(provider as Provider);
    const client = WebFeatures.getClient();
    expect(client.getStringValue('segment', 'none')).toBe('Growth');
    expect(client.getObjectValue('suppressions', {})).toMatchObject({ newFeatures: false });
    await until(() => statuses.filter((status) => status === 304).length >= 3);
    const changed = new Promise<readonly string[]>((resolve) => {
      client.addHandler(ClientProviderEvents.ConfigurationChanged, (details) => resolve(details?.flagsChanged ?? []));
    });
    server.book.put(
      entry(account('a', { segment: 'Strategic' }), user('ann', { tier: 'power' }), user('bob', { tier: 'at_risk' })),
    );
    expect(await changed).toEqual(['segment']);
    expect(client.getStringValue('segment', 'none')).toBe('Strategic');
    await WebFeatures.setContext({ targetingKey: 'cy' });
    expect(client.getStringValue('segment', 'none')).toBe('none');
    expect(client.getStringDetails('tier', 'none')).toMatchObject({ value: 'average', reason: 'TARGETING_MATCH' });
    await WebFeatures.setContext({ targetingKey: 'stranger' });
    expect(client.getStringValue('tier', 'none')).toBe('none');
    await WebFeatures.clearProviders();
  });
});

describe('over the wire', () => {
  test('a bulk answer lists every flag, and its tag follows what is said and not the time', async () => {
    const first = await post(all(), { context: { targetingKey: 'cy' } });
    const body = (await first.json()) as {
      flags: { key: string; value?: unknown; reason: string }[];
      metadata: object;
    };
    expect(body.flags.map(({ key }) => key)).toEqual(FLAGS.map(({ key }) => key));
    expect(body.flags.find(({ key }) => key === 'segment')).toEqual({
      key: 'segment',
      reason: 'UNKNOWN',
      metadata: { why: 'the account is in no segment' },
    });
    expect(body.metadata).toMatchObject({ account: 'b', asOf: '2026-11-22T00:00:00.000Z' });
    const etag = first.headers.get('etag') ?? '';
    const later = account('b', { segment: null, archetype: null, asOf: Date.UTC(2026, 10, 23) });
    server.book.put(entry(later, user('bob', { tier: 'average' }), user('cy')));
    const again = await post(all(), { context: { targetingKey: 'cy' } }, { 'if-none-match': `"x", ${etag}` });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('bellwether-as-of')).toBe('2026-11-23T00:00:00.000Z');
    expect((await post(all(), { context: { targetingKey: 'ann' } }, { 'if-none-match': etag })).status).toBe(200);
  });

  test('what is wrong with a request is told as the protocol words it', async () => {
    const failures = [
      [flag('segment'), '{', 400, { key: 'segment', errorCode: 'PARSE_ERROR' }],
      [flag('segment'), '', 400, { key: 'segment', errorCode: 'PARSE_ERROR' }],
      [flag('segment'), [], 400, { key: 'segment', errorCode: 'INVALID_CONTEXT' }],
      [flag('segment'), {}, 400, { key: 'segment', errorCode: 'INVALID_CONTEXT' }],
      [flag('segment'), { context: 'x' }, 400, { key: 'segment', errorCode: 'INVALID_CONTEXT' }],
      [flag('segment'), { context: { targetingKey: {} } }, 400, { key: 'segment', errorCode: 'INVALID_CONTEXT' }],
      [flag('segment'), { context: {} }, 400, { key: 'segment', errorCode: 'TARGETING_KEY_MISSING' }],
      [flag('nothing'), { context: { targetingKey: 'ann' } }, 404, { key: 'nothing', errorCode: 'FLAG_NOT_FOUND' }],
      [all(), '{', 400, { errorCode: 'PARSE_ERROR' }],
      [all(), { context: {} }, 400, { errorCode: 'TARGETING_KEY_MISSING' }],
      [all(), { context: { targetingKey: 'bob' } }, 400, { errorCode: 'INVALID_CONTEXT' }],
    ] as const;
    for (const [url, body, status, said] of failures) {
      const response = await post(url, body);
      const answer = await response.json();
      expect([response.status, answer]).toEqual([status, { ...said, errorDetails: expect.stringMatching(/\w/) }]);
    }
  });

  test('without a key, with another one, and too often', async () => {
    const context = { context: { targetingKey: 'ann' } };
    for (const [key, status] of [
      ['x', 401],
      [WRITE_KEY, 403],
    ] as const) {
      const response = await post(all(), context, { authorization: `Bearer ${key}` });
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ status, next: expect.stringMatching(/key/) });
    }
    const busy = await listen({ most: 2 });
    const answers = await Promise.all([1, 2, 3].map(() => post(`${busy.url}/ofrep/v1/evaluate/flags`, context)));
    const refused = answers.find(({ status }) => status === 429);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused?.json()).toMatchObject({ type: 'urn:bellwether:problem:too-many', status: 429 });
    await busy.close();
  });

  test('before accounts have been computed it says so, and not that nobody is known', async () => {
    const early = await listen({ isReady: () => false });
    const response = await post(`${early.url}/ofrep/v1/evaluate/flags`, { context: { targetingKey: 'ann' } });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    await early.close();
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
