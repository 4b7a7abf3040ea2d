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

/** What measuring a signal takes, shipped or a model's own. */
export type MeasuredSignal = Pick<SignalDefinition, 'name' | 'type' | 'inputs' | 'value' | 'unknown' | 'assumed'>;

/** What a signal's SQL may ask of the model and of the coverage. All conditions are SQL over a row with `at`. */
export interface Lens {
  readonly model: Model;
  readonly coverage: Coverage;
  /** The values that `at` takes, so that what is the same at all of them is answered here and not asked of every row. */
  readonly instants: readonly number[];
}

/** SQL: `at` is not after an instant. */
function isBy(lens: Lens, instant: number): string {
  const truths = new Set(lens.instants.map((at) => at <= instant));
  if (truths.size !== 1) return `at <= ${instant}`;
  return truths.has(true) ? '1' : '0';
}

/** SQL: the table is not connected: neither named by the model nor any row of it before `at`. */
export function absent(lens: Lens, table: FactTableName): string {
  const covered = lens.coverage.get(table);
  if (covered?.isNamed === true) return '0';
  return covered?.firstFact == null ? '1' : isBy(lens, covered.firstFact);
}

/** SQL: no event before `at`, in the whole workspace, has a user. */
export function withoutUsers(lens: Lens): string {
  const first = lens.coverage.get('events')?.firstUserFact;
  return first == null ? '1' : isBy(lens, first);
}

/** SQL: a window of `days` before `at` begins before the table is covered. */
export function uncovered(lens: Lens, table: FactTableName, days: number): string {
  const from = lens.coverage.get(table)?.coversFrom;
  return from == null ? '0' : isBy(lens, from + days * DAY_MS - 1);
}

/** SQL: a window of `days` before `at` begins before any source covers it whose events carry users. */
export function uncoveredUsers(lens: Lens, days: number): string {
  const from = lens.coverage.get('events')?.userCoversFrom;
  return from == null ? '0' : isBy(lens, from + days * DAY_MS - 1);
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

/** The unknowns that can apply: never the impossible ones, and nothing after one that always does. */
function possible(unknowns: readonly Unknown[]): readonly Unknown[] {
  const able = unknowns.filter(([condition]) => condition !== '0');
  const certain = able.findIndex(([condition]) => condition === '1');
  return certain < 0 ? able : able.slice(0, certain + 1);
}

/** SQL: code of the first reason that applies; a null value without one is missing. */
function reasonSql(unknowns: readonly Unknown[], value: string): string {
  const isMissing = `isNull(${value})`;
  const [first] = unknowns;
  if (first === undefined) return `toUInt8(${isMissing})`;
  if (first[0] === '1') return `toUInt8(${REASON_CODES[first[1]]})`;
  const arms = unknowns.map(([condition, reason]) => `ifNull(${condition}, 0), ${REASON_CODES[reason]}`);
  return `toUInt8(multiIf(${[...arms, `${isMissing}, ${REASON_CODES.missing}`, '0'].join(', ')}))`;
}

/** SQL: rows with `<name>` and `<name>__null`, the code of its null reason, of every signal beside the row's own columns. */
export function signalRows(
  signals: readonly Pick<SignalDefinition, 'name' | 'type' | 'value' | 'unknown'>[],
  lens: Lens,
  from: string,
): string {
  if (signals.length === 0) return from;
  const measured = signals.map(({ name, type, value, unknown }) => {
    const unknowns = possible(unknown(lens));
    const isNever = unknowns[0]?.[0] === '1';
    const raw = isNever
      ? `CAST(NULL, 'Nullable(${type === 'text' ? 'String' : 'Float64'})')`
      : rawSql(value(lens), type);
    return { name, unknowns, raw, isKept: isNever || unknowns.length === 0 };
  });
  const raws = measured.map(({ name, raw }) => `${raw} AS ${name}__raw`);
  const judged = measured.map(({ name, unknowns }) => `${reasonSql(unknowns, `${name}__raw`)} AS ${name}__null`);
  const kept = measured.map(({ name, isKept }) =>
    isKept ? `${name}__raw AS ${name}` : `if(${name}__null = 0, ${name}__raw, NULL) AS ${name}`,
  );
  const dropped = signals.map(({ name }) => `${name}__raw`);
  return `SELECT * EXCEPT (${dropped.join(', ')}), ${kept.join(', ')}
    FROM (SELECT *, ${judged.join(', ')} FROM (SELECT *, ${raws.join(', ')} FROM (${from})))`;
}

function rawSql(value: string, type: SignalDefinition['type']): string {
  return type === 'text' ? `CAST(${value}, 'Nullable(String)')` : `ifNotFinite(toFloat64(${value}), NULL)`;
}
