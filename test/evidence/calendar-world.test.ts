import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import { parseModel } from '../../src/definition/parse.ts';
import { calibrate } from '../../src/evidence/calibrate.ts';
import { testDimensions } from '../../src/evidence/dimension.ts';
import { testDrift } from '../../src/evidence/drift.ts';
import { indicatorsOf } from '../../src/evidence/indicator.ts';
import { testLeadTimes } from '../../src/evidence/lead_time.ts';
import { modelThresholds } from '../../src/evidence/model_threshold.ts';
import type { Panel } from '../../src/evidence/panel.ts';
import { panelSignals } from '../../src/evidence/signal.ts';
import { testThresholds } from '../../src/evidence/threshold.ts';
import { openLedger } from '../../src/ledger/open.ts';
import type { Engines } from '../../src/pipeline/engines.ts';
import { openPanel } from '../../src/pipeline/evidence.ts';
import { publishedAt } from '../../src/pipeline/published.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { laidOutFolder } from '../laid-out.ts';
import { loadRows } from '../profile/load-world.ts';
import { worldRows } from '../simulate/rows.ts';

const END = Date.UTC(2026, 10, 22);

let engines: Engines;
let panel: Panel;
let text: string;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  text = writeDefaultModel();
  const { model } = parseModel(text, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error('the default model is refused');
  const directory = await laidOutFolder('warehouse', 'ledger');
  const warehouse = await openWarehouse({ directory });
  const ledger = await openLedger({ directory });
  closing.push(
    () => warehouse.close(),
    () => ledger.close(),
  );
  engines = { model, modelText: text, warehouse, ledger, run: 'test' };
  const rows = worldRows({ seed: 1, accounts: 120, end: '2026-11-21', months: 12, usersPerAccount: 4 });
  await loadRows(warehouse, rows.tables);
  panel = await openPanel(engines, { asOf: END, now: new Date(END), everyDays: 28 });
});

afterAll(async () => {
  for (const close of closing) await close();
});

test('conditions held in memory say of a row what the engine said', () => {
  const { model } = engines;
  const indicators = indicatorsOf(model, SIGNAL_CATALOGUE, panel);
  const rule = indicators.find(({ name }) => name === 'At-Risk rule');
  const cohorts = panel.texts('cohort');
  const tiers = panel.texts('value_tier');
  expect(panel.rows.length).toBeGreaterThan(500);
  for (const row of panel.rows) {
    const isLow = ['At Risk', 'Dormant'].includes(cohorts[row.index] ?? '');
    const isDear = ['Platinum', 'Gold', 'Silver'].includes(tiers[row.index] ?? '');
    expect(rule?.fires?.(row) === true).toBe(isLow && isDear);
    if (row.outcome !== null && isLow && isDear) expect(row.raw).toBe('At-Risk');
  }
  expect(indicators.map(({ fires }) => fires === null)).not.toContain(true);
});

test('every question answers on a small world, with rows for every signal and verdicts it can stand by', () => {
  const { model } = engines;
  const signals = panelSignals(model, SIGNAL_CATALOGUE);
  const shape = { horizonDays: 180, splitMs: null, seed: 1 };
  const thresholds = testThresholds(panel, { ...shape, signals, permutations: 19, model: modelThresholds(model) });
  expect(thresholds.rows.length).toBe(signals.filter(({ isNumber }) => isNumber).length);
  const dimensions = testDimensions(panel, { ...shape, signals, bands: ['size_band'], resamples: 19 });
  expect(dimensions.rows[0]).toMatchObject({ kind: 'baseline', predictor: 'industry and size' });
  const indicators = indicatorsOf(model, SIGNAL_CATALOGUE, panel);
  const leads = testLeadTimes(panel, {
    indicators,
    earlyDays: 90,
    gapDays: 14,
    horizonDays: 90,
    resamples: 19,
    seed: 1,
  });
  expect(leads.rows.map(({ indicator }) => indicator)).toContain('sessions_halved');
  const drift = testDrift(panel, { signals, referenceMs: null });
  expect(drift.length).toBe(signals.length);
  const all = [...thresholds.rows, ...dimensions.rows, ...leads.rows, ...drift];
  expect(all.filter(({ sentence }) => /NaN|undefined|null|Infinity/.test(sentence))).toEqual([]);
  const notFinite = JSON.stringify(all, (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? 'NOT FINITE' : value,
  );
  expect(notFinite).not.toContain('NOT FINITE');
  expect(calibrate(model, text, thresholds.rows).kept.length).toBeGreaterThan(40);
});

test('a model that no run recorded was never published', async () => {
  expect(await publishedAt(engines)).toBeNull();
});
