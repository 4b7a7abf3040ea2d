import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { parseModel } from '../../src/definition/parse.ts';
import { readTellings, type Tellings } from '../../src/evidence/telling.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { buildTellings, dropTellings } from '../../src/profile/telling.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { laidOutFolder } from '../laid-out.ts';
import { loadRows } from './load-world.ts';

const DAY = 86_400_000;
const BEGIN = Date.UTC(2025, 0, 1);
const at = (day: number, hour = 12): Date => new Date(BEGIN + day * DAY + hour * 3_600_000);
const midnight = (day: number): number => BEGIN + day * DAY;

const MODEL = `
version: 1
name: Told
taxonomy: { ignore: [Subscription Cancelled] }
outcomes: { inactive_days: 60 }
`;

let warehouse: OpenWarehouse;
let tellings: Tellings;

interface Paid {
  readonly id?: string;
  readonly starts?: number;
  readonly ends?: number;
  readonly notice?: number;
  readonly known?: number;
  readonly kind?: string;
}

const paid = (account: string, { id = account, starts = 0, ends, notice, known, kind = 'paid' }: Paid = {}) => ({
  account_id: account,
  contract_id: id,
  starts: at(starts, 0),
  arr: 100,
  kind,
  known: at(known ?? starts, 0),
  ...(ends === undefined ? {} : { ends: at(ends, 0) }),
  ...(notice === undefined ? {} : { notice: at(notice, 0) }),
});

const event = (id: string, account: string, day: number, name: string) => ({
  message_id: id,
  event: name,
  time: at(day),
  account_id: account,
});

beforeAll(async () => {
  warehouse = await openWarehouse({ directory: await laidOutFolder('warehouse') });
  const rows = new Map<string, readonly Record<string, unknown>[]>([
    [
      'accounts',
      [
        { account_id: 'gone', created: at(1), traits: { churned: 'true' } },
        { account_id: 'kept', created: at(1), traits: { churn_flag: 'False' } },
        { account_id: 'mute', created: at(1), traits: { plan: 'churned' } },
      ],
    ],
    [
      'contracts',
      [
        paid('gone'),
        paid('gone', { ends: 120, notice: 80, known: 80 }),
        paid('kept', { id: 'k1', notice: 50, known: 50 }),
        paid('kept', { id: 'k2', starts: 10 }),
        paid('back'),
        paid('back', { notice: 50, known: 50 }),
        paid('back', { known: 70 }),
        paid('mute', { ends: 90, known: 90 }),
        paid('soon', { ends: 400, notice: 350, known: 100 }),
        paid('trial', { kind: 'trial', ends: 20, notice: 10 }),
        paid('two', { id: 't1', ends: 60, known: 60 }),
        paid('two', { id: 't2', notice: 75, known: 75 }),
      ],
    ],
    [
      'events',
      [
        event('1', 'gone', 2, 'report'),
        event('2', 'gone', 40, 'report'),
        event('3', 'gone', 130, 'report'),
        event('4', 'gone', 81, 'Subscription Cancelled'),
        event('5', 'kept', 20, 'upload_cancelled'),
        event('6', 'kept', 290, 'churn_survey_shown'),
        event('7', 'back', 55, 'churned'),
        event('8', 'back', 10, 'churned'),
        event('9', 'back', 310, 'churned'),
      ],
    ],
  ]);
  await loadRows(warehouse, rows);
  const { model } = parseModel(MODEL, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error('the model is refused');
  const tables = await buildTellings(warehouse, { model, run: 'told', through: midnight(300) });
  tellings = await readTellings(warehouse, tables, model.outcomes.inactiveDays);
  await dropTellings(warehouse, 'told');
});

afterAll(() => warehouse.close());

test('notice counts where it was given of all that is paid for, as it was last known, on its last day', () => {
  expect(Object.fromEntries(tellings.noticeMs)).toEqual({ gone: midnight(80), two: midnight(75) });
});

test('events that tell of leaving are read even where the model ignores them, and others that sound like it are not', () => {
  expect(Object.fromEntries(tellings.eventMs)).toEqual({
    gone: [at(81).getTime()],
    back: [at(10).getTime(), at(55).getTime()],
  });
  expect(tellings.eventNames).toEqual(['Subscription Cancelled', 'churned']);
});

test('traits of the account tell who left, by name, whatever their spelling', () => {
  expect(Object.fromEntries(tellings.trait)).toEqual({ gone: true, kept: false });
});

test('use ends where a silence of the length of the model begins', () => {
  expect(tellings.use.get('gone')).toEqual([
    { startMs: midnight(2), churnedMs: midnight(41) },
    { startMs: midnight(130), churnedMs: midnight(131) },
  ]);
  expect(tellings.use.get('kept')?.at(-1)).toEqual({ startMs: midnight(290), churnedMs: null });
});

test('nothing is left behind', async () => {
  const rows = await warehouse.rows(
    "SELECT name FROM system.tables WHERE name LIKE 'scratch_told%'",
    z.object({ name: z.string() }),
  );
  expect(rows).toEqual([]);
});
