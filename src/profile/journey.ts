import type { Model } from '../definition/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { areaCondition, readsProperties } from './area.ts';
import { instantOf, readCoverage } from './coverage.ts';
import { inLanes } from './lane.ts';
import { buildParts } from './parts.ts';
import { milliseconds, type Plan, quote, scratch } from './plan.ts';
import { resolve } from './resolution.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch, dropScratch } from './scratch.ts';

interface JourneyRequest {
  readonly model: Model;
  /** A name that no other computation uses at the same time. */
  readonly run: string;
  /** Milliseconds. */
  readonly asOf: number;
}

/** When accounts and users took each step, by table. They live until `dropJourneys`. */
export interface JourneyTables {
  /** (account_id, created_ms, reach): `reach` holds the instant of each step of the account sequence, 0 where it was not reached. */
  readonly accounts: string;
  /** (account_id, user_id, first_ms, reach): users with an activity, in the same way over the user sequence. */
  readonly users: string;
  /** See `buildRuns`: runs of every workflow, by its place in the model. */
  readonly runs: string;
  /** (account_id, area, first_ms): when an account first used each feature area, from its `created` on. */
  readonly firstAreas: string;
  /** The instant up to which events were read: the earliest of the as-of and their completeness. */
  readonly measuredAt: number;
  /** Begin of the events; null without any. */
  readonly coversFrom: number | null;
}

/** Builds the journeys of all accounts and users, as the signals of activation read them at an as-of. */
export async function buildJourneys(engine: Warehouse, { model, run, asOf }: JourneyRequest): Promise<JourneyTables> {
  const warehouse = inLanes(engine, false);
  const coverage = await readCoverage(warehouse, model);
  const measuredAt = instantOf(coverage, ['events'], asOf);
  const plan: Plan = {
    ...{ model, coverage, database: warehouse.database },
    ...{ run: `${run}_j`, instants: [measuredAt], only: null },
  };
  await dropJourneys(warehouse, run);
  const resolution = await resolve(warehouse, plan);
  const needed = ['births', 'user_history', 'account_progress', 'user_progress', 'runs'];
  await buildParts(warehouse, plan, resolution, [], needed);
  const of = (name: string): string => scratch(plan, name);
  const born = `isNotNull(b.created_ms) AND assumeNotNull(b.created_ms) < ${measuredAt}`;
  const accounts = `SELECT b.account_id AS account_id, assumeNotNull(b.created_ms) AS created_ms, p.reach AS reach
    FROM ${of('births')} AS b LEFT JOIN ${of('account_progress')} AS p ON p.account_id = b.account_id WHERE ${born}`;
  const users = `SELECT h.account_id AS account_id, h.user_id AS user_id, h.first_ms AS first_ms, p.reach AS reach
    FROM ${of('user_history')} AS h LEFT JOIN ${of('user_progress')} AS p
      ON p.account_id = h.account_id AND p.user_id = h.user_id
    WHERE h.first_ms > 0 AND h.first_ms < ${measuredAt}`;
  await buildScratch(warehouse, plan, 'account_journeys', accounts);
  await buildScratch(warehouse, plan, 'user_journeys', users);
  await buildScratch(warehouse, plan, 'first_areas', firstAreasSql(plan, resolution), 'reading');
  return {
    ...{
      accounts: of('account_journeys'),
      users: of('user_journeys'),
      runs: of('runs'),
      firstAreas: of('first_areas'),
    },
    ...{ measuredAt, coversFrom: coverage.get('events')?.coversFrom ?? null },
  };
}

function firstAreasSql(plan: Plan, resolution: Resolution): string {
  const { model } = plan;
  const areas = model.taxonomy.features.map((area) => `if(${areaCondition(area)}, ${quote(area.name)}, '')`);
  const named =
    areas.length === 0 ? "CAST([], 'Array(String)')" : `arrayFilter(area -> area != '', [${areas.join(', ')}])`;
  const where = `${milliseconds('time')} < ${plan.instants[0] ?? 0}`;
  const events = resolvedEvents(plan, resolution, readsProperties(model) ? ['properties'] : [], where);
  return `SELECT e.account_id AS account_id, e.area AS area, min(e.ms) AS first_ms
    FROM (SELECT account_id, ms, arrayJoin(${named}) AS area FROM (${events})) AS e
    INNER JOIN ${scratch(plan, 'births')} AS b ON b.account_id = e.account_id
    WHERE isNotNull(b.created_ms) AND e.ms >= assumeNotNull(b.created_ms) GROUP BY account_id, area`;
}

/** Drops what was built here under this run's name. */
export async function dropJourneys(warehouse: Warehouse, run: string): Promise<void> {
  await dropScratch(warehouse, `${run}_j`);
}
