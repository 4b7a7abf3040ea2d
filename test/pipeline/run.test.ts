import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import { parseModel } from '../../src/definition/parse.ts';
import { openLedger } from '../../src/ledger/open.ts';
import { listAccounts, readProfiles } from '../../src/pipeline/accounts.ts';
import type { Engines } from '../../src/pipeline/engines.ts';
import { explainAccount } from '../../src/pipeline/explain.ts';
import { decideHold, openHolds } from '../../src/pipeline/hold.ts';
import { sumArr } from '../../src/pipeline/money.ts';
import { listMoves } from '../../src/pipeline/moves.ts';
import { endOverride, setOverride } from '../../src/pipeline/override.ts';
import { runModel } from '../../src/pipeline/run.ts';
import { summarizeSegments } from '../../src/pipeline/segments.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { laidOutFolder } from '../laid-out.ts';
import { loadRows } from '../profile/load-world.ts';
import { worldRows } from '../simulate/rows.ts';

const DAY = 86_400_000;
const END = Date.UTC(2026, 10, 22);
/** The recorded runs of this file, oldest first. */
const FIRST = END - 21 * DAY;
const SECOND = END - 7 * DAY;
const now = new Date(END + DAY / 2);
const text = writeDefaultModel();

let engines: Engines;
/** Accounts that moved between the first two runs. */
let moved: readonly string[] = [];
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
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
  await loadRows(warehouse, worldRows({ seed: 4, accounts: 60, end: '2026-11-21', months: 14 }).tables);
});

afterAll(async () => {
  for (const close of closing) await close();
});

test('a first run gives every customer one segment and its home, and records a first assignment', async () => {
  const report = await runModel(engines, { asOf: FIRST, now });
  const accounts = await listAccounts(engines, { asOf: FIRST, now });
  const customers = accounts.filter((account) => account.relationship === 'customer');
  expect(report.recorded).toBe(true);
  expect(report.moves.length).toBe(customers.length);
  expect(new Set(report.moves.map((move) => move.cause))).toEqual(new Set(['first assignment']));
  expect(customers.every((account) => account.segment !== null && account.home !== null && account.raw !== null)).toBe(
    true,
  );
  expect(
    accounts.filter((account) => account.relationship !== 'customer').every((account) => account.segment === null),
  ).toBe(true);
  expect(report.segments.reduce((sum, segment) => sum + segment.accounts, 0)).toBe(customers.length);
  const arr = customers.reduce((sum, account) => sum + (account.arr ?? 0), 0);
  expect(report.segments.reduce((sum, segment) => sum + (segment.arr ?? 0), 0)).toBeCloseTo(arr, 4);
});

test('the same day again is only read, and computes nothing anew', async () => {
  const report = await runModel(engines, { asOf: FIRST, now });
  expect(report).toMatchObject({ recorded: false, runId: null, daysComputed: 0, moves: [] });
});

test('a later day records the moves between with their causes, and only the new days are computed', async () => {
  const report = await runModel(engines, { asOf: SECOND, now });
  expect(report.daysComputed).toBe(14);
  expect(report.moves.length).toBeGreaterThan(0);
  const recorded = await listMoves(engines, {
    since: undefined,
    until: undefined,
    accountId: undefined,
    segment: undefined,
  });
  expect(recorded.length).toBeGreaterThan(report.moves.length);
  for (const move of report.moves) expect(move.from).not.toBe(move.to);
  moved = report.moves.map((move) => move.account_id);
});

test('explain names the deciding rule, what changed last, and a change that would move the account', async () => {
  const accounts = await listAccounts(engines, { asOf: SECOND, now });
  const account = accounts.find(
    ({ account_id, raw, segment }) => moved.includes(account_id) && segment !== null && raw === segment,
  );
  if (account === undefined) throw new Error('an account moved in the run before');
  const told = await explainAccount(engines, { asOf: SECOND, now, accountId: account.account_id });
  expect(told.because).toContain(account.segment);
  expect(told.account).toEqual(account);
  expect(told.rules.filter((rule) => rule.decides).every((rule) => rule.truth === true)).toBe(true);
  expect(told.changedLast).not.toBeNull();
  expect(told.smallestChange?.to).not.toBe(account.raw);
  await expect(explainAccount(engines, { asOf: SECOND, now, accountId: `${account.account_id}x` })).rejects.toThrow(
    /Did you mean/,
  );
});

test('an override lies over the rules, is recorded as one, and ends', async () => {
  const account = (await listAccounts(engines, { asOf: SECOND, now })).find(
    (candidate) => candidate.segment === 'Long-Tail',
  );
  const accountId = account?.account_id ?? '';
  const set = new Date(SECOND + DAY / 2);
  await expect(
    setOverride(engines, { accountId, segment: 'Nowhere', reason: 'x', author: 'me', days: null, now: set }),
  ).rejects.toThrow(/no segment/);
  await expect(
    setOverride(engines, { accountId, segment: 'Strategic', reason: ' ', author: 'me', days: null, now: set }),
  ).rejects.toThrow(/why/);
  await setOverride(engines, { accountId, segment: 'Strategic', reason: 'pilot', author: 'me', days: null, now: set });
  const report = await runModel(engines, { asOf: SECOND + DAY, now });
  expect(report.moves.find((move) => move.account_id === accountId)).toMatchObject({
    to: 'Strategic',
    cause: 'manual override',
  });
  await endOverride(engines, accountId, new Date(SECOND + 1.5 * DAY));
  const after = await runModel(engines, { asOf: SECOND + 2 * DAY, now });
  expect(after.moves.find((move) => move.account_id === accountId)).toMatchObject({
    from: 'Strategic',
    cause: 'override ended',
  });
});

test('the circuit breaker holds a flood of moves until a person releases or discards it', async () => {
  const strict: Engines = { ...engines, model: { ...engines.model, breaker: { share: 0, minimum: 1 } } };
  const report = await runModel(strict, { asOf: END, now: new Date(now.getTime() + 3 * DAY) });
  expect(report.held).toBe(report.moves.length);
  expect(report.held).toBeGreaterThan(0);
  const before = await listMoves(engines, {
    since: undefined,
    until: undefined,
    accountId: undefined,
    segment: undefined,
  });
  const [hold] = await openHolds(engines);
  if (hold === undefined) throw new Error('a hold is open');
  expect(hold.moves.length).toBe(report.held);
  await expect(
    decideHold(engines, { holdId: hold.holdId, action: 'discard', by: 'me', reason: '', now }),
  ).rejects.toThrow(/why/);
  const outcome = await decideHold(engines, {
    holdId: hold.holdId,
    action: 'release',
    by: 'me',
    reason: 'looked at',
    now,
  });
  expect(outcome).toEqual({ released: report.held, left: 0 });
  const recorded = await listMoves(engines, {
    since: undefined,
    until: undefined,
    accountId: undefined,
    segment: undefined,
  });
  expect(recorded.length).toBe(before.length + report.held);
  expect(await openHolds(engines)).toEqual([]);
});

test('an account in At-Risk keeps the coverage of the segment that was recorded before', async () => {
  const { database } = engines.warehouse;
  const accounts = await listAccounts(engines, { asOf: END, now });
  const moves = await listMoves(engines, { until: END + 1, segment: 'At-Risk' });
  const atRisk = accounts.filter(({ segment }) => segment === 'At-Risk');
  expect(atRisk.length, database).toBeGreaterThan(0);
  for (const { account_id, coverage, home } of atRisk) {
    const entered = moves.findLast((move) => move.account_id === account_id && move.to === 'At-Risk');
    expect(coverage?.segment).toBe(entered?.from ?? entered?.home ?? home);
  }
  const segments = summarizeSegments(engines.model, accounts);
  const covered = segments.reduce((sum, segment) => sum + segment.covered, 0);
  expect(covered).toBe(accounts.filter(({ segment }) => segment !== null).length);
  expect(segments.find(({ name }) => name === 'At-Risk')).toMatchObject({ covered: 0 });
});

test('a segment with health components of its own judges its members by them, and nobody else', async () => {
  const own = text.replace(
    '  - name: Long-Tail\n',
    '  - name: Long-Tail\n    health:\n      - { signal: active_users_30d, poor: 0, good: 20, weight: 3 }\n      - { signal: feature_breadth_30d, poor: 0, good: 10, weight: 1 }\n',
  );
  const { model, diagnostics } = parseModel(own, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error(JSON.stringify(diagnostics));
  const home = new Map((await listAccounts(engines, { asOf: END, now })).map((row) => [row.account_id, row.home]));
  const before = await readProfiles(engines, [END], null);
  const after = await readProfiles({ ...engines, model }, [END], null);
  const clip = (value: unknown, good: number) => Math.min(1, Math.max(0, Number(value) / good));
  const judged = after.map((row, index) => {
    const isOwn = home.get(String(row['account_id'])) === 'Long-Tail';
    const expected = isOwn
      ? (100 * (3 * clip(row['active_users_30d'], 20) + clip(row['feature_breadth_30d'], 10))) / 4
      : (before[index]?.['health_score'] ?? null);
    const isNobodys = home.get(String(row['account_id'])) === null;
    if (!isNobodys && expected === null) expect(row['health_score']).toBeNull();
    if (!isNobodys && expected !== null) expect(row['health_score']).toBeCloseTo(Number(expected), 9);
    return isOwn;
  });
  expect(judged.filter(Boolean).length).toBeGreaterThan(3);
});

test('a rule that reads health cannot stand where a segment judges health by itself', () => {
  const own = text
    .replace(
      '  - name: Long-Tail\n',
      '  - name: Long-Tail\n    health: [{ signal: seat_breadth, poor: 0, good: 1, weight: 1 }]\n',
    )
    .replace("size_band = 'smb' and value_tier = 'Bronze'", "health_score > 1 and size_band = 'smb'");
  const { diagnostics } = parseModel(own, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(['cycle']);
});

async function releaseAll(): Promise<void> {
  for (const { holdId } of await openHolds(engines)) {
    await decideHold(engines, { holdId, action: 'release', by: 'me', reason: 'the files end here', now });
  }
}

test('an account that is merged away or excluded leaves its segment, with the cause', async () => {
  const { warehouse } = engines;
  const brief = (model: Engines['model']) => ({ ...model, assignment: { ...model.assignment, windowDays: 2 } });
  const model = brief(engines.model);
  const held = (await listAccounts(engines, { asOf: END, now })).filter(({ segment }) => segment !== null);
  const [merged, survivor, excluded] = held.map(({ account_id }) => account_id);
  if (merged === undefined || survivor === undefined || excluded === undefined)
    throw new Error('three are in segments');
  await warehouse.insertRows('account_links', [
    {
      account_id: merged,
      into_account_id: survivor,
      at: new Date(END + DAY / 2).toISOString(),
      kind: 'merged',
      fact_key: '1',
      source: 'links',
      received_at: now.toISOString(),
    },
  ]);
  const first = await runModel({ ...engines, model }, { asOf: END + DAY, now });
  expect(first.moves.filter(({ to }) => to === null)).toEqual([
    { account_id: merged, from: expect.any(String), to: null, cause: 'merger' },
  ]);
  await releaseAll();
  const edited = parseModel(
    text.replace(/^exclude:.*\n(?: .*\n)*/m, `exclude: { accounts: "account_id = '${excluded}'" }\n`),
    {
      file: 'bellwether.yaml',
      catalogue: SIGNAL_CATALOGUE,
    },
  );
  if (edited.model === null) throw new Error(JSON.stringify(edited.diagnostics));
  expect(edited.model.version).not.toBe(model.version);
  const second = await runModel({ ...engines, model: brief(edited.model) }, { asOf: END + 2 * DAY, now });
  expect(second.moves.filter(({ account_id }) => account_id === excluded)).toEqual([
    { account_id: excluded, from: expect.any(String), to: null, cause: 'model edit' },
  ]);
  await releaseAll();
  const third = await runModel({ ...engines, model: brief(edited.model) }, { asOf: END + 3 * DAY, now });
  expect(third.moves.filter(({ to }) => to === null)).toEqual([]);
});

test('unknown ARR is not nothing', () => {
  expect(sumArr([])).toEqual({ arr: 0, unknown: 0 });
  expect(sumArr([null, null])).toEqual({ arr: null, unknown: 2 });
  expect(sumArr([0.1, null, 0.2])).toEqual({ arr: 0.3, unknown: 1 });
});
