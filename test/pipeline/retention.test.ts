import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { applyRetention, keptFrom } from '../../src/pipeline/retention.ts';
import { instantOf, readCoverage } from '../../src/profile/coverage.ts';
import { computeProfiles, dropProfiles } from '../../src/profile/profile.ts';
import { type OpenEngines, openEngines, serve, until } from '../api/serving.ts';
import { modelOf } from '../definition/model.ts';
import { loadRows } from '../profile/load-world.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 20, 12);
const TEXT = `version: 1
name: Kept
sources:
  - { name: events, table: events, path: e.csv, covers_from: 2020-01-01 }
taxonomy: { features: { reporting: { events: [report_created], core: true } } }
activation:
  account_sequence: [report_created]
  user_sequence: [report_created]
  milestones: { first: { event: report_created, within_days: 14, primary: true } }
signals:
  reports_30d: { entity: account, measure: count, of: report_created, window_days: 30 }
  reports_180d: { entity: account, measure: count, of: report_created, window_days: 180 }
segments: [ { name: Busy, when: reports_30d >= 1 }, { name: Quiet, when: reports_30d < 1 } ]
fallback: { Quiet: otherwise }
`;
const months = z.object({ month: z.string(), n: z.coerce.number() });
let engines: OpenEngines;

beforeAll(async () => {
  engines = await openEngines(TEXT);
  const created = new Date(NOW - 700 * DAY);
  const event = (account_id: string, daysAgo: number) => ({
    ...{ account_id, user_id: 'u', event: 'report_created', source: 'events' },
    ...{ time: new Date(NOW - daysAgo * DAY), message_id: `${account_id}${daysAgo}` },
  });
  const contract = (account_id: string) => ({
    account_id,
    contract_id: account_id,
    starts: created,
    arr: 100,
    kind: 'paid',
  });
  await loadRows(
    engines.warehouse,
    new Map<string, readonly Record<string, unknown>[]>([
      [
        'accounts',
        [
          { account_id: 'old', created },
          { account_id: 'new', created },
        ],
      ],
      ['contracts', [contract('old'), contract('new')]],
      ['events', [...[1, 20, 100, 170, 400].map((days) => event('new', days)), event('old', 170), event('old', 171)]],
    ]),
  );
  const row = (field: string, daysAgo: number) => ({
    ...{
      import_id: 'i',
      table_name: 'events',
      source: 's',
      file: 'f',
      line: 1,
      field,
      reason: 'time',
      message: 'm',
      raw: 'r',
      raw_key: 1,
    },
    received_at: new Date(NOW - daysAgo * DAY).toISOString(),
  });
  await engines.warehouse.insertRows('quarantine', [row('old', 91), row('young', 89)]);
});
afterAll(() => engines.close());

const held = () =>
  engines.warehouse.rows(
    'SELECT toString(toYYYYMM(time)) AS month, count() AS n FROM events GROUP BY month ORDER BY month',
    months,
  );

async function signals(): Promise<Record<string, unknown>[]> {
  const { warehouse, model } = engines;
  const tables = await computeProfiles(warehouse, { model, asOfs: [NOW], run: 'kept', only: null });
  try {
    return await warehouse.rows(
      `SELECT account_id, reports_30d, reports_180d, reports_180d__null AS why FROM ${tables.accounts} ORDER BY account_id`,
      z.record(z.string(), z.unknown()),
    );
  } finally {
    await dropProfiles(warehouse, 'kept');
  }
}

test('months are whole, and a year ends where it ends', () => {
  expect(keptFrom(new Date('2026-11-20T12:00:00Z'), 3).toISOString()).toBe('2026-08-01T00:00:00.000Z');
  expect(keptFrom(new Date('2026-01-31T23:59:59Z'), 14).toISOString()).toBe('2024-11-01T00:00:00.000Z');
});

test('older months go as a whole, and a window that reaches into them is not covered instead of empty', async () => {
  expect((await signals()).map(({ reports_180d }) => reports_180d)).toEqual([4, 2]);
  expect(await applyRetention(engines, {}, new Date(NOW))).toEqual({ months: [] });
  const done = await applyRetention(engines, { eventsMonths: 3, quarantineDays: 90 }, new Date(NOW));
  expect(done.months).toEqual(['202510', '202606']);
  expect(await held()).toEqual([
    { month: '202608', n: 1 },
    { month: '202610', n: 1 },
    { month: '202611', n: 1 },
  ]);
  // The model says that the source covers 2020 on; what was removed is not covered all the same.
  const coverage = await readCoverage(engines.warehouse, modelOf(TEXT));
  expect(coverage.get('events')).toMatchObject({ coversFrom: Date.UTC(2026, 7, 1) });
  expect(instantOf(coverage, ['events'], NOW)).toBeLessThanOrEqual(NOW);
  for (const row of await signals())
    expect(row, String(row['account_id'])).toMatchObject({ reports_180d: null, why: 1 });
  expect((await signals()).map(({ reports_30d }) => reports_30d)).toEqual([2, 0]);
  const quarantine = await engines.warehouse.rows('SELECT field FROM quarantine', z.object({ field: z.string() }));
  expect(quarantine).toEqual([{ field: 'young' }]);
  expect(await applyRetention(engines, { eventsMonths: 3 }, new Date(NOW))).toEqual({ months: [] });
});

test('the loop does it at midnight', async () => {
  let now = Date.UTC(2026, 11, 1) - 3_000;
  const service = await serve(engines, () => now, { retention: { eventsMonths: 2 } });
  await until(
    () => service.loop.state,
    ({ sweptAt }) => sweptAt !== null,
  );
  expect(await held()).toHaveLength(3);
  now += 6_000;
  service.loop.nudge();
  await until(held, (rows) => rows.length === 2);
  await service.close();
  expect(service.failures).toEqual([]);
});
