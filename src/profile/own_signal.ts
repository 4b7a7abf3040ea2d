import type { Model, OwnSignal } from '../definition/model.ts';
import type { FactTableName } from '../model/table.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { areaCondition, eventColumn, eventCondition } from './area.ts';
import { likeOf } from './like_signal.ts';
import { DAY_MS, extent, instantArray, milliseconds, type Plan, quoteList, scratch } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch } from './scratch.ts';
import {
  absent,
  type Lens,
  type MeasuredSignal,
  type Unknown,
  uncovered,
  uncoveredUsers,
  withoutUsers,
} from './signal_definition.ts';

/** What a measure is: its SQL over events (`ms`, `day`, `user_id`, `number`), and its value where there was no event. */
interface MeasureSql {
  readonly value: string;
  /** `zero`: no event means 0; `none`: no event means null, for it never happened. */
  readonly empty: 'zero' | 'none';
  readonly countsUsers: boolean;
  /** Column that an event must have to count; null: every event counts. */
  readonly reads: 'number' | 'text' | null;
}

const MEASURES: Readonly<Record<NonNullable<OwnSignal['measure']>, MeasureSql>> = {
  count: { value: 'count()', empty: 'zero', countsUsers: false, reads: null },
  distinct_users: { value: `uniqExactIf(user_id, user_id != '')`, empty: 'zero', countsUsers: true, reads: null },
  distinct_days: { value: `uniqExact(intDiv(at - 1 - ms, ${DAY_MS}))`, empty: 'zero', countsUsers: false, reads: null },
  sum: { value: 'sum(ifNull(number, 0))', empty: 'zero', countsUsers: false, reads: 'number' },
  min: { value: 'min(number)', empty: 'none', countsUsers: false, reads: 'number' },
  max: { value: 'max(number)', empty: 'none', countsUsers: false, reads: 'number' },
  mean: { value: 'avg(number)', empty: 'none', countsUsers: false, reads: 'number' },
  last: { value: 'argMax(text, (ms, text))', empty: 'none', countsUsers: false, reads: 'text' },
  days_since: { value: `intDiv(any(at) - max(ms), ${DAY_MS})`, empty: 'none', countsUsers: false, reads: null },
};

/** Fact tables behind an own signal. */
function ownInputs(signal: OwnSignal): readonly FactTableName[] {
  return signal.like === null ? ['events'] : likeOf(signal).inputs;
}

/** Tables of its computation, beside events, that an own signal is measured from. */
export function ownReads(signal: OwnSignal): readonly string[] {
  return signal.like === null ? [] : (likeOf(signal).reads ?? []);
}

/** Builds `own_<name>` (at, account[, user]), column `value`: what an own measure found. Needs what `ownReads` names. */
export async function buildOwnSignal(
  warehouse: Warehouse,
  plan: Plan,
  resolution: Resolution,
  signal: OwnSignal,
): Promise<void> {
  await buildScratch(warehouse, plan, `own_${signal.name}`, ownSql(plan, resolution, signal));
}

function ownSql(plan: Plan, resolution: Resolution, signal: OwnSignal): string {
  const rows = signal.like === null ? measureRows(plan, resolution, signal) : likeRows(plan, resolution, signal);
  const keys =
    signal.entity === 'account' ? 'account_id AS own_account' : 'account_id AS own_account, user_id AS own_user';
  return `SELECT at AS own_at, ${keys}, value FROM (${rows})`;
}

function likeRows(plan: Plan, resolution: Resolution, signal: OwnSignal): string {
  const rows = likeOf(signal).rows(plan, resolution, signal.windowDays ?? 0, signal.entity);
  return `SELECT * EXCEPT (value), toNullable(toFloat64(value)) AS value FROM (${rows})`;
}

function measureRows(plan: Plan, resolution: Resolution, signal: OwnSignal): string {
  const { from, to } = extent(plan);
  const measure = MEASURES[signal.measure ?? 'count'];
  const areas = plan.model.taxonomy.features;
  const named = signal.of.flatMap((name) => areas.filter((area) => area.name === name));
  const events = signal.of.filter((name) => !areas.some((area) => area.name === name));
  const isCounted = [`event IN ${quoteList(events)}`, ...named.map(areaCondition)].join(' OR ');
  const names = [...events, ...named.flatMap((area) => area.events)];
  const start = signal.windowDays === null ? '' : `AND ${milliseconds('time')} >= ${from - signal.windowDays * DAY_MS}`;
  const where = `event IN ${quoteList(names)} AND ${milliseconds('time')} < ${to} ${start}`;
  const isReading = signal.property !== null || signal.where !== null || named.some((area) => area.where !== null);
  const reads = isReading ? ['properties', 'session_id'] : [];
  const text = signal.property === null ? `toNullable('')` : propertyText(signal.property);
  const key = signal.entity === 'account' ? 'account_id' : 'account_id, user_id';
  const kept = `(${isCounted}) AND ${signal.where === null ? '1' : `ifNull(${eventCondition(signal.where)}, 0) = 1`}`;
  const window = signal.windowDays === null ? '1' : `ms >= at - ${signal.windowDays * DAY_MS}`;
  const counted = measure.reads === null ? '1' : `isNotNull(${measure.reads})`;
  return `SELECT at, ${key}, ${signal.measure === 'last' ? measure.value : `toNullable(toFloat64(${measure.value}))`} AS value FROM (
      SELECT account_id, user_id, ms, ${text} AS text, ${numberSql('text')} AS number FROM (${resolvedEvents(plan, resolution, reads, where)}) WHERE ${kept}
    ) ARRAY JOIN ${instantArray(plan)} AS at
    WHERE ms < at AND ${window} AND ${counted} ${signal.entity === 'user' ? `AND user_id != ''` : ''} GROUP BY at, ${key}`;
}

function propertyText(property: string): string {
  return eventColumn(property.startsWith('properties.') ? property : `properties.${property}`);
}

function numberSql(text: string): string {
  return `ifNotFinite(toFloat64OrNull(transform(${text}, ['true', 'false'], ['1', '0'], ${text})), NULL)`;
}

/** SQL: rows of a base table with `own_<name>`, what each own measure of a list found, beside them. */
export function withOwnSignals(plan: Plan, signals: readonly OwnSignal[], base: string): string {
  if (signals.length === 0) return `SELECT * FROM ${base}`;
  const on = (alias: string, { entity }: OwnSignal) =>
    `ON ${alias}.own_at = b.at AND ${alias}.own_account = b.account_id${entity === 'user' ? ` AND ${alias}.own_user = b.user_id` : ''}`;
  const joins = signals.map(
    (signal, index) => `LEFT JOIN ${scratch(plan, `own_${signal.name}`)} AS own${index} ${on(`own${index}`, signal)}`,
  );
  const columns = signals.map((signal, index) => `own${index}.value AS own_${signal.name}`);
  return `SELECT b.*, ${columns.join(', ')} FROM ${base} AS b ${joins.join(' ')}`;
}

/** The own measures of an entity as signals over rows of `withOwnSignals`. */
export function ownDefinitions(model: Model, entity: OwnSignal['entity']): readonly MeasuredSignal[] {
  return model.signals
    .filter((signal) => signal.entity === entity)
    .map((signal) => {
      const found = `own_${signal.name}`;
      const isZero = (signal.like === null ? MEASURES[signal.measure ?? 'count'] : likeOf(signal)).empty === 'zero';
      return {
        name: signal.name,
        type: signal.measure === 'last' ? 'text' : 'number',
        inputs: ownInputs(signal),
        value: () => (isZero ? `ifNull(${found}, 0)` : found),
        unknown: (lens: Lens) => ownUnknowns(lens, signal, found),
      };
    });
}

function ownUnknowns(lens: Lens, signal: OwnSignal, value: string): readonly Unknown[] {
  if (signal.like !== null) {
    const like = likeOf(signal);
    const gaps = like.unknown(lens, signal.windowDays ?? 0, signal.entity);
    return like.empty === 'none' ? [...gaps, [`isNull(${value})`, 'none']] : gaps;
  }
  const measure = MEASURES[signal.measure ?? 'count'];
  const ofUsers = signal.entity === 'user' || measure.countsUsers;
  const days = signal.windowDays;
  const unknowns: Unknown[] = [[ofUsers ? withoutUsers(lens) : absent(lens, 'events'), 'missing']];
  if (days !== null) unknowns.push([ofUsers ? uncoveredUsers(lens, days) : uncovered(lens, 'events', days), 'missing']);
  if (measure.empty === 'none') unknowns.push([`isNull(${value})`, 'none']);
  return unknowns;
}
