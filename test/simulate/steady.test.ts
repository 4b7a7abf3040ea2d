import { describe, expect, it } from 'vitest';
import { decliningWorld, steadySpan, steadyWorld } from '../../src/simulate/steady.ts';
import { collectRows, groupBy } from './rows.ts';

const DAY = 86_400_000;
const options = { seed: 2, accounts: 60, end: '2026-11-21' };
const span = steadySpan(options);
const steady = collectRows(steadyWorld(options));
const declining = collectRows(decliningWorld(options));

function activeDays(events: typeof steady.events, from: number, to: number): Set<string> {
  const within = events.filter(({ time }) => time.getTime() >= from && time.getTime() < to);
  return new Set(within.map(({ user_id, time }) => `${user_id} ${Math.floor(time.getTime() / DAY)}`));
}

describe('a steady world', () => {
  it('has 3 to 30 users an account for 26 weeks', () => {
    expect(span.to - span.from).toBe(26 * 7 * DAY);
    for (const { users } of steady.result) expect(users >= 3 && users <= 30).toBe(true);
    expect(new Set(steady.result.map(({ users }) => users)).size).toBeGreaterThan(15);
  });

  it('has users of 4.5, 2, 1 and 0.5 active days a week, in equal parts', () => {
    const days = groupBy(
      [...activeDays(steady.events, span.from, span.to)].map((text) => ({ user: text.split(' ')[0] })),
      'user',
    );
    const weekly = [...days.values()].map((rows) => rows.length / 26);
    for (const [low, high] of [
      [0, 0.75],
      [0.75, 1.5],
      [1.5, 3.2],
      [3.2, 7],
    ] as const) {
      const share = weekly.filter((value) => value >= low && value < high).length / weekly.length;
      expect(share).toBeGreaterThan(0.18);
      expect(share).toBeLessThan(0.32);
    }
  });

  it('is the same from quarter to quarter', () => {
    const middle = span.from + 13 * 7 * DAY;
    const first = activeDays(steady.events, span.from, middle).size;
    const second = activeDays(steady.events, middle, span.to).size;
    expect(second / first).toBeGreaterThan(0.96);
    expect(second / first).toBeLessThan(1.04);
  });
});

describe('a declining world', () => {
  it('is the steady one until the fall, and a part of it after', () => {
    const from = declining.result[0]?.declineFrom ?? 0;
    expect(from).toBe(span.to - 90 * DAY);
    expect(activeDays(declining.events, span.from, from)).toEqual(activeDays(steady.events, span.from, from));
    const after = activeDays(steady.events, from, span.to);
    expect([...activeDays(declining.events, from, span.to)].filter((day) => !after.has(day))).toEqual([]);
  });

  it('falls to 30% within 60 days', () => {
    const from = span.to - 28 * DAY;
    const share = activeDays(declining.events, from, span.to).size / activeDays(steady.events, from, span.to).size;
    expect(share).toBeGreaterThan(0.26);
    expect(share).toBeLessThan(0.34);
  });
});
