import { z } from 'zod';
import type { FeatureArea, Model } from '../definition/model.ts';
import { whole } from '../warehouse/values.ts';
import type { Engines } from './engines.ts';
import { plannedEvents } from './planned-events.ts';

const DAY_MS = 86_400_000;
/** Days over which events are counted. */
const TAXONOMY_DAYS = 30;

/** How often an event came in the last days. */
interface EventCount {
  readonly event: string;
  readonly events: number;
  readonly users: number;
  readonly accounts: number;
  /** ISO text; null: it did not come. */
  readonly last: string | null;
}

/** What the model says of events, and how often each came. */
export interface TaxonomyUse {
  readonly days: number;
  readonly areas: readonly {
    readonly name: string;
    /** What kind of part it is, in words of the model: `core`, `advanced`, `entry`, `help`, `integration`. */
    readonly marks: readonly string[];
    readonly events: readonly EventCount[];
  }[];
  /** Activity, and never a milestone. */
  readonly proxies: readonly EventCount[];
  /** Counted for nothing. */
  readonly ignored: readonly EventCount[];
  /** Named by activation, a workflow or a signal, and in no area. */
  readonly elsewhere: readonly EventCount[];
  /** Named by nothing in the model, the most frequent first. */
  readonly unplanned: readonly EventCount[];
  /** Share of all events that the model names; null: none came. */
  readonly plannedShare: number | null;
}

const countSchema = z.object({ event: z.string(), events: whole, users: whole, accounts: whole, last: z.string() });

/** Events of the last 30 days by what the model makes of them; an event of two areas stands in both. */
export async function taxonomyUse(
  { warehouse, model }: Pick<Engines, 'warehouse' | 'model'>,
  now: number,
): Promise<TaxonomyUse> {
  const rows = await warehouse.rows(
    `SELECT toString(event) AS event, count() AS events, uniqExact(user_id) AS users, uniqExactIf(account_id, account_id != '') AS accounts,
       concat(replaceOne(toString(max(time)), ' ', 'T'), 'Z') AS last
     FROM ${warehouse.database}.events WHERE time >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') GROUP BY event ORDER BY events DESC, event`,
    countSchema,
    { parameters: { since: now - TAXONOMY_DAYS * DAY_MS } },
  );
  return sortEvents(model.taxonomy, plannedEvents(model), rows);
}

/** The same of counts that are at hand. Pure. */
function sortEvents(
  { features, proxies, ignore }: Model['taxonomy'],
  planned: ReadonlySet<string>,
  rows: readonly EventCount[],
): TaxonomyUse {
  const counts = new Map(rows.map((row) => [row.event, row]));
  const of = (names: readonly string[]): readonly EventCount[] =>
    names.map((event) => counts.get(event) ?? { event, events: 0, users: 0, accounts: 0, last: null });
  const inPlace = new Set([...features.flatMap(({ events }) => events), ...proxies, ...ignore]);
  const unplanned = rows.filter(({ event }) => !planned.has(event));
  const sum = (list: readonly EventCount[]): number => list.reduce((total, { events }) => total + events, 0);
  const all = sum(rows);
  return {
    days: TAXONOMY_DAYS,
    areas: features.map((area) => ({ name: area.name, marks: marksOf(area), events: of(area.events) })),
    proxies: of(proxies),
    ignored: of(ignore),
    elsewhere: of([...planned].filter((event) => !inPlace.has(event))),
    unplanned,
    plannedShare: all === 0 ? null : (all - sum(unplanned)) / all,
  };
}

const MARKS = ['isCore', 'isAdvanced', 'isEntry', 'isHelp', 'isIntegration'] as const;

function marksOf(area: FeatureArea): readonly string[] {
  return MARKS.filter((mark) => area[mark]).map((mark) => mark.slice(2).toLowerCase());
}
