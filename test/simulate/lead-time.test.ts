import { expect, test } from 'vitest';
import { leadTimeTruth } from '../../src/simulate/lead-time.ts';
import { PLANTED } from '../../src/simulate/planted.ts';

const DAY = 86_400_000;
const END = 700 * DAY;
const never = Number.POSITIVE_INFINITY;
const steady = { kind: 'steady' } as const;
const stays = { paidOn: 0, churnOn: never, usage: steady };
const falls = (churnDay: number, beginsBefore: number) => ({
  paidOn: 0,
  churnOn: churnDay * DAY,
  usage: { kind: 'decline', from: (churnDay - beginsBefore) * DAY } as const,
});

test('half of the fall is there in the middle of the slope, seen half a window later', () => {
  const { overDays } = PLANTED.decline;
  const { windowDays } = PLANTED.leadTime;
  const truth = leadTimeTruth({ start: 0, end: END }, [falls(400, 100), falls(500, 100), stays]);
  expect(truth).toMatchObject({ signal: 'dau_seat_share', fall_begins_days: 100 });
  expect(Math.abs((truth.half_days ?? 0) - (100 - overDays / 2 - windowDays / 2))).toBeLessThanOrEqual(1);
});

test('those who leave without a sign change how deep the fall is, not when it is', () => {
  const world = [falls(400, 120), falls(500, 80), stays];
  const unannounced = { ...stays, churnOn: 650 * DAY };
  const [bare, more] = [world, [...world, unannounced]].map((lives) => leadTimeTruth({ start: 0, end: END }, lives));
  expect(more).toEqual(bare);
});

test('where nobody falls, or nobody leaves in the tracked time, there is no day', () => {
  const nobody = { signal: 'dau_seat_share', half_days: null, fall_begins_days: null };
  expect(leadTimeTruth({ start: 0, end: END }, [{ ...stays, churnOn: 300 * DAY }, stays])).toEqual(nobody);
  expect(leadTimeTruth({ start: 0, end: END }, [falls(900, 100), stays])).toEqual(nobody);
});
