import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import type { Model } from '../../src/definition/model.ts';
import { parseModel } from '../../src/definition/parse.ts';
import { CLAIM_AGES, testClaims } from '../../src/evidence/claim.ts';
import { testGhosts } from '../../src/evidence/ghost.ts';
import { testJobs } from '../../src/evidence/job.ts';
import { testSegments } from '../../src/evidence/segment.ts';
import { openLedger } from '../../src/ledger/open.ts';
import { openDealings } from '../../src/pipeline/dealings.ts';
import type { Engines } from '../../src/pipeline/engines.ts';
import { openPast } from '../../src/pipeline/evidence.ts';
import { openBeginnings } from '../../src/pipeline/usage.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { laidOutFolder } from '../laid-out.ts';
import { loadRows } from '../profile/load-world.ts';
import { worldRows } from '../simulate/rows.ts';

const END = Date.UTC(2026, 10, 22);
const closing: (() => Promise<void>)[] = [];
let engines: Engines;
let model: Model;

beforeAll(async () => {
  const modelText = writeDefaultModel();
  const parsed = parseModel(modelText, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (parsed.model === null) throw new Error('the default model is refused');
  model = parsed.model;
  const directory = await laidOutFolder('warehouse', 'ledger');
  const warehouse = await openWarehouse({ directory });
  const ledger = await openLedger({ directory });
  closing.push(
    () => warehouse.close(),
    () => ledger.close(),
  );
  engines = { model, modelText, warehouse, ledger, run: 'test' };
  await loadRows(warehouse, worldRows({ seed: 2, accounts: 240, end: '2026-11-21', months: 18 }).tables);
});

afterAll(async () => {
  for (const close of closing) await close();
});

test('groups of a simulated company are read from the engine: segments, jobs, claims and ghosts', async () => {
  const now = new Date(END);
  const { history, panel } = await openPast(engines, { asOf: END, ageDays: CLAIM_AGES, now, everyDays: 84 });
  const options = { horizonDays: 180, seed: 1, resamples: 49 };
  const segments = testSegments(history, panel, { segments: model.segments, ...options });
  expect(segments.filter(({ kind, basis }) => kind === 'segment' && basis === 'home').length).toBe(4);
  const dealings = await openDealings(engines, END);
  const ids = new Set(history.accounts.map(({ accountId }) => accountId));
  expect(dealings.statements.length).toBeGreaterThan(50);
  expect(dealings.statements.every(({ accountId, atMs }) => ids.has(accountId) && atMs < END)).toBe(true);
  const won = dealings.opportunities.filter(({ wonMs }) => wonMs !== null);
  expect(won.length).toBeGreaterThan(80);
  expect(won.every(({ createdMs, wonMs, stages }) => createdMs < (wonMs ?? 0) && stages.at(-1)?.stage === 'won')).toBe(
    true,
  );
  const bands = model.bands.map(({ name }) => name);
  const jobs = testJobs(history, panel, dealings, {
    jobs: model.jobs.map(({ name }) => name),
    bands,
    conversionDays: 180,
    ...options,
  });
  expect(jobs.some(({ conversion, retention }) => conversion.estimate !== null && retention.estimate !== null)).toBe(
    true,
  );
  const areas = model.taxonomy.features.map(({ name }) => name);
  const beginnings = await openBeginnings(engines, END);
  expect(beginnings.length).toBeGreaterThan(300);
  const claims = testClaims(history, panel, {
    core: areas,
    secondary: areas,
    beginnings,
    overlay: 'At-Risk',
    ...options,
  });
  expect(claims.find(({ claim }) => claim === 'activation-sequence')?.n?.[0]).toBeGreaterThan(10);
  const ghosts = testGhosts(history, panel, {
    columns: [...bands, 'industry'],
    leastAccounts: 15,
    signals: ['sessions_30d'],
    twins: 3,
    ...options,
  });
  expect(ghosts.find(({ kind }) => kind === 'twins')).toMatchObject({ differed: [{ signal: 'sessions_30d' }] });
});
