import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { parseModel } from '../../src/definition/parse.ts';
import { type AreaDays, type Beginning, readAreaDays, readBeginnings } from '../../src/evidence/usage.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { buildAreaDays, buildBeginnings, dropUsage } from '../../src/profile/usage.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { laidOutFolder } from '../laid-out.ts';
import { loadRows } from './load-world.ts';

const DAY = 86_400_000;
const BEGIN = Date.UTC(2025, 0, 1);
const FIRST = BEGIN / DAY;
const at = (day: number, hour = 12): Date => new Date(BEGIN + day * DAY + hour * 3_600_000);
const midnight = (day: number): number => BEGIN + day * DAY;

const MODEL = `
version: 1
name: Used
taxonomy:
  features:
    board: { events: [opened], entry: true }
    export: { events: [exported], where: properties.status = 'success' }
    share: { events: [shared, exported] }
  ignore: [heartbeat]
`;

let warehouse: OpenWarehouse;
let beginnings: readonly Beginning[];
let areaDays: AreaDays;
let number = 0;

const event = (account: string, user: string, day: number, name: string, properties = {}, hour = 12) => {
  number += 1;
  return {
    message_id: String(number),
    event: name,
    time: at(day, hour),
    account_id: account,
    user_id: user,
    properties,
  };
};

beforeAll(async () => {
  warehouse = await openWarehouse({ directory: await laidOutFolder('warehouse') });
  const rows = new Map<string, readonly Record<string, unknown>[]>([
    ['accounts', [{ account_id: 'a', created: at(0) }]],
    ['identities', [{ previous_id: 'u1-old', user_id: 'u1', time: at(100) }]],
    [
      'events',
      [
        event('a', 'u1-old', 0, 'opened'),
        event('a', 'u1', 20, 'opened'),
        event('a', 'u1', 45, 'exported', { status: 'success' }),
        event('a', 'u1', 59, 'opened'),
        event('a', 'u1', 89, 'opened'),
        event('a', 'u1', 121, 'opened'),
        event('a', 'u1', 125, 'heartbeat'),
        event('a', 'u2', 10, 'opened'),
        event('a', 'u2', 71, 'shared'),
        event('a', 'u2', 72, 'shared'),
        event('a', 'u3', 5, 'opened'),
        event('a', 'u3', 64, 'shared', {}, 11),
        event('a', 'u3', 65, 'opened', {}, 13),
        event('a', 'u3', 220, 'opened'),
        event('a', '', 30, 'shared'),
        event('a', '', 310, 'shared'),
      ],
    ],
  ]);
  await loadRows(warehouse, rows);
  const { model } = parseModel(MODEL, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error('the model is refused');
  const request = { model, run: 'used', through: midnight(300) };
  beginnings = await readBeginnings(warehouse, await buildBeginnings(warehouse, request));
  areaDays = await readAreaDays(warehouse, await buildAreaDays(warehouse, request));
  await dropUsage(warehouse, 'used');
});

afterAll(() => warehouse.close());

test('a user begins with the first activity under any name, and is silent after 30 days without one', () => {
  expect(beginnings[0]).toEqual({
    accountId: 'a',
    firstMs: at(0).getTime(),
    isSecondary: true,
    activeDays: 4,
    lastMs: midnight(60),
    silentMs: midnight(120),
  });
});

test('what comes after 60 days is no beginning, and a silence that began before ends it', () => {
  expect(beginnings[1]).toEqual({
    accountId: 'a',
    firstMs: at(10).getTime(),
    isSecondary: false,
    activeDays: 1,
    lastMs: midnight(11),
    silentMs: midnight(41),
  });
});

test('a day is looked at when it is over; activities after 150 days are not looked at', () => {
  expect(beginnings[2]).toEqual({
    accountId: 'a',
    firstMs: at(5).getTime(),
    isSecondary: true,
    activeDays: 2,
    lastMs: midnight(65),
    silentMs: midnight(96),
  });
  expect(beginnings).toHaveLength(3);
});

test('days of areas count events without a user, conditions of areas, and nothing after the end', () => {
  const days = Object.fromEntries(areaDays.get('a') ?? []);
  expect(days['export']).toEqual([FIRST + 45]);
  expect(days['share']).toEqual([30, 45, 64, 71, 72].map((day) => FIRST + day));
  expect(days['board']).toEqual([0, 5, 10, 20, 59, 65, 89, 121, 220].map((day) => FIRST + day));
});

test('nothing is left behind', async () => {
  const sql = "SELECT name FROM system.tables WHERE name LIKE 'scratch_used%'";
  expect(await warehouse.rows(sql, z.object({ name: z.string() }))).toEqual([]);
});
