import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import { draftReport, measureSide, type SpreadSide, standingReport } from '../../src/pipeline/spread-report.ts';
import { ask, type OpenEngines, openEngines } from '../api/serving.ts';
import { modelOf } from '../definition/model.ts';
import { loadRows } from '../profile/load-world.ts';
import { worldRows } from '../simulate/rows.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const END = '2026-11-21';
const AS_OF = Date.parse(`${END}T00:00:00Z`);
const TEXT = writeDefaultModel();
const OWN = 'signals:\n';
const LEFT_OUT = `accounts: name like 'Test %'`;

let engines: OpenEngines;
let side: SpreadSide;
beforeAll(async () => {
  engines = await openEngines(TEXT);
  await loadRows(engines.warehouse, worldRows({ seed: 3, accounts: 60, end: END }).tables);
  side = await measureSide(engines, engines.model, AS_OF);
});
afterAll(() => engines.close());

function edited(from: string, to: string): string {
  if (!TEXT.includes(from)) throw new Error(`the default model does not say ${from}`);
  return TEXT.replace(from, to);
}

const ADDED = `
  exports_all: { measure: count, of: report_exported }
  exporters_21d: { measure: distinct_users, of: report_exported, window_days: 21 }
  export_days_60d: { measure: distinct_days, of: report_exported, window_days: 60 }
  largest_call_9d: { measure: max, of: api_called, property: gigabytes, window_days: 9 }
  last_status: { measure: last, of: report_exported, property: status }
  since_export: { measure: days_since, of: report_exported }
  reporting_5d: { measure: count, of: reporting, window_days: 5 }
  sessions_9d: { like: sessions_30d, window_days: 9 }
  completion_45d: { like: workflow_completion_30d, window_days: 45 }
  tickets_90d: { like: tickets_30d, window_days: 90 }
  my_exports_21d: { entity: user, measure: count, of: report_exported, window_days: 21 }
  my_since_export: { entity: user, measure: days_since, of: report_exported }
  my_runs_9d: { entity: user, like: workflow_runs_30d, window_days: 9 }
`;
const NAMES = [...ADDED.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name ?? '');

test('own signals of a draft, measured alone, spread as in a whole measurement: every measure, accounts and users', async () => {
  const draft = modelOf(edited(OWN, `${OWN}${ADDED.slice(1)}`));
  const quick = await draftReport(engines, side, draft, { isMeasured: false, renamed: {} });
  const whole = await standingReport(engines, await measureSide(engines, draft, AS_OF));
  expect(quick.unmeasured).toEqual([]);
  expect(quick.signals.map(({ name }) => name).toSorted()).toEqual(NAMES.toSorted());
  for (const { name, entity, before, after } of quick.signals) {
    const found = whole.signals.find((signal) => signal.name === name && signal.entity === entity);
    expect(after, name).toEqual(found?.before);
    expect(before, name).toBeNull();
    expect(after?.of, name).toBe(entity === 'account' ? side.customerIds.length : side.users);
  }
  const knownOf = (name: string) => quick.signals.find((signal) => signal.name === name)?.after;
  expect(knownOf('since_export')?.unknown.none).toBeGreaterThan(0);
  expect(knownOf('exports_all')?.known).toBe(side.customerIds.length);
  expect(knownOf('last_status')?.values?.map(({ value }) => value)).toContain('success');
});

test('a signal with another window and name stands beside what it was', async () => {
  const draft = modelOf(edited('exports_14d:', 'exports_60d:').replace('window_days: 14\n', 'window_days: 60\n'));
  const renamed = { exports_60d: 'exports_14d' };
  const { signals } = await draftReport(engines, side, draft, { isMeasured: false, renamed });
  expect(signals.map(({ name }) => name)).toEqual(['exports_60d']);
  const [{ before, after } = { before: null, after: null }] = signals;
  expect(after?.quantiles?.most).toBeGreaterThan(before?.quantiles?.most ?? 0);
  expect(after?.bins?.high).toBe(before?.bins?.high);
  const apart = await draftReport(engines, side, draft, { isMeasured: false, renamed: {} });
  expect(apart.signals.map(({ name, before: one, after: other }) => [name, one === null, other === null])).toEqual([
    ['exports_14d', false, true],
    ['exports_60d', true, false],
  ]);
});

test('who falls out by a draft is told with all events of theirs, and what rests on them spreads without them', async () => {
  const draft = modelOf(edited(LEFT_OUT, `${LEFT_OUT} or industry = 'fintech'`));
  const quick = await draftReport(engines, side, draft, { isMeasured: false, renamed: {} });
  expect(quick.unmeasured).toEqual(['exclude.accounts']);
  expect(quick.signals).toEqual([]);
  const truth = await ask(
    engines.warehouse,
    `SELECT a.account_id AS id, countIf(e.event != '') AS n FROM accounts AS a LEFT JOIN events AS e ON e.account_id = a.account_id
      WHERE a.industry = 'fintech' AND a.name NOT LIKE 'Test %' GROUP BY id ORDER BY n DESC, id`,
  );
  const { out, back, before, after } = quick.excluded;
  expect(out.account.count).toBe(truth.length);
  expect(out.account.first.map(({ id, events }) => ({ id, n: String(events) }))).toEqual(truth.slice(0, 20));
  expect([back.account.count, back.user.count, out.user.count]).toEqual([0, 0, 0]);
  expect(after.accounts - before.accounts).toBe(truth.length);
  const whole = await draftReport(engines, side, draft, { isMeasured: true, renamed: {} });
  const gone = new Set(truth.map((row) => String((row as { id: string }).id)));
  const kept = side.customerIds.filter((id) => !gone.has(id)).length;
  expect(whole.customers).toEqual({ before: side.customerIds.length, after: kept });
  const arr = whole.signals.find(({ name }) => name === 'arr');
  expect([arr?.before?.of, arr?.after?.of]).toEqual([side.customerIds.length, kept]);
  expect(whole.unmeasured).toEqual([]);
});

test('a draft that means the same spreads nothing otherwise', async () => {
  const report = await draftReport(engines, side, modelOf(TEXT), { isMeasured: true, renamed: {} });
  expect([report.signals, report.unmeasured]).toEqual([[], []]);
  expect(report.excluded.after).toEqual((await standingReport(engines, side)).excluded.after);
});
