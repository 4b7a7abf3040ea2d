import type { FactTableName } from '../../src/model/table.ts';
import { DAY, millis } from './instants.ts';
import type { EventRow, Facts } from './rows.ts';
import { type Coverage, STREAMS, type World } from './world.ts';

/** The instant of a row by which a table's completeness and connection are judged, null where the row has none. */
export function instantOf(table: FactTableName, row: unknown): number | null {
  const columns = row as Readonly<Record<string, Date | null | undefined>>;
  switch (table) {
    case 'accounts':
      return millis(columns['created'] ?? null);
    case 'users':
    case 'traits':
      return millis(columns['from'] ?? null);
    case 'contracts':
      return millis(columns['known'] ?? columns['starts'] ?? null);
    case 'tickets':
      return millis(columns['opened'] ?? null);
    case 'account_links':
      return millis(columns['at'] ?? null);
    case 'rates':
      return null;
    default:
      return millis(columns['time'] ?? null);
  }
}

/** One source of a table, with the rows that came from it. */
interface CoveredSource extends Coverage {
  readonly rows: readonly unknown[];
}

const firstMidnightFrom = (time: number): number => Math.ceil(time / DAY) * DAY;

const midnightAfter = (time: number): number => (Math.floor(time / DAY) + 1) * DAY;

/**
 * The sources of a table with their coverage: what the model states, else for streams the first midnight at or after
 * the earliest fact and the midnight after the last one; registers cover all time.
 */
export function sourcesOf(world: World, accepted: Facts, table: FactTableName): CoveredSource[] {
  const rows: readonly unknown[] = accepted[table];
  const stated = world.model.sources.filter((source) => source.table === table);
  if (stated.length === 0) return rows.length === 0 ? [] : [covered(table, rows, null, null)];
  return stated.map((source, index) => {
    const own = rows.filter((row) => {
      const name = table === 'events' ? (row as EventRow).source : undefined;
      return name === undefined || !stated.some((other) => other.name === name) ? index === 0 : name === source.name;
    });
    return covered(table, own, source.coversFrom, source.completeThrough);
  });
}

function covered(
  table: FactTableName,
  rows: readonly unknown[],
  coversFrom: Date | null,
  completeThrough: Date | null,
): CoveredSource {
  const instants = rows.map((row) => instantOf(table, row)).filter((instant) => instant !== null);
  if (!STREAMS.includes(table) || instants.length === 0) return { rows, coversFrom, completeThrough };
  return {
    rows,
    coversFrom: coversFrom ?? new Date(firstMidnightFrom(Math.min(...instants))),
    completeThrough: completeThrough ?? new Date(midnightAfter(Math.max(...instants))),
  };
}

/** The earliest of several dates, nulls left out; null of none. */
export function earliest(dates: readonly (Date | null)[]): Date | null {
  const instants = dates.filter((date) => date !== null).map((date) => date.getTime());
  return instants.length === 0 ? null : new Date(Math.min(...instants));
}

/** What a table covers: the earliest `coversFrom` and the earliest `completeThrough` of its sources. */
export function coverageOf(world: World, accepted: Facts, table: FactTableName): Coverage {
  const sources = sourcesOf(world, accepted, table);
  return {
    coversFrom: earliest(sources.map((source) => source.coversFrom)),
    completeThrough: earliest(sources.map((source) => source.completeThrough)),
  };
}
