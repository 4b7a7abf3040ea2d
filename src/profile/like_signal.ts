import type { OwnSignal } from '../definition/model.ts';
import type { Entity } from '../model/signal.ts';
import type { FactTableName } from '../model/table.ts';
import { areaMask, countAreas, readsProperties, words } from './area.ts';
import { DAY_MS, extent, instantArray, milliseconds, type Plan, scratch } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { sessionSql } from './session.ts';
import { type Lens, needs, needsUsers, type Unknown } from './signal_definition.ts';
import { beforeInstants } from './stream.ts';

/** A shipped signal in another window: where it reads, what it is without any row, and when it is null and why. */
interface Like {
  readonly inputs: readonly FactTableName[];
  /** Tables of the computation that its rows are read from, beside events. */
  readonly reads?: readonly string[];
  /** SQL: (at, account_id[, user_id], value). */
  readonly rows: (plan: Plan, resolution: Resolution, days: number, entity: Entity) => string;
  readonly empty: 'zero' | 'none';
  readonly unknown: (lens: Lens, days: number, entity: Entity) => readonly Unknown[];
}

const keysOf = (entity: Entity): string => (entity === 'account' ? 'account_id' : 'account_id, user_id');
const ofPeople: Like['unknown'] = (lens, days) => needsUsers(lens, days);
const ofEvents: Like['unknown'] = (lens, days, entity) =>
  entity === 'user' ? needsUsers(lens, days) : needs(lens, 'events', days);
const ofWorkflows: Like['unknown'] = (lens, days) => [
  [lens.model.taxonomy.workflows.length === 0 ? '1' : '0', 'missing'],
  ...needsUsers(lens, days),
];

function eventRows(value: (plan: Plan) => string): Like['rows'] {
  return (plan, resolution, days, entity) => {
    const { from, to } = extent(plan);
    const { model } = plan;
    const between = `${milliseconds('time')} >= ${from - days * DAY_MS} AND ${milliseconds('time')} < ${to}`;
    const masks = words(model).map((word) => `${areaMask(model, word)} AS mask_${word}`);
    const used = words(model).map((word) => `groupBitOr(mask_${word}) AS used_${word}`);
    return `SELECT at, ${keysOf(entity)}, ${value(plan)} AS value FROM (
        SELECT at, ${keysOf(entity)}, count() AS events, uniqExactIf(user_id, user_id != '') AS people, ${used.join(', ')} FROM (
          SELECT account_id, user_id, ms, ${masks.join(', ')}
          FROM (${resolvedEvents(plan, resolution, readsProperties(model) ? ['properties'] : [], between)})
        ) ARRAY JOIN ${instantArray(plan)} AS at
        WHERE ms < at AND ms >= at - ${days * DAY_MS} ${entity === 'user' ? `AND user_id != ''` : ''} GROUP BY at, ${keysOf(entity)}
      )`;
  };
}

const sessionRows =
  (value: string): Like['rows'] =>
  (plan, resolution, days, entity) =>
    `SELECT at, ${keysOf(entity)}, ${value} AS value FROM (${sessionSql(plan, resolution, days)}) GROUP BY at, ${keysOf(entity)}`;

const runRows =
  (value: string): Like['rows'] =>
  (plan, _, days, entity) =>
    `SELECT at, ${keysOf(entity)}, ${value} AS value FROM (
      SELECT *, at, completed_ms > 0 AND completed_ms < at AS is_done, is_done OR lapses_ms <= at AS is_closed
      FROM ${scratch(plan, 'runs')} ARRAY JOIN ${instantArray(plan)} AS at
      WHERE start_ms < at AND start_ms >= at - ${days * DAY_MS}
    ) GROUP BY at, ${keysOf(entity)}`;

function streamRows(
  table: FactTableName,
  time: string,
  columns: readonly string[],
  value: string,
  where = '1',
): Like['rows'] {
  return (plan, resolution, days, entity) =>
    `SELECT at, ${keysOf(entity)}, ${value} AS value FROM (${beforeInstants(plan, resolution, table, time, columns, days)})
      WHERE ${where} ${entity === 'user' ? `AND user_id != ''` : ''} GROUP BY at, ${keysOf(entity)}`;
}

const EVENTS: readonly FactTableName[] = ['events'];
const of =
  (table: FactTableName): Like['unknown'] =>
  (lens, days) =>
    needs(lens, table, days);

const breadth = (pick: Parameters<typeof countAreas>[2]): Like => ({
  inputs: EVENTS,
  rows: eventRows(({ model }) => countAreas(model, 'used_', pick)),
  empty: 'zero',
  unknown: ofEvents,
});

const people: Like = { inputs: EVENTS, rows: eventRows(() => 'people'), empty: 'zero', unknown: ofPeople };

/** By name, the signals of `LIKEABLE`. */
const LIKES: Readonly<Record<string, Like>> = {
  events_30d: { inputs: EVENTS, rows: eventRows(() => 'events'), empty: 'zero', unknown: ofEvents },
  active_users_7d: people,
  active_users_30d: people,
  feature_breadth_30d: breadth(() => true),
  core_features_30d: breadth((area) => area.isCore),
  advanced_features_30d: breadth((area) => area.isAdvanced),
  sessions_30d: { inputs: EVENTS, rows: sessionRows('count()'), empty: 'zero', unknown: ofPeople },
  session_minutes_30d: {
    inputs: EVENTS,
    rows: sessionRows('quantileExactInclusive(0.5)(minutes)'),
    empty: 'none',
    unknown: ofPeople,
  },
  workflow_runs_30d: {
    inputs: EVENTS,
    reads: ['runs'],
    rows: runRows('countIf(is_closed)'),
    empty: 'zero',
    unknown: ofWorkflows,
  },
  workflow_completion_30d: {
    inputs: EVENTS,
    reads: ['runs'],
    rows: runRows('countIf(is_done) / nullIf(countIf(is_closed), 0)'),
    empty: 'none',
    unknown: ofWorkflows,
  },
  tickets_30d: {
    inputs: ['tickets'],
    rows: streamRows('tickets', 'opened', ['user_id'], 'count()'),
    empty: 'zero',
    unknown: of('tickets'),
  },
  engagement_touches_90d: {
    inputs: ['touches'],
    rows: streamRows('touches', 'time', ['kind'], 'count()', `kind IN ('marketing', 'community')`),
    empty: 'zero',
    unknown: of('touches'),
  },
  cost_to_serve_12m: {
    inputs: ['costs'],
    rows: streamRows('costs', 'time', ['amount_cents'], 'sum(amount_cents) / 100'),
    empty: 'zero',
    unknown: of('costs'),
  },
};

/** The shipped signal behind an own one, for its other window; the parser has refused all that have none. */
export function likeOf(signal: OwnSignal): Like {
  const like = LIKES[signal.like ?? ''];
  if (like === undefined) throw new Error(`${signal.like ?? signal.name} has no other window`);
  return like;
}
