import type { Model } from '../definition/model.ts';
import type { NullReason, SignalEntry } from '../model/signal.ts';
import type { FactTableName } from '../model/table.ts';
import type { Coverage } from './coverage.ts';
import { DAY_MS } from './plan.ts';

/** A reason for null and the SQL condition under which it applies; the first that holds is the answer. */
export type Unknown = readonly [condition: string, reason: NullReason];

/** A shipped signal: its catalogue entry, its SQL over the entity's base row, and when it is null and why. */
export interface SignalDefinition extends SignalEntry {
  readonly value: (lens: Lens) => string;
  readonly unknown: (lens: Lens) => readonly Unknown[];
  /** What its value rests on that is assumed, by name, each with the SQL condition under which it is. */
  readonly assumed?: (lens: Lens) => Readonly<Record<string, string>>;
}

/** What a signal's SQL may ask of the model and of the coverage. All conditions are SQL over a row with `at`. */
export interface Lens {
  readonly model: Model;
  readonly coverage: Coverage;
}

/** SQL: the table is not connected: neither named by the model nor any row of it before `at`. */
export function absent(lens: Lens, table: FactTableName): string {
  const covered = lens.coverage.get(table);
  if (covered?.isNamed === true) return '0';
  return covered?.firstFact == null ? '1' : `at <= ${covered.firstFact}`;
}

/** SQL: no event before `at`, in the whole workspace, has a user. */
export function withoutUsers(lens: Lens): string {
  const first = lens.coverage.get('events')?.firstUserFact;
  return first == null ? '1' : `at <= ${first}`;
}

/** SQL: a window of `days` before `at` begins before the table is covered. */
export function uncovered(lens: Lens, table: FactTableName, days: number): string {
  const from = lens.coverage.get(table)?.coversFrom;
  return from == null ? '0' : `at - ${days * DAY_MS} < ${from}`;
}

/** SQL: a window of `days` before `at` begins before any source covers it whose events carry users. */
export function uncoveredUsers(lens: Lens, days: number): string {
  const from = lens.coverage.get('events')?.userCoversFrom;
  return from == null ? '0' : `at - ${days * DAY_MS} < ${from}`;
}

/** Unknowns of a window of `days` over use by people. */
export function needsUsers(lens: Lens, days: number): readonly Unknown[] {
  return [
    [withoutUsers(lens), 'missing'],
    [uncoveredUsers(lens, days), 'missing'],
  ];
}

/** Unknowns of a window of `days` over a table. */
export function needs(lens: Lens, table: FactTableName, days: number): readonly Unknown[] {
  return [
    [absent(lens, table), 'missing'],
    [uncovered(lens, table, days), 'missing'],
  ];
}

/** Unknowns of what needs an account at least `days` old. */
export function needsAge(days: number): readonly Unknown[] {
  return [
    ['isNull(created_ms)', 'missing'],
    [`at - created_ms < ${days * DAY_MS}`, 'not_yet'],
  ];
}

/** SQL: the account was created before events (of people, where `ofUsers`) are covered. */
export function createdBeforeCoverage(lens: Lens, ofUsers = false): string {
  const events = lens.coverage.get('events');
  const from = ofUsers ? events?.userCoversFrom : events?.coversFrom;
  return from == null ? '0' : `created_ms < ${from}`;
}

/** The code of a null reason in profile tables; 0 is "not null". */
export const REASON_CODES: Readonly<Record<NullReason, number>> = { missing: 1, not_yet: 2, none: 3 };

/** SQL: code of the first reason that applies; a null value without one is missing. */
function reasonSql(unknowns: readonly Unknown[], value: string): string {
  const arms = unknowns.map(([condition, reason]) => `ifNull(${condition}, 0), ${REASON_CODES[reason]}`);
  return `toUInt8(multiIf(${[...arms, `isNull(${value}), ${REASON_CODES.missing}`, '0'].join(', ')}))`;
}

/** SQL: rows with `<name>` and `<name>__null`, the code of its null reason, of every signal beside the row's own columns. */
export function signalRows(
  signals: readonly Pick<SignalDefinition, 'name' | 'type' | 'value' | 'unknown'>[],
  lens: Lens,
  from: string,
): string {
  const raws = signals.map(({ name, type, value }) => `${rawSql(value(lens), type)} AS ${name}__raw`);
  const judged = signals.map(({ name, unknown }) => `${reasonSql(unknown(lens), `${name}__raw`)} AS ${name}__null`);
  const kept = signals.map(({ name }) => `if(${name}__null = 0, ${name}__raw, NULL) AS ${name}`);
  const dropped = signals.map(({ name }) => `${name}__raw`);
  return `SELECT * EXCEPT (${dropped.join(', ')}), ${kept.join(', ')}
    FROM (SELECT *, ${judged.join(', ')} FROM (SELECT *, ${raws.join(', ')} FROM (${from})))`;
}

function rawSql(value: string, type: SignalDefinition['type']): string {
  return type === 'text' ? `CAST(${value}, 'Nullable(String)')` : `ifNotFinite(toNullable(toFloat64(${value})), NULL)`;
}
