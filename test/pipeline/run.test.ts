import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import { parseModel } from '../../src/definition/parse.ts';
import { openLedger } from '../../src/ledger/open.ts';
import { listAccounts } from '../../src/pipeline/accounts.ts';
import type { Engines } from '../../src/pipeline/engines.ts';
import { explainAccount } from '../../src/pipeline/explain.ts';
import { decideHold, openHolds } from '../../src/pipeline/hold.ts';
import { listMoves } from '../../src/pipeline/moves.ts';
import { endOverride, setOverride } from '../../src/pipeline/override.ts';
import { runModel } from '../../src/pipeline/run.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { loadRows } from '../profile/load-world.ts';
import { scratchFolder } from '../scratch.ts';
import { worldRows } from '../simulate/rows.ts';

const DAY = 86_400_000;
const END = Date.UTC(2026, 10, 22);
/** The recorded runs of this file, oldest first. */
const FIRST = END - 21 * DAY;
const SECOND = END - 7 * DAY;
const now = new Date(END + DAY / 2);
const text = writeDefaultModel();

let engines: Engines;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const { model } = parseModel(text, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error('the default model is refused');
  const directory = scratchFolder();
  const warehouse = await openWarehouse({ directory });
  const ledger = await openLedger({ directory });
  closing.push(
    () => warehouse.close(),
    () => ledger.close(),
  );
  engines = { model, modelText: text, warehouse, ledger };
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
  expect(report.segments.reduce((sum, segment) => sum + segment.arr, 0)).toBeCloseTo(arr, 4);
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
});

test('explain names the deciding rule, what changed last, and a change that would move the account', async () => {
  const accounts = await listAccounts(engines, { asOf: SECOND, now });
  const atRisk = accounts.find((account) => account.segment === 'At-Risk' && account.raw === 'At-Risk');
  if (atRisk === undefined) throw new Error('the simulated company has an account at risk');
  const told = await explainAccount(engines, { asOf: SECOND, now, accountId: atRisk.account_id });
  expect(told.because).toContain('At-Risk');
  expect(told.rules.find((rule) => rule.segment === 'At-Risk')).toMatchObject({ truth: true, decides: true });
  expect(told.changedLast).not.toBeNull();
  expect(told.smallestChange?.to).not.toBe('At-Risk');
  await expect(explainAccount(engines, { asOf: SECOND, now, accountId: `${atRisk.account_id}x` })).rejects.toThrow(
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
