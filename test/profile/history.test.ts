import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseModel } from '../../src/definition/parse.ts';
import { type History, type PastAccount, readHistory } from '../../src/evidence/history.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { buildHistory, dropHistory } from '../../src/profile/history.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { laidOutFolder } from '../laid-out.ts';
import { loadRows } from './load-world.ts';

const DAY = 86_400_000;
const BEGIN = Date.UTC(2025, 0, 1);
const at = (day: number, hour = 12): Date => new Date(BEGIN + day * DAY + hour * 3_600_000);
const midnight = (day: number): number => BEGIN + day * DAY;
const THROUGH = midnight(300);

const MODEL = `
version: 1
name: Past
bands: { size_band: { small: employees < 50, large: employees >= 50 } }
taxonomy:
  features: { reporting: { events: [report, export] } }
  workflows: { weekly: { steps: [report, export], within_days: 7 } }
  proxies: [login]
activation: { milestones: { first: { event: export, within_days: 14, primary: true } } }
value: { churn_grace_days: 30 }
`;

let warehouse: OpenWarehouse;
let history: History;

const event = (id: string, day: number, name: string, account: string, user: string) => ({
  message_id: id,
  event: name,
  time: at(day),
  account_id: account,
  user_id: user,
});
const contract = (account: string, id: string, starts: number, ends: number | null, arr: number) => ({
  account_id: account,
  contract_id: id,
  starts: at(starts, 0),
  ...(ends === null ? {} : { ends: at(ends, 0) }),
  term_ends: at(starts + 365, 0),
  arr,
  kind: 'paid',
});

beforeAll(async () => {
  warehouse = await openWarehouse({ directory: await laidOutFolder('warehouse') });
  const rows = new Map<string, readonly Record<string, unknown>[]>([
    [
      'accounts',
      [
        { account_id: 'a', created: at(1), employees: 20 },
        { account_id: 'b', created: at(2), employees: 200 },
        { account_id: 'c', created: at(3), employees: 10 },
      ],
    ],
    ['traits', [{ entity: 'account', id: 'a', name: 'employees', value: '90', from: at(20, 0) }]],
    [
      'contracts',
      [
        contract('a', 'a1', 5, 100, 1000),
        contract('a', 'a2', 120, null, 1200),
        contract('b', 'b1', 5, 150, 500),
        contract('c', 'c1', 5, null, 100),
      ],
    ],
    [
      'account_links',
      [
        { account_id: 'alias', into_account_id: 'a', at: at(-10, 0), kind: 'renamed' },
        { account_id: 'b', into_account_id: 'c', at: at(140, 0), kind: 'merged' },
      ],
    ],
    [
      'events',
      [
        event('0', 0, 'login', 'c', 'u3'),
        event('1', 2, 'report', 'alias', 'u1'),
        event('2', 4, 'export', 'a', 'u1'),
        event('3', 4, 'export', 'a', 'u2'),
        event('4', 30, 'export', 'b', 'u4'),
        event('5', 200, 'report', 'b', 'u4'),
        event('6', 299, 'report', 'c', 'u3'),
      ],
    ],
  ]);
  await loadRows(warehouse, rows);
  const { model, diagnostics } = parseModel(MODEL, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error(JSON.stringify(diagnostics));
  const tables = await buildHistory(warehouse, { model, run: 'past', through: THROUGH, ageDays: [14, 30] });
  history = await readHistory(warehouse, tables, THROUGH, model.outcomes.inactiveDays);
  await dropHistory(warehouse, 'past');
});

afterAll(() => warehouse.close());

function account(id: string): PastAccount {
  const found = history.accounts.find(({ accountId }) => accountId === id);
  if (found === undefined) throw new Error(`no account ${id}`);
  return found;
}

test('a name that was linked before the events began is no account of its own, and what it did is the other’s', () => {
  expect(history.accounts.map(({ accountId }) => accountId)).toEqual(['a', 'b', 'c']);
  const report = account('a').reaches.find(({ kind, name }) => kind === 'event' && name === 'report');
  expect(report?.times).toEqual([at(2).getTime()]);
  expect(account('a').linkedMs).toEqual([]);
});

test('a merger leaves both sides as they were before it, and gives the survivor both after it', () => {
  expect(account('b').linkedMs).toEqual([midnight(140)]);
  expect(account('c').linkedMs).toEqual([midnight(140)]);
  expect(account('b').apart.spells).toEqual([{ startMs: midnight(5), churnedMs: midnight(150) }]);
  expect(account('c').apart.arr.at(-1)?.arr).toBe(100);
  const merged = account('c').linked.arr;
  expect(
    merged.find(({ atMs }) => atMs === midnight(100))?.arr ?? merged.findLast(({ atMs }) => atMs <= midnight(100))?.arr,
  ).toBe(600);
});

test('spells end where the grace has passed, and a later contract starts a new one', () => {
  expect(account('a').apart.spells).toEqual([{ startMs: midnight(5), churnedMs: null }]);
  const strict = account('b').apart;
  expect(strict.terms.map(({ endsMs }) => endsMs)).toEqual([midnight(370)]);
});

test('ARR holds from the midnight after the change, through the grace, and not past it', () => {
  const arrOn = (id: string, day: number) =>
    account(id).apart.arr.findLast(({ atMs }) => atMs <= midnight(day))?.arr ?? null;
  expect([arrOn('b', 5), arrOn('b', 6), arrOn('b', 150), arrOn('b', 179), arrOn('b', 180), arrOn('b', 181)]).toEqual([
    null,
    500,
    500,
    500,
    null,
    null,
  ]);
  expect([arrOn('a', 110), arrOn('a', 121)]).toEqual([1000, 1200]);
});

test('candidates carry their first moments, by different users too, and proxies are marked', () => {
  const reach = (kind: string, name: string) =>
    account('a').reaches.find((candidate) => candidate.kind === kind && candidate.name === name);
  expect(reach('event', 'export')).toMatchObject({ times: [at(4).getTime(), at(4).getTime()], isProxy: false });
  expect(reach('event', 'export')?.userTimes).toHaveLength(2);
  expect(reach('area', 'reporting')?.times).toHaveLength(3);
  expect(reach('workflow', 'weekly')?.times).toEqual([at(4).getTime()]);
  expect(reach('milestone', 'first')?.times).toEqual([at(4).getTime()]);
  expect(account('c').reaches.find(({ name }) => name === 'login')).toBeUndefined();
  expect(account('b').reaches.find(({ kind }) => kind === 'milestone')).toBeUndefined();
});

test('firmographics are those of the age that was asked for', () => {
  const bandAt = (days: number) => history.papers.get(`a ${at(1 + days).getTime()}`)?.bands['size_band'];
  expect([bandAt(14), bandAt(30)]).toEqual(['small', 'large']);
});
