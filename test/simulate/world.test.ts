import { describe, expect, it } from 'vitest';
import type { FactTableName } from '../../src/model/table.ts';
import { factTable } from '../../src/model/tables.ts';
import type { EventFact } from '../../src/simulate/facts.ts';
import { PLANTED } from '../../src/simulate/planted.ts';
import type { AccountTruth } from '../../src/simulate/truth.ts';
import { groupBy, worldRows } from './rows.ts';

const DAY = 86_400_000;
const world = worldRows({ seed: 11, accounts: 200, months: 18, end: '2026-11-21' });
const truth = world.result;
const end = Date.parse(truth.frame.complete_through);
const start = Date.parse(truth.frame.tracking_from);
const distinct = [...new Map(world.events.map((event) => [event.message_id, event])).values()];
const byAccount = groupBy(distinct, 'account_id');
const used = truth.accounts.filter((account) => account.relationship !== 'prospect');
const instant = (text: string | null): number => (text === null ? Number.POSITIVE_INFINITY : Date.parse(text));

const eventsOf = (account: AccountTruth): readonly EventFact[] => byAccount.get(account.account_id) ?? [];

/** Different users and days of activity of an account within a span. */
function userDays(account: AccountTruth, from: number, to: number): number {
  const days = new Set<string>();
  for (const { user_id, time } of eventsOf(account)) {
    if (user_id !== null && time.getTime() >= from && time.getTime() < to) {
      days.add(`${user_id} ${Math.floor(time.getTime() / DAY)}`);
    }
  }
  return days.size;
}

describe('a simulated world', () => {
  it('has rows that the input contracts know, and counts them truly', () => {
    for (const [name, rows] of world.tables) {
      const table = factTable(name as FactTableName);
      const known = new Set(table.columns.map((column) => column.name));
      const required = table.columns.filter((column) => column.required).map((column) => column.name);
      const faulty = rows.filter(
        (row) =>
          Object.keys(row).some((column) => !known.has(column)) ||
          required.some((column) => row[column] === null || row[column] === undefined),
      );
      expect(faulty).toEqual([]);
      expect(truth.counts.rows[name]).toBe(rows.length);
    }
    expect(truth.counts.events.distinct).toBe(distinct.length);
    expect(truth.counts.events.duplicates).toBe(world.events.length - distinct.length);
    expect(truth.counts.events.late).toBe(world.late.length);
  });

  it('delivers the planted shares late and twice', () => {
    const { late, duplicates } = PLANTED.delivery;
    expect(world.late.length / world.events.length).toBeCloseTo(late, 2);
    expect((world.events.length - distinct.length) / distinct.length).toBeCloseTo(duplicates, 3);
    expect(world.late.filter(({ time }) => time.getTime() >= end - 2 * DAY)).toEqual([]);
  });

  it('has nothing outside the tracked time, nor in the outage', () => {
    const [from, to] = [Date.parse(truth.outage.from), Date.parse(truth.outage.to)];
    expect(to - from).toBe(3 * DAY);
    const isOutside = (at: number): boolean => at < start || at >= end || (at >= from && at < to);
    expect(distinct.filter(({ time }) => isOutside(time.getTime()))).toEqual([]);
    expect(distinct.some(({ time }) => time.getTime() >= from - DAY && time.getTime() < from)).toBe(true);
  });

  it('shows the milestone and the decoys exactly where they were planted', () => {
    const planted = [
      [PLANTED.milestone.event, 'first_export_at'],
      [PLANTED.decoys.riding.event, 'riding_decoy_at'],
      [PLANTED.decoys.size.event, 'size_decoy_at'],
    ] as const;
    for (const account of used.filter((candidate) => !candidate.older_than_tracking)) {
      for (const [event, column] of planted) {
        const at = account[column];
        const times = eventsOf(account)
          .filter((row) => row.event === event)
          .map(({ time }) => time.getTime());
        const first = times.length === 0 ? null : Math.min(...times);
        // The planted event itself may be among the few that are late at the end, or name no account.
        if (at === null || first === null)
          expect(at === null || instant(at) > end - 3 * DAY || first === null).toBe(true);
        else expect(first).toBeGreaterThanOrEqual(instant(at));
      }
      if (account.milestone_at !== null) {
        expect(instant(account.milestone_at) - instant(account.created)).toBeLessThan(14 * DAY);
      }
    }
    const shown = used.filter((account) => account.milestone_at !== null && !account.older_than_tracking);
    const exact = shown.filter((account) =>
      eventsOf(account).some((row) => row.time.getTime() === instant(account.milestone_at)),
    );
    expect(exact.length / shown.length).toBeGreaterThan(0.96);
    const { milestone_due: due, milestone_reached: reached } = truth.counts;
    expect(Math.abs(reached / due - 0.4)).toBeLessThan(3.5 * Math.sqrt(0.24 / due));
  });

  it('falls to the floor before a churn, and comes back in a recovery', () => {
    const fallen = { before: 0, after: 0 };
    const back = { before: 0, floor: 0, after: 0 };
    for (const account of used) {
      const from = instant(account.usage_from);
      const churn = instant(account.churn_on);
      if (account.usage === 'decline' && from - 60 * DAY > Math.max(start, instant(account.created) + 100 * DAY)) {
        const days = Math.floor((Math.min(churn, end) - from) / DAY) - 62;
        if (days < 14) continue;
        fallen.before += (userDays(account, from - 60 * DAY, from) / 60) * days;
        fallen.after += userDays(account, from + 62 * DAY, from + (62 + days) * DAY);
      }
      if (account.usage === 'recovery') {
        back.before += userDays(account, from - 28 * DAY, from) / 28;
        back.floor += userDays(account, from + 60 * DAY, from + 80 * DAY) / 20;
        back.after += userDays(account, from + 120 * DAY, from + 148 * DAY) / 28;
      }
    }
    expect(fallen.before).toBeGreaterThan(100);
    expect(fallen.after / fallen.before).toBeGreaterThan(0.2);
    expect(fallen.after / fallen.before).toBeLessThan(0.4);
    expect(back.floor / back.before).toBeGreaterThan(0.2);
    expect(back.floor / back.before).toBeLessThan(0.45);
    expect(back.after / back.before).toBeGreaterThan(0.75);
  });

  it('uses less in the holiday, and nothing after the churn', () => {
    const holiday = truth.holidays.at(-1)!;
    const from = Date.parse(holiday.from);
    const old = used.filter((a) => instant(a.created) < from - 200 * DAY && instant(a.churn_on) > from + 200 * DAY);
    const during = old.reduce((sum, account) => sum + userDays(account, from, from + 14 * DAY), 0);
    const before = old.reduce((sum, account) => sum + userDays(account, from - 28 * DAY, from), 0) / 2;
    expect(during / before).toBeGreaterThan(0.22);
    expect(during / before).toBeLessThan(0.38);
    for (const account of used.filter((candidate) => candidate.churn_on !== null)) {
      const last = eventsOf(account).reduce((latest, { time }) => Math.max(latest, time.getTime()), 0);
      expect(last).toBeLessThan(instant(account.churn_on));
    }
  });

  it('has people in two accounts, events that name none, staff and tests to leave out', () => {
    const users = world.tables.get('users')!;
    const accountsOf = groupBy(users, 'user_id');
    const shared = truth.accounts.flatMap((account) => account.shared_users);
    expect(shared.length).toBeGreaterThan(0);
    const double = shared.filter((id) => new Set(accountsOf.get(id)?.map((row) => row['account_id'])).size === 2);
    expect(double.length).toBeGreaterThan(0);
    expect(distinct.filter((event) => event.account_id === null).length).toBe(truth.counts.events.unnamed);
    expect(users.filter((row) => String(row['email']).endsWith('@acme.example')).length).toBe(3);
    expect(distinct.some((event) => event.user_id === null)).toBe(true);
  });
});

describe('contracts of a simulated world', () => {
  const contracts = world.tables.get('contracts')!;

  it('say only what was known when the data end', () => {
    for (const row of contracts) {
      const known = (row['known'] ?? row['starts']) as Date;
      expect(known.getTime()).toBeLessThan(end);
    }
  });

  it('end on the planted day, some of them known only afterwards', () => {
    const byId = groupBy(
      contracts.filter((row) => row['kind'] === 'paid'),
      'account_id',
    );
    let late = 0;
    for (const account of used.filter((candidate) => instant(candidate.churn_known_on) < end)) {
      const last = byId.get(account.account_id)?.at(-1);
      expect(last?.['ends']).toEqual(new Date(instant(account.churn_on)));
      if (instant(account.churn_known_on) > instant(account.churn_on)) late += 1;
    }
    expect(late).toBeGreaterThan(0);
    for (const account of used.filter((candidate) => candidate.relationship === 'customer')) {
      if (account.churn_on !== null) continue;
      const open = byId.get(account.account_id)?.filter((row) => row['ends'] === null) ?? [];
      expect(open.length).toBeGreaterThan(0);
    }
  });

  it('are amended with the start repeated, and renewed without a gap', () => {
    for (const versions of groupBy(contracts, 'contract_id').values()) {
      expect(new Set(versions.map((row) => (row['starts'] as Date).getTime())).size).toBe(1);
      const known = versions.map((row) => ((row['known'] ?? row['starts']) as Date).getTime());
      expect([...known].sort((a, b) => a - b)).toEqual(known);
      expect(new Set(known).size).toBe(known.length);
    }
  });
});
