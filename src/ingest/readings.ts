import { type Kind, quote } from './fact-file.ts';

/** How the times of a source are written, and where a day and a month cannot be told apart, which comes first. */
export interface TimeReading {
  /** Null: ISO 8601. */
  readonly format: string | null;
  readonly timezone: string;
  /** Decided from the whole column; null: not decided, such values are refused. */
  readonly order: DayOrder | null;
}

/** Which of the first two numbers of 1/2/2024 is the day. */
export type DayOrder = 'day_first' | 'month_first';

/** Text that spreadsheets and databases write for nothing; in text columns it stays what it is. */
const NOTHING = ['', 'NULL', 'null', 'NaN', 'nan', 'None', 'N/A', 'n/a', 'NA', '#N/A', '-'];
const DAY_AND_MONTH = '^(\\\\d{1,2})[/.-](\\\\d{1,2})[/.-](\\\\d{4})';
/** ISO with one digit where there should be two. */
const SHORT_ISO = '^\\\\d{4}-\\\\d{1,2}-\\\\d{1,2}[ T](\\\\d|[01]\\\\d|2[0-4]):';
const TRUE_WORDS = ['1', 'true', 't', 'yes', 'y', 'on', '1.0'];
const FALSE_WORDS = ['0', 'false', 'f', 'no', 'n', 'off', '0.0'];

/** SQL: true where text says nothing. */
export function isNothing(sql: string): string {
  return `(${sql}) IN (${NOTHING.map(quote).join(', ')})`;
}

/**
 * SQL for `Nullable(Float64)` of text: plain numbers, a currency sign in front, thousands in groups where the decimal
 * sign tells which is which, a decimal comma that is not followed by three digits. `1,234` is both and is null.
 */
function numberOfText(sql: string): string {
  const bare = `replaceRegexpAll(${sql}, '[\\\\s$€£]', '')`;
  const spelled = `multiIf(
    match(${bare}, '^[-+]?\\\\d{1,3}(,\\\\d{3})+\\\\.\\\\d+$') OR match(${bare}, '^[-+]?\\\\d{1,3}(,\\\\d{3}){2,}$'), replaceAll(${bare}, ',', ''),
    match(${bare}, '^[-+]?\\\\d{1,3}(\\\\.\\\\d{3})+,\\\\d+$') OR match(${bare}, '^[-+]?\\\\d{1,3}(\\\\.\\\\d{3}){2,}$'), replaceAll(replaceAll(${bare}, '.', ''), ',', '.'),
    match(${bare}, '^[-+]?\\\\d+,(\\\\d{1,2}|\\\\d{4,})$'), replaceAll(${bare}, ',', '.'),
    ${bare})`;
  const plain = `toFloat64OrNull(${sql})`;
  return `if(isNotNull(${plain}) OR ${sql} = '', ${plain}, toFloat64OrNull(${spelled}))`;
}

/** SQL for `Nullable(UInt8)` of text. */
export function flagOfText(sql: string): string {
  const word = `lower(trimBoth(${sql}))`;
  return `multiIf(${word} IN (${TRUE_WORDS.map(quote).join(', ')}), 1, ${word} IN (${FALSE_WORDS.map(quote).join(', ')}), 0, NULL)`;
}

/**
 * SQL for `Nullable(DateTime64(3, 'UTC'))` of text, 1970 to 2199.
 *
 * ISO is always read, except where the format itself begins with the year. Times without a zone are of the source's
 * time zone. A plain number is no time unless the format says which.
 */
export function instantOfText(sql: string, reading: TimeReading): string {
  const zone = quote(reading.timezone);
  const iso = isoInstant(sql, zone);
  const parsed = ((): string => {
    if (reading.format === null || reading.format === 'iso') {
      return reading.order === null ? iso : `ifNull(${iso}, ${orderedInstant(sql, reading.order, zone)})`;
    }
    if (reading.format === 'unix_s' || reading.format === 'unix_ms') return unixInstant(numberOfText(sql), reading);
    const joda = quote(jodaFormat(reading.format));
    const own = `CAST(parseDateTime64InJodaSyntaxOrNull(${sql}, ${joda}, ${zone}), 'Nullable(DateTime64(3, ''UTC''))')`;
    return reading.format.startsWith('Y') ? own : `ifNull(${own}, ${iso})`;
  })();
  return inRange(parsed);
}

/** SQL for `Nullable(DateTime64(3, 'UTC'))` of a number, where the format says what it counts. */
export function unixInstant(sql: string, reading: TimeReading): string {
  const millis = reading.format === 'unix_ms' ? sql : `(${sql}) * 1000`;
  return `fromUnixTimestamp64Milli(toInt64OrNull(toString(round(${millis}))), 'UTC')`;
}

/** SQL: true where text is a day and a month in an order that nobody told. */
export function isAmbiguousTime(sql: string, reading: TimeReading): string {
  return reading.format === null || reading.format === 'iso' ? `match(${sql}, '${DAY_AND_MONTH}')` : '0';
}

/** SQL for `Nullable(Date32)` of text: the day as written, whatever the zone. */
export function dayOfText(sql: string, reading: TimeReading): string {
  if (reading.format === 'unix_s' || reading.format === 'unix_ms') {
    return `toDate32(${instantOfText(sql, reading)})`;
  }
  // Read as if in UTC and without its zone, so that the day stays the written one.
  const written = `replaceRegexpOne(${sql}, '(Z|[+-]\\\\d{2}:?\\\\d{2})$', '')`;
  const bare = `if(length(${sql}) > 10 AND position(${sql}, ':') > 0, ${written}, ${sql})`;
  return `toDate32(${instantOfText(bare, { ...reading, timezone: 'UTC' })})`;
}

/** SQL for `Array(String)` of text: a JSON list, or values between `;`, `|` or `,`. */
export function listOfText(sql: string): string {
  const separator = `multiIf(position(${sql}, ';') > 0, ';', position(${sql}, '|') > 0, '|', ',')`;
  const split = `multiIf(${separator} = ';', splitByChar(';', ${sql}), ${separator} = '|', splitByChar('|', ${sql}), splitByChar(',', ${sql}))`;
  const values = `if(startsWith(${sql}, '['), JSONExtract(${sql}, 'Array(String)'), ${split})`;
  return `arrayFilter(v -> v != '', arrayMap(v -> trimBoth(v), ${values}))`;
}

/** SQL for text of a value of any kind. */
export function textOf(kind: Kind, sql: string): string {
  if (kind === 'text') return sql;
  if (kind === 'list' || kind === 'map') return `toJSONString(${sql})`;
  if (kind === 'instant') return `ifNull(formatDateTime(${sql}, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC'), '')`;
  if (kind === 'flag') return `multiIf(isNull(${sql}), '', (${sql}) = 1, 'true', 'false')`;
  return `ifNull(toString(${sql}), '')`;
}

/** SQL for `Nullable(Float64)` of a value of any kind; null where it has none. */
export function numberOf(kind: Kind, sql: string): string {
  if (kind === 'text') return `if(${isNothing(sql)}, NULL, ${numberOfText(sql)})`;
  if (kind === 'number') return `toFloat64(${sql})`;
  if (kind === 'flag') return `toFloat64(${sql})`;
  return "CAST(NULL, 'Nullable(Float64)')";
}

function isoInstant(sql: string, zone: string): string {
  const looksIso = `(length(${sql}) >= 8 AND substring(${sql}, 5, 1) = '-' AND (substring(${sql}, 12, 2) <= '24' OR match(${sql}, '${SHORT_ISO}')) OR match(${sql}, '^\\\\d{8}$'))`;
  return `if(${looksIso}, CAST(parseDateTime64BestEffortOrNull(${sql}, 3, ${zone}), 'Nullable(DateTime64(3, ''UTC''))'), NULL)`;
}

function orderedInstant(sql: string, order: DayOrder, zone: string): string {
  const turned = order === 'day_first' ? '\\\\3-\\\\2-\\\\1' : '\\\\3-\\\\1-\\\\2';
  const iso = `replaceRegexpOne(${sql}, '${DAY_AND_MONTH}', '${turned}')`;
  return `if(match(${sql}, '${DAY_AND_MONTH}'), CAST(parseDateTime64BestEffortOrNull(${iso}, 3, ${zone}), 'Nullable(DateTime64(3, ''UTC''))'), NULL)`;
}

function inRange(sql: string): string {
  return `if((${sql}) >= toDateTime64('1970-01-01 00:00:00', 3, 'UTC') AND (${sql}) < toDateTime64('2200-01-01 00:00:00', 3, 'UTC'), ${sql}, NULL)`;
}

const TOKENS: Readonly<Record<string, string>> = {
  YYYY: 'yyyy',
  YY: 'yy',
  MMM: 'MMM',
  MM: 'M',
  M: 'M',
  DD: 'd',
  D: 'd',
  HH: 'H',
  H: 'H',
  hh: 'h',
  h: 'h',
  mm: 'm',
  m: 'm',
  ss: 's',
  s: 's',
  SSS: 'SSS',
  A: 'a',
  a: 'a',
};

/** `DD/MM/YYYY HH:mm` in the words of the engine; one digit is read where two are named. */
function jodaFormat(format: string): string {
  return format.replace(
    /YYYY|YY|MMM|MM|M|DD|D|HH|H|hh|h|mm|m|SSS|ss|s|A|a|[A-Za-z]+/g,
    (token) => TOKENS[token] ?? `'${token}'`,
  );
}

/** What is wrong with a time format, or null. */
export function faultOfTimeFormat(format: string): string | null {
  if (['iso', 'unix_s', 'unix_ms'].includes(format)) return null;
  const hasDay = /YYYY|YY/.test(format) && /M/.test(format) && /D/.test(format);
  return hasDay ? null : 'a time format names year, month and day (YYYY, MM, DD), or is iso, unix_s or unix_ms';
}
