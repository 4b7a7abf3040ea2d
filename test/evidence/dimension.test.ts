import { describe, expect, test } from 'vitest';
import { atRisk } from '../../src/evidence/calendar.ts';
import { testDimensions } from '../../src/evidence/dimension.ts';
import { leakOf } from '../../src/evidence/leak.ts';
import { knownBy } from '../../src/evidence/prediction.ts';
import { type Planted, smallWorld } from './synthetic.ts';

const WORLD: Planted = {
  seed: 5,
  accounts: 900,
  days: 720,
  everyDays: 28,
  yearlyChurn: 0.35,
  declineShare: 1,
  declineFrom: [120, 180],
  noise: 4,
};
const OPTIONS = { bands: ['size_band'], horizonDays: 90, splitMs: null, seed: 1, resamples: 99 };

describe('a world in which use tells and firmographics do not', () => {
  const { panel, signals } = smallWorld(WORLD);
  const report = testDimensions(panel, { ...OPTIONS, signals });
  const rowOf = (name: string) => report.rows.find(({ predictor }) => predictor === name);

  test('use beats industry and size, on later data too', () => {
    expect(rowOf('use')).toMatchObject({ kind: 'signal', verdict: 'holds', leak: null });
    expect(rowOf('use')?.auc).toBeGreaterThan(0.75);
    expect(rowOf('use')?.outOfTime.auc).toBeGreaterThan(0.75);
    expect(rowOf('behavioural')).toMatchObject({ kind: 'dimension', verdict: 'holds', signals: 5 });
  });

  test('industry and size do not hold against chance, and noise does not beat them', () => {
    expect(rowOf('industry and size')?.verdict).not.toBe('holds');
    expect(report.rows.filter(({ predictor, verdict }) => /^noise/.test(predictor) && verdict === 'holds')).toEqual([]);
  });

  test('a dimension without signals is told as such', () => {
    expect(rowOf('needs')).toMatchObject({ auc: null, signals: 0, verdict: 'too_little_data' });
  });

  test('tenure is marked, has no q and never wins', () => {
    expect(rowOf('account_age_days')).toMatchObject({ leak: 'tenure', q: null, verdict: 'too_little_data' });
    expect(rowOf('account_age_days')?.sentence).toMatch(/Not judged/);
  });

  test('the claim is measured on a signal that was chosen before', () => {
    expect(report.claim).toMatchObject({ signal: 'use', verdict: 'holds' });
    expect(report.claim.ratio).toBeGreaterThan(1.3);
  });
});

test('late landmarks are left out whole, churned rows too', () => {
  const { panel } = smallWorld(WORLD);
  const rows = atRisk(panel);
  const last = Math.max(...rows.map(({ landmarkMs }) => landmarkMs));
  const known = knownBy(rows, last, 90);
  expect(known.rows.every(({ landmarkMs }) => landmarkMs + 90 * 86_400_000 <= last)).toBe(true);
  expect(known.rows.length + known.tooLate + known.linked).toBe(rows.length);
});

test('names that tell of time or of the end are known', () => {
  expect(
    ['days_since_last_activity', 'sequence_days', 'days_to_renewal', 'churn_reason', 'seat_breadth'].map(leakOf),
  ).toEqual(['tenure', 'tenure', 'outcome', 'outcome', null]);
});

test('where nothing tells, fewer than 5% hold', () => {
  const verdicts = Array.from({ length: 4 }, (_, seed) => {
    const { panel, signals } = smallWorld({ ...WORLD, seed: seed + 30, accounts: 250, declineShare: 0, noise: 8 });
    return testDimensions(panel, { ...OPTIONS, signals, resamples: 19 }).rows.map(({ verdict }) => verdict);
  }).flat();
  expect(verdicts.filter((verdict) => verdict === 'holds').length / verdicts.length).toBeLessThan(0.05);
});
