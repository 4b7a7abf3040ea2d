import { DAY_MS } from './history.ts';
import type { Outcome } from './outcome.ts';
import type { Panel, PanelRow } from './panel.ts';

/** A customer at a landmark, with what happened after it. */
export type CustomerRow = PanelRow & { readonly outcome: Outcome };

/**
 * Where calendar analyses look: the customers, the time they cover, and the day that parts earlier from later.
 *
 * Where nobody is watched yet there is no such day: everything is earlier than it (infinite).
 */
export interface Calendar {
  readonly rows: readonly CustomerRow[];
  readonly firstMs: number;
  /** The last instant of which anything is known. */
  readonly followedMs: number;
  /** Outcomes before it are fitted, outcomes from it on are tested. */
  readonly splitMs: number;
  /** Begin of the last quarter of the time, in which a sign must be the same. */
  readonly laterMs: number;
  /** Customers outside the ICP, by row: not looked at. */
  readonly outsideIcp: number;
}

/** Follow-up of rows between two instants, for a survival analysis; days are counted from the landmark. */
export interface Watched {
  readonly rows: readonly CustomerRow[];
  readonly time: Float64Array;
  readonly event: Uint8Array;
  readonly entry: Float64Array;
  /** Different churns among the events: one churn is the event of several landmarks. */
  readonly churns: number;
}

const SPLIT_SHARE = 0.6;
const LATER_SHARE = 0.75;

/** Rows of customers that are not known to be outside the ICP: the population of calendar analyses. */
export function atRisk(panel: Panel): readonly CustomerRow[] {
  return panel.rows.filter((row): row is CustomerRow => row.outcome !== null && row.isEligible !== false);
}

/** The customers of a panel and its time; the split is three fifths of the way unless it is named. */
export function calendarOf(panel: Panel, splitMs: number | null = null): Calendar {
  const rows = atRisk(panel);
  const firstMs = rows.reduce((least, row) => Math.min(least, row.landmarkMs), Number.POSITIVE_INFINITY);
  const followedMs = rows.reduce((most, row) => Math.max(most, endOf(row)), Number.NEGATIVE_INFINITY);
  const nobody = rows.length === 0;
  const at = (share: number): number =>
    nobody ? Number.POSITIVE_INFINITY : Math.round((firstMs + share * (followedMs - firstMs)) / DAY_MS) * DAY_MS;
  return {
    rows,
    firstMs,
    followedMs,
    splitMs: splitMs ?? at(SPLIT_SHARE),
    laterMs: at(LATER_SHARE),
    outsideIcp: panel.rows.filter((row) => row.outcome !== null && row.isEligible === false).length,
  };
}

/** The instant at which an account churned or was last watched. */
export function endOf({ landmarkMs, outcome }: CustomerRow): number {
  return landmarkMs + outcome.days * DAY_MS;
}

/** What is seen of rows from `fromMs` on, before `untilMs` and within the horizon; rows of which nothing is are left out. */
export function watch(
  rows: readonly CustomerRow[],
  { fromMs, untilMs, horizonDays }: { readonly fromMs: number; readonly untilMs: number; readonly horizonDays: number },
): Watched {
  const seen: CustomerRow[] = [];
  const times: number[] = [];
  const events: number[] = [];
  const entries: number[] = [];
  const churns = new Set<string>();
  for (const row of rows) {
    const entry = Math.max(0, (fromMs - row.landmarkMs) / DAY_MS);
    const last = Math.min(horizonDays, (untilMs - row.landmarkMs) / DAY_MS);
    const time = Math.min(row.outcome.days, last);
    if (!(time > entry)) continue;
    const isChurned = row.outcome.isChurned && row.outcome.days <= last;
    seen.push(row);
    times.push(time);
    events.push(isChurned ? 1 : 0);
    entries.push(entry);
    if (isChurned) churns.add(churnKey(row));
  }
  return {
    rows: seen,
    time: Float64Array.from(times),
    event: Uint8Array.from(events),
    entry: Float64Array.from(entries),
    churns: churns.size,
  };
}

/** One name for one churn, whichever landmark it is seen from. */
function churnKey(row: CustomerRow): string {
  return `${row.accountId} ${Math.round(endOf(row) / DAY_MS)}`;
}

/** Rows of the first landmark in each stretch of so many days: one landmark per account and quarter. */
export function onePerQuarter(rows: readonly CustomerRow[], firstMs: number, quarterDays = 91): readonly CustomerRow[] {
  const chosen = new Map<number, number>();
  const landmarks = [...new Set(rows.map(({ landmarkMs }) => landmarkMs))].sort((a, b) => a - b);
  for (const landmarkMs of landmarks) {
    const quarter = Math.floor((landmarkMs - firstMs) / (quarterDays * DAY_MS));
    if (!chosen.has(quarter)) chosen.set(quarter, landmarkMs);
  }
  const kept = new Set(chosen.values());
  return rows.filter(({ landmarkMs }) => kept.has(landmarkMs));
}

/** Whole numbers from 0 for keys, as clustered and stratified tests take them. */
export function labels(keys: readonly (string | number)[]): Int32Array {
  const known = new Map<string | number, number>();
  return Int32Array.from(keys, (key) => {
    const label = known.get(key) ?? known.size;
    known.set(key, label);
    return label;
  });
}

/** The share of rows whose term ends within the horizon; null without rows. A horizon without renewals sees little. */
export function renewalShareOf(rows: readonly CustomerRow[], horizonDays: number): number | null {
  if (rows.length === 0) return null;
  const within = rows.filter(({ outcome }) => outcome.termDays !== null && outcome.termDays <= horizonDays);
  return within.length / rows.length;
}
