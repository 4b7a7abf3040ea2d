import type { Model } from '../definition/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { readsProperties } from './area.ts';
import { INTEGRATION_DAYS } from './integration.ts';
import { DAY_MS, extent, milliseconds, type Plan, quoteList, scratch } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch } from './scratch.ts';

/** What reads properties of events: their names, and how many days back; null: all history. */
interface Reader {
  readonly events: readonly string[];
  readonly days: number | null;
}

/**
 * Where a plan measures some accounts, builds `events`: theirs, attributed and without those left out, once for all that
 * reads them.
 *
 * Why not for all accounts: they would not fit into memory.
 */
export async function buildEvents(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  if (!isListed(plan, resolution)) return;
  const before = `${milliseconds('time')} < ${extent(plan).to}`;
  await buildScratch(warehouse, plan, 'events', listedSql(plan, resolution, ['time'], before), 'reading');
}

/**
 * Beside `events`, builds `read_events`: those whose properties somebody reads, with these, as far back as it looks.
 *
 * Why apart: properties are most of what an event takes, and the rows of a few accounts lie among those of all others.
 */
export async function buildReadEvents(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  if (!isListed(plan, resolution)) return;
  const { from, to } = extent(plan);
  const readers = readersOf(plan.model);
  const days = readers.map((reader) => reader.days ?? Number.POSITIVE_INFINITY);
  const start = from - Math.max(0, ...days) * DAY_MS;
  const names = readsProperties(plan.model) ? null : [...new Set(readers.flatMap(({ events }) => events))];
  const isRead = [
    `${milliseconds('time')} < ${to}`,
    ...(Number.isFinite(start) ? [`${milliseconds('time')} >= ${start}`] : []),
    ...(names === null ? [] : [`event IN ${quoteList(names)}`]),
  ].join(' AND ');
  const sql = listedSql(plan, resolution, ['time', 'properties', 'session_id'], isRead);
  await buildScratch(warehouse, plan, 'read_events', sql, 'reading');
}

/** Where one account alone has more events than fit into memory, they are read where they lie. */
function isListed({ slice }: Plan, { touched }: Resolution): boolean {
  return touched !== null && slice?.hasRoom !== false;
}

function listedSql(plan: Plan, resolution: Resolution, extra: readonly string[], where: string): string {
  return `SELECT account_id, user_id, event, ${extra.join(', ')} FROM (${resolvedEvents(plan, resolution, extra, where)})`;
}

/** The resolution for whoever reads events once they are built. */
export function withEvents(plan: Plan, resolution: Resolution): Resolution {
  const { touched } = resolution;
  if (touched === null || !isListed(plan, resolution)) return resolution;
  const events = { all: scratch(plan, 'events'), read: scratch(plan, 'read_events') };
  return { ...resolution, touched: { ...touched, events } };
}

/**
 * Areas, integrations, milestones and own signals that read properties. An area's are read beside all other events, and
 * a milestone's beside those of the other milestones.
 */
function readersOf({ taxonomy, activation, signals }: Model): readonly Reader[] {
  const areas = taxonomy.features;
  const { milestones } = activation;
  const eventsOf = (names: readonly string[]) =>
    names.flatMap((name) => areas.find((area) => area.name === name)?.events ?? [name]);
  return [
    ...areas.filter(({ where }) => where !== null).map(({ events }) => ({ events, days: null })),
    ...areas.filter(({ isIntegration }) => isIntegration).map(({ events }) => ({ events, days: INTEGRATION_DAYS })),
    ...(milestones.some(({ where }) => where !== null)
      ? [{ events: milestones.flatMap(({ event }) => event ?? []), days: null }]
      : []),
    ...signals
      .filter(({ property, where }) => property !== null || where !== null)
      .map((signal) => ({ events: eventsOf(signal.of), days: signal.windowDays })),
  ];
}
