import { describe, expect, test } from 'vitest';
import { atRisk, endOf } from '../../src/evidence/calendar.ts';
import { testDivergence } from '../../src/evidence/divergence.ts';
import { matchCases } from '../../src/evidence/divergence_match.ts';
import { type Planted, smallWorld } from './synthetic.ts';

const WORLD: Planted = {
  seed: 7,
  accounts: 400,
  days: 600,
  everyDays: 7,
  yearlyChurn: 0.3,
  declineShare: 1,
  declineFrom: [84, 98],
  noise: 3,
};
const OPTIONS = { bands: ['size_band'], weeks: 40, controls: 4, permutations: 99, seed: 1 };

describe('use that falls from 12 to 14 weeks before churn', () => {
  const { panel, signals } = smallWorld(WORLD);
  const report = testDivergence(panel, { ...OPTIONS, signals });
  const use = report.rows.find(({ signal }) => signal === 'use');

  test('parts within four weeks of its beginning and not before', () => {
    expect(use).toMatchObject({ verdict: 'holds', side: 'lower' });
    expect(use?.weeksBefore).toBeGreaterThanOrEqual(9);
    expect(use?.weeksBefore).toBeLessThanOrEqual(14);
  });

  test('half of the fall is dated to the middle of it', () => {
    const middle = 91 - 60 / 2;
    const [low, high] = use?.half?.interval ?? [0, 0];
    expect(low).toBeLessThanOrEqual(middle);
    expect(high).toBeGreaterThanOrEqual(middle);
    expect(high - low).toBeLessThan(14);
    expect(use?.half?.days).toBeGreaterThan(low);
    expect(use?.half?.days).toBeLessThan(high);
    expect(use?.sentence).toMatch(/Half of that was there \d+ days before \(95% interval \d+ to \d+\)/);
    expect(report.rows.filter(({ half, weeksBefore }) => half !== null && weeksBefore === null)).toEqual([]);
  });

  test('power is told for every week that has cases', () => {
    expect(use?.weeks).toHaveLength(41);
    expect(use?.weeks.at(-1)).toMatchObject({ weeksBefore: 0 });
    expect(use?.weeks.at(-1)?.power).toBeGreaterThan(0.5);
  });

  test('noise and firmographics are not found', () => {
    expect(report.rows.filter(({ signal, verdict }) => signal !== 'use' && verdict === 'holds')).toEqual([]);
    expect(report.rows.map(({ signal }) => signal)).not.toContain('employees');
  });

  test('controls are customers of the same band on the day of the churn', () => {
    const band = panel.texts('size_band');
    const cases = matchCases(panel, atRisk(panel), OPTIONS);
    for (const { track, controls, lastMs, churnMs } of cases) {
      for (const control of controls) {
        const [own, other] = [track.get(lastMs), control.get(lastMs)];
        if (own === undefined || other === undefined) throw new Error('a case or control is not there');
        expect(band[other.index]).toBe(band[own.index]);
        expect(endOf(other)).toBeGreaterThan(churnMs);
      }
    }
  });
});

test('where nobody declines, fewer than 5% hold', () => {
  const verdicts = Array.from({ length: 6 }, (_, seed) => {
    const { panel, signals } = smallWorld({ ...WORLD, seed: seed + 40, accounts: 250, declineShare: 0, noise: 6 });
    return testDivergence(panel, { ...OPTIONS, signals }).rows.map(({ verdict }) => verdict);
  }).flat();
  expect(verdicts.filter((verdict) => verdict === 'holds').length / verdicts.length).toBeLessThan(0.05);
});
