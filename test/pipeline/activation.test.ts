import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAccounts } from '../../src/pipeline/accounts.ts';
import { activationOf } from '../../src/pipeline/activation.ts';
import { type OpenEngines, openEngines } from '../api/serving.ts';
import { loadRows } from '../profile/load-world.ts';

const DAY = 86_400_000;
const MODEL = `version: 1
name: Steps
taxonomy:
  features:
    connections: { events: [connected], entry: true }
    reports: { events: [report, export], core: true }
    alerts: { events: [alert] }
  workflows:
    weekly: { steps: [report, share, export], within_days: 7 }
activation:
  account_sequence: [connected, report, export]
  user_sequence: [report, export]
  milestones: { first_export: { event: export, within_days: 30, primary: true } }
segments:
  - { name: At-Risk, when: events_30d < 0 }
  - { name: Big, when: employees >= 100 }
  - { name: Small, when: employees < 100 }
fallback: { Small: otherwise }
`;

const at = (day: string, plus = 0): Date => new Date(Date.parse(`${day}T00:00:00Z`) + plus * DAY);
const BORN = '2026-01-05';
const END = at('2026-03-01').getTime();

type Row = Readonly<Record<string, unknown>>;
const accounts: Row[] = [];
const users: Row[] = [];
const events: Row[] = [];

function account(id: string, created: Date | null, employees = 50): void {
  accounts.push({ account_id: id, created, employees });
}

/** Events of a user: days after a day, and what happened then. */
function does(account_id: string, user_id: string, from: string, done: readonly (readonly [number, string])[]): void {
  for (const [plus, event] of done) {
    events.push({ event, time: at(from, plus), user_id, account_id, message_id: `m${events.length}` });
  }
}

/** Ten that come through, eight stuck before export, four before report, two too young to tell, two unknown. */
function plant(): void {
  for (let n = 1; n <= 10; n += 1) {
    const id = `a${n}`;
    account(id, at(BORN), 200);
    const share = n <= 5 ? [[5, 'share'] as const] : [];
    does(id, `${id}-u`, BORN, [[1, 'connected'], [3, 'report'], ...share, [7, 'export']]);
  }
  does('a1', 'a1-u', BORN, [[9, 'alert']]);
  does('a10', 'a10-u', '2026-02-27', [[0, 'report']]);
  users.push({ user_id: 'silent', account_id: 'a1' });
  for (let n = 1; n <= 8; n += 1) {
    account(`b${n}`, at(BORN));
    does(`b${n}`, `b${n}-u`, BORN, [
      [1, 'connected'],
      [3, 'report'],
    ]);
  }
  for (let n = 1; n <= 4; n += 1) {
    account(`c${n}`, at(BORN));
    does(`c${n}`, `c${n}-u`, BORN, [[2, 'connected']]);
  }
  account('d', at('2026-02-25'));
  does('d', 'd-u', '2026-02-25', [[1, 'connected']]);
  account('e', at('2026-02-26'));
  account('old', at('2025-12-01'));
  does('old', 'old-u', '2026-01-01', [
    [0, 'report'],
    [1, 'export'],
    [58, 'alert'],
  ]);
  account('unborn', null);
  does('unborn', 'unborn-u', '2026-02-01', [[0, 'report']]);
}

let engines: OpenEngines;
beforeAll(async () => {
  plant();
  engines = await openEngines(MODEL);
  await loadRows(
    engines.warehouse,
    new Map([
      ['accounts', accounts],
      ['users', users],
      ['events', events],
    ]),
  );
});
afterAll(() => engines.close());

async function activationAt(asOf: number) {
  return activationOf(engines, await listAccounts(engines, { asOf, now: new Date(END) }), asOf);
}

/** Wilson's interval of 10 of 18, by hand: (p + z²/2n ± z √(pq/n + z²/4n²)) / (1 + z²/n) with z = 1.959964. */
const WILSON_10_OF_18 = [0.33717, 0.7544] as const;

test('accounts and users stall where they were planted, and who is too young or unknown is in no step', async () => {
  const { accounts: funnel, users: people, measuredAt } = await activationAt(END);
  expect(measuredAt).toBe('2026-03-01T00:00:00.000Z');
  expect(funnel).toMatchObject({ begun: 24, complete: 10, unknown: 2, notBegun: 0, largest: 'export' });
  const told = (of: typeof funnel) =>
    of.steps.map(({ step, entered, reached, stalled, onTheWay, medianDays }) => [
      ...[step, entered, reached, stalled, onTheWay, medianDays],
    ]);
  expect(told(funnel)).toEqual([
    ['connected', 24, 23, 0, 1, 1],
    ['report', 23, 18, 4, 1, 2],
    ['export', 18, 10, 8, 0, 4],
  ]);
  expect(funnel.steps[2]?.share).toBeCloseTo(10 / 18, 12);
  expect(funnel.steps[2]?.interval?.[0]).toBeCloseTo(WILSON_10_OF_18[0], 4);
  expect(funnel.steps[2]?.interval?.[1]).toBeCloseTo(WILSON_10_OF_18[1], 4);
  expect(funnel.sentence).toBe(
    'Most accounts that stall do so before export: 8 of 18 accounts that took report have not gone on in 7 days',
  );
  expect(people).toMatchObject({ begun: 25, complete: 11, unknown: 0, notBegun: 1, largest: 'export' });
  expect(told(people)).toEqual([
    ['report', 25, 20, 4, 1, 2],
    ['export', 20, 11, 9, 0, 4],
  ]);
});

test('those who stall are named: users by their last activity, accounts each with its step and segment', async () => {
  const { stalledUsers, stalledAccounts } = await activationAt(END);
  const before = (step: string) => stalledUsers.filter((user) => user.step === step);
  expect(before('export').map(({ userId }) => userId)).toEqual([
    ...['unborn-u', 'b1-u', 'b2-u', 'b3-u', 'b4-u', 'b5-u', 'b6-u', 'b7-u', 'b8-u'],
  ]);
  expect(before('export')[0]).toMatchObject({ accountId: 'unborn', daysSinceLastActivity: 28 });
  expect(before('report').map(({ userId }) => userId)).toEqual(['c1-u', 'c2-u', 'c3-u', 'c4-u']);
  expect(stalledAccounts.map(({ accountId, step, segment }) => [accountId, step, segment])).toEqual([
    ...Array.from({ length: 8 }, (_, n) => [`b${n + 1}`, 'export', 'Small']),
    ...Array.from({ length: 4 }, (_, n) => [`c${n + 1}`, 'report', 'Small']),
  ]);
});

test('runs stop where they were planted, and one that may still be completed is in none', async () => {
  const { workflows } = await activationAt(END);
  expect(workflows).toMatchObject([
    {
      ...{ workflow: 'weekly', closed: 20, open: 1, users: 20, completed: 5, completion: 0.25, medianDays: 4 },
      largest: 'share',
      steps: [
        { step: 'report', entered: 20, reached: 20, dropped: 0 },
        { step: 'share', entered: 20, reached: 5, dropped: 15 },
        { step: 'export', entered: 5, reached: 5, dropped: 0 },
      ],
    },
  ]);
});

test('areas are counted by segment among those who use any, and too few users are said', async () => {
  const { areas } = await activationAt(END);
  const used = areas.bySegment.map((group) => [group.name, group.users, ...group.areas.map((each) => each.used)]);
  expect(used).toEqual([
    ['At-Risk', 0, 0, 0, 0],
    ['Big', 10, 10, 10, 1],
    ['Small', 15, 13, 10, 1],
  ]);
  expect(areas.bySegment[0]?.areas[0]).toMatchObject({ share: null, interval: null });
  expect(areas.bySegment[2]?.areas[1]?.share).toBeCloseTo(10 / 15, 12);
  expect(areas.byTier.reduce((sum, group) => sum + group.users, 0)).toBe(25);
  expect(areas.segmentSentence).toMatch(/^Fewer than two segments have 20 users/);
});

test('the order of adoption is that of accounts created since the events begin', async () => {
  const { order } = await activationAt(END);
  expect(order).toMatchObject({ accounts: [23, 18, 1], unknown: 2 });
  expect(order.areas.map(({ area, places, adopted, medianDays }) => [area, places, adopted, medianDays])).toEqual([
    ['connections', [23, 0, 0], 23, 1],
    ['reports', [0, 18, 0], 18, 3],
    ['alerts', [0, 0, 1], 1, 9],
  ]);
  expect(order.areas[1]?.shares).toEqual([0, 1, 0]);
  expect(order.orders).toEqual([{ order: ['connections', 'reports', 'alerts'], accounts: 1 }]);
});

test('as of an earlier day nothing later counts: an export at its very instant has not happened yet', async () => {
  const { accounts: funnel, workflows } = await activationAt(at(BORN, 7).getTime());
  expect(funnel).toMatchObject({ begun: 22, complete: 0, largest: null, unknown: 2 });
  expect(funnel.steps.map(({ reached, stalled, onTheWay }) => [reached, stalled, onTheWay])).toEqual([
    [22, 0, 0],
    [18, 0, 4],
    [0, 0, 18],
  ]);
  expect(funnel.sentence).toBe('None of 22 accounts that have begun stalls');
  expect(workflows[0]).toMatchObject({ closed: 1, open: 18, completed: 0 });
});
