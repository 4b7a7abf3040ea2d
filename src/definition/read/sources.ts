import { factTable, TRACKING_SOURCE } from '../../model/tables.ts';
import { didYouMean } from '../../rule/nearest.ts';
import type { Path } from '../document.ts';
import type { Source } from '../model.ts';
import type { Reader } from '../reader.ts';
import type { RawModel } from '../schema.ts';

type RawSource = NonNullable<RawModel['sources']>[number];

/** The sources in their order; names default to the table's, numbered where one is not enough. */
export function readSources(raw: RawModel['sources'], reader: Reader): readonly Source[] {
  const names = new Set<string>();
  return (raw ?? []).map((source, index) => {
    const path: Path = ['sources', index];
    const name = source.name ?? freeName(source.table, names);
    if (name === TRACKING_SOURCE) {
      const advice = 'Give the source another name.';
      reader.report([...path, 'name'], 'name-taken', `\`${name}\` is what arrives by the tracking API`, advice);
    }
    if (source.name != null && names.has(name)) {
      reader.report([...path, 'name'], 'duplicate-name', `another source is already called \`${name}\``);
    }
    names.add(name);
    checkColumns(source, path, reader);
    const isContinued = source.complete_through === TRACKING_SOURCE;
    return {
      name,
      table: source.table,
      path: source.path,
      format: source.format ?? null,
      delimiter: source.delimiter ?? null,
      columns: Object.fromEntries(Object.entries(source.columns ?? {}).map(([column, from]) => [column, String(from)])),
      timeFormat: source.time_format ?? null,
      timezone: readZone(source.timezone, [...path, 'timezone'], reader),
      where: source.where ?? null,
      endsInclusive: source.ends_inclusive ?? false,
      coversFrom: readInstant(source.covers_from, [...path, 'covers_from'], reader),
      completeThrough: isContinued ? null : readInstant(source.complete_through, [...path, 'complete_through'], reader),
      isContinued,
      place: reader.place(path),
    };
  });
}

function freeName(table: string, taken: ReadonlySet<string>): string {
  let name = table;
  for (let number = 2; taken.has(name); number += 1) name = `${table}_${number}`;
  return name;
}

function checkColumns(source: RawSource, path: Path, reader: Reader): void {
  const table = factTable(source.table);
  const known = table.columns.map((column) => column.name);
  const maps = table.columns.filter((column) => column.type === 'map').map((column) => column.name);
  for (const column of Object.keys(source.columns ?? {})) {
    const isInMap = maps.some((map) => column.startsWith(`${map}.`));
    if (known.includes(column) || isInMap) continue;
    const further =
      maps[0] === undefined ? undefined : `Further values go into \`${maps[0]}\`: \`${maps[0]}.${column}\`.`;
    const advice = didYouMean(column, known) ?? further;
    reader.report(
      [...path, 'columns', column],
      'unknown-column',
      `${source.table} has no column \`${column}\``,
      advice,
    );
  }
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

function readInstant(text: string | null | undefined, path: Path, reader: Reader): Date | null {
  if (text == null) return null;
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
  const date = new Date(text.length > 10 && !hasZone ? `${text.replace(' ', 'T')}Z` : text);
  if (INSTANT.test(text) && !Number.isNaN(date.getTime())) return date;
  reader.report(path, 'wrong-shape', `\`${text}\` is no day or instant`, 'Write 2026-03-01 or 2026-03-01T12:00:00Z.');
  return null;
}

/** An IANA zone that this machine knows; UTC where none is given. */
export function readZone(zone: string | null | undefined, path: Path, reader: Reader): string {
  if (zone == null) return 'UTC';
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone === '' ? 'UTC' : zone;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    reader.report(path, 'wrong-shape', `\`${zone}\` is no time zone`, 'Write an IANA name, such as Europe/Berlin.');
    return 'UTC';
  }
}
