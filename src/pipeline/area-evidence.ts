import { z } from 'zod';
import type { AreaEvidence } from '../activation/area-evidence.ts';
import { testAreas } from '../evidence/area.ts';
import type { History } from '../evidence/history.ts';
import { CUSTOMERS, type MilestoneSubject } from '../evidence/milestone_population.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { computeProfiles, dropProfiles } from '../profile/profile.ts';
import { answerNames, answersFor, writeAnswers } from '../segment/answer.ts';
import { batchesOfAll } from './batches.ts';
import type { Engines } from './engines.ts';
import { openHistory } from './evidence.ts';
import { staleDays } from './freshness.ts';

const DAY_MS = 86_400_000;
/** Age by which an area must be taken up: as long as the window in which its use counts. */
const AGE_DAYS = 60;
const HORIZON_DAYS = 365;
/** Days between the midnights at which home segments are told, counted from the epoch so that they stay the same. */
const GRID_DAYS = 28;

/** Evidence on the areas, and when it was computed; `computedAt` null: never under this model. Milliseconds. */
export interface AreaFindings {
  readonly computedAt: number | null;
  readonly rows: readonly AreaEvidence[];
}

/**
 * Tests every feature area among all customers and within each home segment, and keeps what was found.
 *
 * An account counts in the segment that the rules gave it at the last midnight of a 28-day grid before it was 60 days old;
 * who was no customer then is in none. Midnights without answers are computed, a few minutes of work in a large workspace;
 * it may go on beside the live loop, whose own days it does not write, but not twice at once. As-of null: the end of the data.
 */
export async function refreshAreaEvidence(engines: Engines, asOf: number | null, now: Date): Promise<AreaFindings> {
  const { model } = engines;
  const areas = model.taxonomy.features;
  if (areas.length === 0) return { computedAt: now.getTime(), rows: [] };
  const history = await openHistory(engines, { asOf, ageDays: [AGE_DAYS] });
  const homes = await homesOf(engines, history, now);
  const overlay = new Set(model.segments.filter(({ isOverlay }) => isOverlay).map(({ name }) => name));
  const named = [...model.segments.map(({ name }) => name), ...model.fallback.map(({ segment }) => segment)];
  const segments = [...new Set(named)].filter((name) => !overlay.has(name));
  const homeOf = ({ account, landmarkMs }: MilestoneSubject) =>
    homes.get(`${gridBefore(landmarkMs)} ${account.accountId}`) ?? null;
  const found = testAreas(history, { areas, segments, homeOf, ageDays: AGE_DAYS, horizonDays: HORIZON_DAYS });
  const rows = found.map((row): AreaEvidence => ({ ...row, ageDays: AGE_DAYS }));
  await write(engines, rows, history.throughMs, now);
  return { computedAt: now.getTime(), rows };
}

const gridBefore = (ms: number): number => Math.floor(ms / (GRID_DAYS * DAY_MS)) * GRID_DAYS * DAY_MS;

const homeSchema = z.object({ at: z.coerce.number(), account_id: z.string(), home: z.string() });

/** Home segments by grid midnight and account, of the midnights that customers' landmarks ask for. */
async function homesOf(engines: Engines, history: History, now: Date): Promise<ReadonlyMap<string, string>> {
  const { rows } = CUSTOMERS.landmark(history, AGE_DAYS);
  const days = [...new Set(rows.map(({ landmarkMs }) => gridBefore(landmarkMs)))].sort((a, b) => a - b);
  if (days.length === 0) return new Map();
  const stale = new Set(await staleDays(engines, days));
  const homes = new Map<string, string>();
  await readHomes(
    engines,
    days.filter((day) => !stale.has(day)),
    homes,
  );
  await computeHomes(engines, [...stale], now, homes);
  return homes;
}

async function readHomes({ warehouse, model }: Engines, days: readonly number[], homes: Map<string, string>) {
  if (days.length === 0) return;
  const instants = days.map((day) => `fromUnixTimestamp64Milli(toInt64(${day}), 'UTC')`).join(', ');
  const found = await warehouse.rows(
    `SELECT toUnixTimestamp64Milli(a.as_of) AS at, account_id, assumeNotNull(home) AS home FROM ${warehouse.database}.answers AS a
    WHERE model_version = {version:String} AND a.as_of IN (${instants}) AND isNotNull(home)`,
    homeSchema,
    { parameters: { version: model.version } },
  );
  for (const { at, account_id, home } of found) homes.set(`${at} ${account_id}`, home);
}

/** Computes midnights; those before the window of the live loop are kept, those within it belong to the loop. */
async function computeHomes(engines: Engines, stale: readonly number[], now: Date, homes: Map<string, string>) {
  const { warehouse, model } = engines;
  const run = `${engines.run}_areas`;
  const windowFrom = now.getTime() - (model.assignment.windowDays + 2) * DAY_MS;
  const signals = new Set(answerNames(model));
  for (const asOfs of await batchesOfAll(engines, stale)) {
    const settled = asOfs.filter((day) => day < windowFrom);
    try {
      const { accounts } = await computeProfiles(warehouse, { model, asOfs, run, signals, entity: 'account' });
      for (const { asOf, accountId, home } of await answersFor(warehouse, model, SIGNAL_CATALOGUE, accounts)) {
        if (home !== null) homes.set(`${asOf} ${accountId}`, home);
      }
      const before = `(SELECT * FROM ${accounts} WHERE as_of < ${windowFrom})`;
      if (settled.length > 0) {
        await writeAnswers(warehouse, model, SIGNAL_CATALOGUE, before, settled, now.getTime());
      }
    } finally {
      await dropProfiles(warehouse, run);
    }
  }
}

async function write({ warehouse, model }: Engines, rows: readonly AreaEvidence[], asOf: number, now: Date) {
  await warehouse.insertRows(
    'area_evidence',
    rows.map((row) => ({
      model_version: model.version,
      computed_at: now.toISOString(),
      as_of: new Date(asOf).toISOString(),
      segment: row.segment ?? '',
      area: row.area,
      verdict: row.verdict,
      difference: row.difference,
      difference_low: row.interval?.[0] ?? null,
      difference_high: row.interval?.[1] ?? null,
      accounts_with: row.accounts[0],
      accounts_without: row.accounts[1],
      age_days: row.ageDays,
      horizon_days: row.horizonDays,
      reason: row.reason ?? '',
    })),
  );
}

const rowSchema = z.object({
  computed_ms: z.coerce.number(),
  segment: z.string(),
  area: z.string(),
  verdict: z.enum(['holds', 'fails', 'too_little_data']),
  difference: z.number().nullable(),
  difference_low: z.number().nullable(),
  difference_high: z.number().nullable(),
  accounts_with: z.coerce.number(),
  accounts_without: z.coerce.number(),
  age_days: z.number(),
  horizon_days: z.number().nullable(),
  reason: z.string(),
});

/** The evidence computed last under this version of the model, by segment and area. */
export async function readAreaEvidence({
  warehouse,
  model,
}: Pick<Engines, 'warehouse' | 'model'>): Promise<AreaFindings> {
  const table = `${warehouse.database}.area_evidence`;
  const rows = await warehouse.rows(
    `SELECT DISTINCT toUnixTimestamp64Milli(computed_at) AS computed_ms, segment, area, verdict, difference, difference_low, difference_high,
      accounts_with, accounts_without, age_days, horizon_days, reason
    FROM ${table}
    WHERE model_version = {version:String} AND computed_at = (SELECT max(computed_at) FROM ${table} WHERE model_version = {version:String})
    ORDER BY segment, area`,
    rowSchema,
    { parameters: { version: model.version } },
  );
  return { computedAt: rows[0]?.computed_ms ?? null, rows: rows.map(evidenceOf) };
}

function evidenceOf(row: z.infer<typeof rowSchema>): AreaEvidence {
  const { difference_low: low, difference_high: high } = row;
  return {
    area: row.area,
    segment: row.segment === '' ? null : row.segment,
    verdict: row.verdict,
    difference: row.difference,
    interval: low === null || high === null ? null : [low, high],
    accounts: [row.accounts_with, row.accounts_without],
    ageDays: row.age_days,
    horizonDays: row.horizon_days,
    reason: row.reason === '' ? null : row.reason,
  };
}
