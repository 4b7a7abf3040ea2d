import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Arrival, arrivalRow } from '../../src/ingest/arrival.ts';
import { type Call, readCall } from '../../src/ingest/call.ts';
import { Landing, type LandingLimits } from '../../src/ingest/landing.ts';
import { clearArrivals, settleArrivals } from '../../src/ingest/settle-arrivals.ts';
import { Failure } from '../../src/model/failure.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { laidOutFolder } from '../laid-out.ts';

const NOW = new Date('2026-03-10T12:00:00.000Z');
const anyRow = z.record(z.string(), z.unknown());
let warehouse: OpenWarehouse;
let process = 0;

beforeAll(async () => {
  warehouse = await openWarehouse({ directory: await laidOutFolder('warehouse'), memoryLimitBytes: 2_000_000_000 });
});
afterAll(() => warehouse.close());
beforeEach(async () => {
  for (const table of ['arrivals', 'settled_batches', 'events', 'accounts', 'users', 'traits', 'identities']) {
    await warehouse.command(`TRUNCATE TABLE ${table}`);
  }
});

const INTO = { table: 'arrivals', write: arrivalRow } as const;

function open(limits: Partial<LandingLimits> = {}): Landing<Arrival> {
  process += 1;
  const clock = () => NOW.getTime();
  return new Landing({ ...INTO, warehouse, process: `p${process}`, clock, pause: (ms) => sleep(ms), limits });
}

function call(raw: object, receivedAt = NOW.getTime()): Call {
  const around = { receivedAt, sentAt: null, context: undefined, kind: null, accountProperty: null, newId: () => 'id' };
  const reading = readCall(raw, around);
  if ('refusal' in reading) throw new Error(reading.refusal.message);
  return reading.call;
}

const land = (landing: Landing<Arrival>, raws: readonly object[]): Promise<void> =>
  landing.land(
    raws.flatMap((raw) => call(raw).arrivals),
    NOW.getTime(),
    1,
  );
const select = (sql: string) => warehouse.rows(sql, anyRow);
const events = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({
    type: 'track',
    userId: `u${(from + i) % 3}`,
    event: 'opened',
    messageId: `m${from + i}`,
    context: { groupId: 'acme' },
    timestamp: '2026-03-09T10:00:00Z',
  }));

describe('arrivals', () => {
  it('count once however often they are sent: within a batch, between batches, and after they were settled', async () => {
    const landing = open();
    await Promise.all([land(landing, events(0, 50)), land(landing, [...events(30, 80), ...events(79, 80)])]);
    const first = await settleArrivals(warehouse, NOW);
    expect(first).toMatchObject({
      arrived: 101,
      events: { arrived: 101, accepted: 80 },
      accounts: ['acme'],
      isPartial: false,
    });
    await land(landing, events(70, 90));
    // The sender's clock was set in between: the same message with another time.
    await land(landing, [{ ...events(0, 1)[0], timestamp: '2026-03-01T10:00:00Z' }]);
    expect((await settleArrivals(warehouse, NOW))?.events).toEqual({ arrived: 21, accepted: 10 });
    expect(await settleArrivals(warehouse, NOW)).toBeNull();
    expect(await select('SELECT count() AS n, uniqExact(message_id) AS ids FROM events')).toEqual([
      { n: '90', ids: '90' },
    ]);
  });

  it('are settled again after a crash between the facts and the note of it', async () => {
    const landing = open();
    const group = { type: 'group', userId: 'u1', groupId: 'acme', traits: { employees: 5 } };
    const identify = { type: 'identify', userId: 'u1', anonymousId: 'a1', traits: { role: 'admin' } };
    await land(landing, [...events(0, 20), group, identify]);
    await settleArrivals(warehouse, NOW);
    const tables = ['events', 'accounts', 'users', 'traits', 'identities'];
    const counted = tables.map((name) => `SELECT '${name}' AS t, count() AS n FROM ${name}`).join(' UNION ALL ');
    const counts = () => select(`SELECT * FROM (${counted}) ORDER BY t`);
    const before = await counts();
    await warehouse.command('TRUNCATE TABLE settled_batches');
    expect((await settleArrivals(warehouse, NOW))?.events).toEqual({ arrived: 20, accepted: 0 });
    expect(await counts()).toEqual(before);
  });

  it('open a row of an attribute or a membership only where they say something new', async () => {
    const landing = open();
    const at = (day: number) => `2026-03-0${day}T00:00:00Z`;
    const group = (day: number, employees: number) => ({
      type: 'group',
      userId: 'u1',
      groupId: 'acme',
      traits: { employees },
      timestamp: at(day),
    });
    await land(landing, [group(2, 5), group(3, 5), group(4, 8)]);
    await settleArrivals(warehouse, NOW);
    await land(landing, [group(5, 8), group(6, 5), group(1, 5)]);
    await settleArrivals(warehouse, NOW);
    const traits = await select('SELECT toDate(`from`) AS d, value FROM traits ORDER BY `from`');
    // What arrives late for the first of the month came before anything was known.
    expect(traits).toEqual([
      { d: '2026-03-01', value: '5' },
      { d: '2026-03-02', value: '5' },
      { d: '2026-03-04', value: '8' },
      { d: '2026-03-06', value: '5' },
    ]);
    expect(await select('SELECT account_id, user_id, toDate(`from`) AS d FROM users ORDER BY `from`')).toEqual([
      { account_id: 'acme', user_id: 'u1', d: '2026-03-01' },
      { account_id: 'acme', user_id: 'u1', d: '2026-03-02' },
    ]);
  });

  it('link a visitor once, and name the accounts that the visitor used', async () => {
    const landing = open();
    const visit = {
      type: 'track',
      anonymousId: 'a9',
      event: 'opened',
      messageId: 'v',
      context: { groupId: 'visited' },
    };
    await land(landing, [visit]);
    await settleArrivals(warehouse, NOW);
    const identify = { type: 'identify', userId: 'u9', anonymousId: 'a9' };
    await land(landing, [identify, identify]);
    expect((await settleArrivals(warehouse, NOW))?.accounts).toEqual(['visited']);
    await land(landing, [identify]);
    await settleArrivals(warehouse, NOW);
    expect(await select('SELECT anonymous_id, user_id FROM identities')).toEqual([
      { anonymous_id: 'a9', user_id: 'u9' },
    ]);
  });

  it('are cleared away minute by minute, and never before they are facts', async () => {
    const landing = open();
    await land(landing, events(0, 5));
    const later = new Date(NOW.getTime() + 3_600_000);
    await clearArrivals(warehouse, later);
    expect(await select('SELECT count() AS n FROM arrivals')).toEqual([{ n: '5' }]);
    await settleArrivals(warehouse, later);
    await clearArrivals(warehouse, NOW);
    expect(await select('SELECT count() AS n FROM arrivals')).toEqual([{ n: '5' }]);
    await clearArrivals(warehouse, later);
    expect(
      await select('SELECT (SELECT count() FROM arrivals) AS a, (SELECT count() FROM settled_batches) AS s'),
    ).toEqual([{ a: '0', s: '0' }]);
  });
});

describe('a landing', () => {
  const arrivals = (n: number): readonly Arrival[] => events(0, n).flatMap((raw) => call(raw).arrivals);

  it('refuses what it cannot hold, and takes it when there is room again', async () => {
    const landing = open({ rows: 30 });
    const first = landing.land(arrivals(20), NOW.getTime(), 1);
    await expect(landing.land(arrivals(20), NOW.getTime(), 1)).rejects.toMatchObject({
      code: 'busy',
      isRetryable: true,
    });
    await first;
    await landing.land(arrivals(20), NOW.getTime(), 1);
    expect(landing.waiting).toBe(0);
  });

  it('takes a request larger than its room when it holds nothing', async () => {
    await open({ rows: 10 }).land(arrivals(20), NOW.getTime(), 1);
    expect(await select('SELECT count() AS n FROM arrivals')).toEqual([{ n: '20' }]);
  });

  it('writes little at a time no oftener than its spacing, and much at once', async () => {
    let now = NOW.getTime();
    const begun: number[] = [];
    const landing = new Landing({
      ...INTO,
      warehouse: {
        insertRows: async () => {
          begun.push(now);
        },
      },
      process: 'spaced',
      clock: () => now,
      pause: async (milliseconds) => {
        now += milliseconds;
      },
      limits: { lingerMillis: 10, spacingMillis: 100, batchRows: 50 },
    });
    for (let request = 0; request < 3; request += 1) await landing.land(arrivals(1), now, 1);
    now += 1_000;
    await landing.land(arrivals(1), now, 1);
    await landing.land(arrivals(50), now, 1);
    const start = NOW.getTime();
    expect(begun.map((at) => at - start)).toEqual([10, 110, 210, 1_220, 1_230]);
  });

  it('sends a write again under the same name where its outcome is not known', async () => {
    let writes = 0;
    const shaky = {
      insertRows: async (...args: Parameters<OpenWarehouse['insertRows']>) => {
        writes += 1;
        await warehouse.insertRows(...args);
        if (writes === 1) throw new Failure('warehouse-unreachable', 'gone', { isRetryable: true });
      },
    };
    const landing = new Landing({
      ...INTO,
      warehouse: shaky,
      process: 'shaky',
      clock: () => NOW.getTime(),
      pause: () => Promise.resolve(),
    });
    await landing.land(arrivals(10), NOW.getTime(), 1);
    expect(await select('SELECT count() AS n, uniqExact(batch) AS batches FROM arrivals')).toEqual([
      { n: '20', batches: '1' },
    ]);
    expect((await settleArrivals(warehouse, NOW))?.events).toEqual({ arrived: 20, accepted: 10 });
  });

  it('writes the requests beside one whose row the table refuses', async () => {
    const landing = open();
    const [row] = arrivals(1);
    if (row?.into !== 'events') throw new Error('an event states an event');
    const torn = { ...row, properties: { half: '\ud800' } };
    const requests = [arrivals(3), [torn], arrivals(5).slice(3)];
    const told = await Promise.allSettled(requests.map((rows) => landing.land(rows, NOW.getTime(), 1)));
    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(landing.waiting).toBe(0);
    expect((await settleArrivals(warehouse, NOW))?.events).toEqual({ arrived: 5, accepted: 5 });
  });

  it('tells every request that its rows are not on disk', async () => {
    const full = { insertRows: () => Promise.reject(new Failure('warehouse-disk', 'full', { isRetryable: true })) };
    const landing = new Landing({
      ...INTO,
      warehouse: full,
      process: 'full',
      clock: () => NOW.getTime(),
      pause: () => Promise.resolve(),
    });
    const told = await Promise.allSettled([landing.land(arrivals(1), 0, 1), landing.land(arrivals(1), 0, 1)]);
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(landing.waiting).toBe(0);
  });
});
