import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordListening } from '../../src/ingest/listening.ts';
import { instantOf, readCoverage } from '../../src/profile/coverage.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { modelOf } from '../definition/model.ts';
import { laidOutFolder } from '../laid-out.ts';

const DAY = 86_400_000;
const FILE_END = Date.UTC(2026, 2, 1);
const NOW = Date.UTC(2026, 2, 20, 15);
let warehouse: OpenWarehouse;

beforeAll(async () => {
  warehouse = await openWarehouse({ directory: await laidOutFolder('warehouse'), memoryLimitBytes: 2_000_000_000 });
  const event = (source: string, at: number) => ({
    event: 'e',
    time: new Date(at).toISOString(),
    user_id: 'u',
    account_id: 'a',
    source,
  });
  await warehouse.insertRows('events', [event('export', FILE_END - 40 * DAY), event('export', FILE_END - 1)]);
});
afterAll(() => warehouse.close());

const model = (through: string) =>
  modelOf(`version: 1\nname: T\nsources:\n  - { name: export, table: events, path: e.csv${through} }\n`);
const measuredAt = async (through = ''): Promise<number> =>
  instantOf(await readCoverage(warehouse, model(through)), ['events'], NOW);

test('a file ends where it ends, and is continued by what was listened to where the model says so', async () => {
  expect(await measuredAt()).toBe(FILE_END);
  expect(await measuredAt(', complete_through: tracking')).toBe(FILE_END);
  await recordListening(warehouse, new Date(NOW - DAY));
  expect(await measuredAt()).toBe(FILE_END);
  expect(await measuredAt(', complete_through: tracking')).toBe(NOW - DAY);
});

test('what is tracked is known up to where somebody listened, silence included', async () => {
  const tracked = { event: 'e', user_id: 'u', account_id: 'a', source: 'tracking' };
  await warehouse.insertRows('events', [{ ...tracked, time: new Date(NOW - 9 * DAY).toISOString() }]);
  expect(await measuredAt(', complete_through: tracking')).toBe(NOW - DAY);
  await recordListening(warehouse, new Date(NOW));
  expect(await measuredAt(', complete_through: tracking')).toBe(NOW);
  // A file that nobody says is continued goes on to hold back what is measured.
  expect(await measuredAt()).toBe(FILE_END);
});

test('no source of a model may take the name of what is tracked', () => {
  expect(() => modelOf('version: 1\nname: T\nsources:\n  - { name: tracking, table: events, path: e.csv }\n')).toThrow(
    /tracking/,
  );
});
