import { describe, expect, test } from 'vitest';
import { closeGaps, lastFiring } from '../../src/evidence/firing.ts';
import { DAY_MS } from '../../src/evidence/history.ts';
import type { Indicator } from '../../src/evidence/indicator.ts';
import { testLeadTimes } from '../../src/evidence/lead_time.ts';
import type { Panel } from '../../src/evidence/panel.ts';
import { type Planted, smallWorld } from './synthetic.ts';

const WORLD: Planted = {
  seed: 3,
  accounts: 400,
  days: 600,
  everyDays: 7,
  yearlyChurn: 0.3,
  declineShare: 0.7,
  declineFrom: [60, 150],
  noise: 1,
};
const OPTIONS = { earlyDays: 90, gapDays: 14, horizonDays: 180, resamples: 99, seed: 1 };

const below = (panel: Panel, signal: string, cut: number): Indicator => ({
  name: `${signal} low`,
  path: signal,
  segment: null,
  asks: () => true,
  fires: ({ index }) => (panel.numbers(signal)[index] ?? Number.NaN) < cut,
});

describe('use that falls 60 to 150 days before churn', () => {
  const world = smallWorld(WORLD);
  const indicators = [below(world.panel, 'use', 0.7), below(world.panel, 'noise_0', -1)];
  const { rows } = testLeadTimes(world.panel, { ...OPTIONS, indicators });
  const [use, noise] = rows;

  test('the interval of the lead time contains the day on which use passed the threshold', () => {
    const daysToThreshold = (60 * (1 - 0.7)) / (1 - 0.3);
    const truths = [...world.leads.values()].map((lead) => lead - daysToThreshold).sort((a, b) => a - b);
    const truth = truths[truths.length >> 1] ?? 0;
    const [low, high] = use?.leadDays?.interval ?? [null, null];
    expect(low).toBeLessThanOrEqual(truth);
    expect((high ?? 0) + 7).toBeGreaterThanOrEqual(truth);
  });

  test('it fires before the churns that were planted to show it, and seldom beside them', () => {
    expect(use).toMatchObject({ verdict: 'holds', needed: null });
    expect(use?.detection.share).toBeGreaterThan(0.5);
    expect(use?.detection.controlShare).toBeLessThan(0.1);
    expect(use?.early.share).toBeLessThan(use?.detection.share ?? 0);
    expect(use?.recall?.share).toBeGreaterThan(0.3);
    expect(use?.precision?.share).toBeGreaterThan(use?.baseRate ?? 1);
    expect(use?.alertsPerMonth?.per).toBe('csm');
    expect(use?.sentence).toMatch(/fires before churns more than chance explains/);
  });

  test('what means nothing does not hold', () => expect(noise?.verdict).not.toBe('holds'));
});

test('where nobody declines, fewer than 5% hold', () => {
  const verdicts = Array.from({ length: 5 }, (_, seed) => {
    const { panel } = smallWorld({ ...WORLD, seed: seed + 20, accounts: 250, declineShare: 0, noise: 10 });
    const indicators = Array.from({ length: 10 }, (_, noise) => below(panel, `noise_${noise}`, 0));
    return testLeadTimes(panel, { ...OPTIONS, resamples: 19, indicators }).rows.map(({ verdict }) => verdict);
  }).flat();
  expect(verdicts.filter((verdict) => verdict === 'holds').length / verdicts.length).toBeLessThan(0.05);
});

describe('the last unbroken firing', () => {
  const { panel } = smallWorld({ ...WORLD, accounts: 20 });
  const start = panel.rows.find(({ outcome }) => outcome !== null);
  const track = (fires: readonly boolean[]) => ({
    fires,
    rows: fires.map((_, week) => ({ ...start, landmarkMs: week * 7 * DAY_MS }) as never),
  });

  test('begins at the first landmark after the last silence', () => {
    expect(lastFiring(track([false, true, false, true, true]), 30 * DAY_MS)).toEqual({
      startMs: 21 * DAY_MS,
      leadDays: 9,
      isAtLeast: false,
    });
  });

  test('goes on over a gap that is shorter than the model waits, and over no longer one', () => {
    const [short, long] = [
      [true, false, false, true],
      [true, false, false, false, true],
    ].map((fires) => closeGaps(track(fires), 14).fires);
    expect(short).toEqual([true, true, true, true]);
    expect(long).toEqual([true, false, false, false, true]);
    expect(closeGaps(track([false, true, false]), 14).fires).toEqual([false, true, false]);
    expect(closeGaps(track([true, false, true]), 0).fires).toEqual([true, false, true]);
  });

  test('is known only in part where it fired from the first landmark on', () => {
    expect(lastFiring(track([true, true]), 10 * DAY_MS)).toMatchObject({ leadDays: 10, isAtLeast: true });
  });

  test('does not count where it ended a month or more before', () => {
    expect(lastFiring(track([true, true]), 40 * DAY_MS)).toBeNull();
  });
});
