import { expect, test } from 'vitest';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import { parseModel } from '../../src/definition/parse.ts';
import { reviewsOf, testDrift } from '../../src/evidence/drift.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { type Planted, smallWorld } from './synthetic.ts';

const WORLD: Planted = {
  seed: 9,
  accounts: 900,
  days: 500,
  everyDays: 28,
  yearlyChurn: 0.05,
  declineShare: 0,
  declineFrom: [60, 150],
  noise: 20,
};

test('what has moved is told, with where; what has not is not', () => {
  const { panel, signals } = smallWorld(WORLD);
  const last = panel.landmarks.at(-1);
  const shifted = panel
    .numbers('noise_0')
    .map((value, index) => value + (panel.rows[index]?.landmarkMs === last ? 1.5 : 0));
  const moved = { ...panel, numbers: (name: string) => (name === 'noise_0' ? shifted : panel.numbers(name)) };
  const rows = testDrift(moved, { signals, referenceMs: null });
  expect(rows.find(({ signal }) => signal === 'noise_0')).toMatchObject({ verdict: 'holds', needed: null });
  expect(rows.filter(({ verdict, signal }) => verdict === 'holds' && signal !== 'noise_0')).toEqual([]);
  expect(rows.find(({ signal }) => signal === 'account_age_days')).toMatchObject({ leak: 'tenure', q: null });
});

test('on noise fewer than 5% have moved', () => {
  const verdicts = Array.from({ length: 6 }, (_, seed) => {
    const { panel, signals } = smallWorld({ ...WORLD, seed: seed + 50, accounts: 400 });
    return testDrift(panel, { signals, referenceMs: null }).map(({ verdict }) => verdict);
  }).flat();
  expect(verdicts.filter((verdict) => verdict === 'holds').length / verdicts.length).toBeLessThan(0.05);
});

test('a segment is stale once its cadence, at most a quarter, has passed', () => {
  const { model } = parseModel(writeDefaultModel(), { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error('the default model is refused');
  const now = Date.UTC(2026, 3, 1);
  const stale = (published: number | null) =>
    reviewsOf(model, published, now)
      .filter(({ isStale }) => isStale)
      .map(({ segment }) => segment);
  expect(stale(null)).toEqual([]);
  expect(stale(Date.UTC(2026, 2, 1))).toEqual(['At-Risk']);
  expect(stale(Date.UTC(2025, 11, 1))).toEqual(model.segments.map(({ name }) => name));
});
