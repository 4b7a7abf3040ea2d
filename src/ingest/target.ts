import type { Column } from '../model/table.ts';
import type { CompiledExpression } from './expression-sql.ts';
import { quote } from './fact-file.ts';
import { flattenJson } from './jsonl-file.ts';
import {
  dayOfText,
  flagOfText,
  instantOfText,
  isAmbiguousTime,
  isNothing,
  listOfText,
  numberOf,
  type TimeReading,
  textOf,
  unixInstant,
} from './readings.ts';
import type { RowPlanInput } from './row-plan-input.ts';

/** Reasons for which a value is refused; their place (from 1) is the code that SQL carries. */
export const TARGET_REASONS = ['missing', 'number', 'time', 'ambiguous-time', 'flag', 'json', 'value'] as const;

const CODE = Object.fromEntries(TARGET_REASONS.map((reason, index) => [reason, index + 1])) as Readonly<
  Record<(typeof TARGET_REASONS)[number], number>
>;

/** A column of the table as SQL: its value, the code of what is wrong with it (0: nothing), and the text it came from. */
export interface Target {
  readonly column: Column;
  readonly value: string;
  /** Null where nothing can be wrong. */
  readonly fault: string | null;
  readonly text: string;
}

const MAX_CENTS = '9e15';

/** Values that a text column may have, where there are only a few. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'contracts.kind': ['paid', 'trial', 'pilot', 'free', 'addon', ''],
  'account_links.kind': ['renamed', 'merged', 'split'],
  'traits.entity': ['account', 'user'],
};

/** Columns whose day is made exclusive where the source writes the last day in force. */
const ENDS = ['contracts.ends', 'contracts.term_ends'];

const NOTHING: Readonly<Record<Column['type'], string>> = {
  text: `''`,
  number: `CAST(NULL, 'Nullable(Float64)')`,
  integer: `CAST(NULL, 'Nullable(Int64)')`,
  money: `CAST(NULL, 'Nullable(Int64)')`,
  instant: `CAST(NULL, 'Nullable(DateTime64(3, \\'UTC\\'))')`,
  day: `CAST(NULL, 'Nullable(Date32)')`,
  flag: `CAST(NULL, 'Nullable(UInt8)')`,
  list: `CAST([], 'Array(String)')`,
  map: `CAST(map(), 'Map(String, String)')`,
};

/** A column of the table from its expression; `free` is the map of all other columns where this one takes them. */
export function targetOf(
  column: Column,
  expression: CompiledExpression | undefined,
  free: { readonly sql: string; readonly faults: readonly string[] } | null,
  input: RowPlanInput,
): Target {
  if (free !== null) {
    const bad = free.faults.map((fault) => `${fault}, ${CODE.number}`);
    const fault = bad.length === 0 ? null : `multiIf(${bad.join(', ')}, 0)`;
    return { column, value: `CAST(mapSort(${free.sql}), 'Map(String, String)')`, fault, text: `''` };
  }
  const path = `${input.table.name}.${column.name}`;
  if (expression === undefined) {
    const value = path === 'contracts.known' ? `toDateTime64(v__starts, 3, 'UTC')` : NOTHING[column.type];
    return { column, value, fault: null, text: `''` };
  }
  const text = textOf(expression.kind, expression.sql);
  const read = readValue(column, expression, timeReading(input, column));
  const bad = [
    ...expression.faults.map((fault) => `${fault}, ${CODE.number}`),
    ...read.faults.map(([sql, reason]) => `${sql}, ${CODE[reason]}`),
    ...(column.required ? [`${read.isMissing}, ${CODE.missing}`] : []),
    ...choiceFault(path, read.value),
    ...(path === 'nps.score' ? [`${read.value} < 0 OR ${read.value} > 10, ${CODE.value}`] : []),
  ];
  return {
    column,
    value: settled(path, read.value, input),
    fault: bad.length === 0 ? null : `multiIf(${bad.join(', ')}, 0)`,
    text,
  };
}

function settled(path: string, value: string, input: RowPlanInput): string {
  if (path === 'contracts.known') return `ifNull(${value}, toDateTime64(v__starts, 3, 'UTC'))`;
  if (input.source.endsInclusive && ENDS.includes(path)) return `addDays(${value}, 1)`;
  if (CHOICES[path] !== undefined) return `lower(${value})`;
  return value;
}

function choiceFault(path: string, value: string): string[] {
  const choices = CHOICES[path];
  return choices === undefined ? [] : [`lower(${value}) NOT IN (${choices.map(quote).join(', ')}), ${CODE.value}`];
}

function timeReading(input: RowPlanInput, column: Column): TimeReading {
  return {
    format: input.source.timeFormat,
    timezone: input.source.timezone,
    order: input.orders.get(column.name) ?? null,
  };
}

type Reason = (typeof TARGET_REASONS)[number];
interface Read {
  readonly value: string;
  readonly isMissing: string;
  readonly faults: readonly (readonly [string, Reason])[];
}

function readValue(column: Column, { kind, sql }: CompiledExpression, reading: TimeReading): Read {
  switch (column.type) {
    case 'text': {
      const text = textOf(kind, sql);
      const value = column.name === 'id' || column.name.endsWith('_id') ? `trimBoth(${text})` : text;
      return { value, isMissing: `(${value}) = ''`, faults: [] };
    }
    case 'number':
    case 'integer':
    case 'money':
      return readNumber(column, kind, sql);
    case 'flag': {
      const value = kind === 'text' ? flagOfText(sql) : `toUInt8((${numberOf(kind, sql)}) != 0)`;
      const isUnread = kind === 'text' ? `NOT ${isNothing(sql)} AND isNull(${value})` : '0';
      return { value, isMissing: `isNull(${value})`, faults: [[isUnread, 'flag']] };
    }
    case 'instant':
    case 'day':
      return readTime(column, kind, sql, reading);
    case 'list': {
      const value = kind === 'list' ? `arrayMap(v -> ifNull(v, ''), ${sql})` : listOfText(textOf(kind, sql));
      return { value, isMissing: `empty(${value})`, faults: [] };
    }
    case 'map': {
      if (kind === 'map') {
        const value = `mapSort(CAST(mapApply((k, v) -> (k, ifNull(v, '')), ${sql}), 'Map(String, String)'))`;
        return { value, isMissing: '0', faults: [] };
      }
      const text = textOf(kind, sql);
      const isObject = `startsWith(trimLeft(${text}), '{') AND isValidJSON(${text})`;
      const value = `if(${isObject}, ${flattenJson(text)}, ${NOTHING.map})`;
      return { value, isMissing: '0', faults: [[`NOT ${isNothing(text)} AND NOT (${isObject})`, 'json']] };
    }
  }
}

function readNumber(column: Column, kind: CompiledExpression['kind'], sql: string): Read {
  const number = numberOf(kind, sql);
  const isGiven = kind === 'text' ? `NOT ${isNothing(sql)}` : `isNotNull(${sql})`;
  const isUnread = `${isGiven} AND (isNull(${number}) OR NOT isFinite(ifNull(${number}, 0)))`;
  const finite = kind === 'text' || kind === 'number' ? `if(isFinite(${number}), ${number}, NULL)` : number;
  if (column.type === 'number')
    return { value: finite, isMissing: `isNull(${finite})`, faults: [[isUnread, 'number']] };
  const units = column.type === 'money' ? `round((${finite}) * 100)` : `round(${finite})`;
  const isTooLarge = `ifNull(abs(${units}) > ${MAX_CENTS}, 0)`;
  return {
    value: `if(${isTooLarge}, NULL, toInt64(${units}))`,
    isMissing: `isNull(${finite})`,
    faults: [
      [isUnread, 'number'],
      [isTooLarge, 'value'],
    ],
  };
}

function readTime(column: Column, kind: CompiledExpression['kind'], sql: string, reading: TimeReading): Read {
  const isDay = column.type === 'day';
  if (kind === 'instant' || kind === 'day') {
    const value = isDay ? `toDate32(${sql})` : `toDateTime64(${sql}, 3, 'UTC')`;
    return { value: value, isMissing: `isNull(${sql})`, faults: [] };
  }
  const isUnix = reading.format === 'unix_s' || reading.format === 'unix_ms';
  if (kind === 'number' && isUnix) {
    const instant = unixInstant(numberOf(kind, sql), reading);
    const value = isDay ? `toDate32(${instant})` : instant;
    return { value, isMissing: `isNull(${sql})`, faults: [] };
  }
  const text = textOf(kind, sql);
  const value = isDay ? dayOfText(text, reading) : instantOfText(text, reading);
  const isUnread = `NOT ${isNothing(text)} AND isNull(${value})`;
  return {
    value,
    isMissing: `isNull(${value})`,
    faults: [
      [`(${isUnread}) AND ${isAmbiguousTime(text, reading)}`, 'ambiguous-time'],
      [isUnread, 'time'],
    ],
  };
}
