import { describe, expect, test } from 'vitest';
import { testThresholds } from '../../src/evidence/threshold.ts';
import { type Planted, smallWorld } from './synthetic.ts';

const WORLD: Planted = {
  seed: 1,
  accounts: 600,
  days: 700,
  everyDays: 28,
  yearlyChurn: 0.25,
  declineShare: 0.7,
  declineFrom: [60, 150],
  noise: 6,
};
const OPTIONS = { horizonDays: 180, splitMs: null, permutations: 199, seed: 1, model: [] };

describe('a world in which use falls before churn', () => {
  const world = smallWorld(WORLD);
  const report = testThresholds(world.panel, { ...OPTIONS, signals: world.signals });
  const use = report.rows.find(({ signal }) => signal === 'use');

  test('finds the side and a cut within the planted fall, and later data agree', () => {
    expect(use).toMatchObject({ verdict: 'holds', side: 'below', needed: null });
    expect(use?.cut).toBeGreaterThan(0.4);
    expect(use?.cut).toBeLessThan(0.95);
    expect(use?.tested?.interval?.[0]).toBeGreaterThan(1.5);
    expect(use?.sentence).toMatch(/^use at or below 0\.\d+: after .* does not prove a cause\.$/);
  });

  test('no noise holds, and tenure never wins', () => {
    const others = report.rows.filter(({ signal }) => signal !== 'use');
    expect(others.filter(({ verdict }) => verdict === 'holds')).toEqual([]);
    expect(report.rows.find(({ signal }) => signal === 'account_age_days')).toMatchObject({ leak: 'tenure', q: null });
  });

  test('the same seed gives the same report, another seed another permutation', () => {
    expect(testThresholds(world.panel, { ...OPTIONS, signals: world.signals })).toEqual(report);
  });

  test('no day of outcome is used twice: what comes after the split changes nothing that was found', () => {
    const splitMs = report.calendar.splitMs;
    const early = testThresholds(
      { ...world.panel, rows: world.panel.rows.filter(({ landmarkMs }) => landmarkMs < splitMs) },
      { ...OPTIONS, signals: world.signals, splitMs },
    );
    const found = ({ cut, side, p, n, events }: (typeof early.rows)[number]) => ({ cut, side, p, n, events });
    expect(early.rows.map(found)).toEqual(report.rows.map(found));
  });
});

describe('too little data', () => {
  const world = smallWorld({ ...WORLD, accounts: 60 });
  test('is refused with what it would take', () => {
    const { rows } = testThresholds(world.panel, { ...OPTIONS, signals: world.signals });
    expect(rows.filter(({ verdict }) => verdict !== 'too_little_data')).toEqual([]);
    expect(rows[0]?.needed?.reason).toMatch(/20 are the least/);
  });
});

test('on noise fewer than 5% hold', () => {
  const verdicts = Array.from({ length: 8 }, (_, seed) => {
    const world = smallWorld({
      ...WORLD,
      accounts: 300,
      yearlyChurn: 0.5,
      seed: seed + 10,
      declineShare: 0,
      noise: 12,
    });
    const options = { ...OPTIONS, signals: world.signals, permutations: 99 };
    return testThresholds(world.panel, options).rows.map(({ verdict }) => verdict);
  }).flat();
  expect(verdicts.filter((verdict) => verdict === 'holds').length / verdicts.length).toBeLessThan(0.05);
});
