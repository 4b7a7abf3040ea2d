import type { CustomerRow } from './calendar.ts';
import { DAY_MS } from './history.ts';

/** The last unbroken firing before an end: how many days before it began. */
export interface Firing {
  readonly startMs: number;
  readonly leadDays: number;
  /** It fired at the first landmark that was looked at: it began then or earlier. */
  readonly isAtLeast: boolean;
}

/** Rows of one account in order of time, and whether an indicator fires at each. */
export interface Track {
  readonly rows: readonly CustomerRow[];
  readonly fires: readonly boolean[];
}

const BACK_DAYS = 365;
const REACHES_DAYS = 30;
const SILENT_DAYS = 180;

/**
 * The last unbroken firing that reaches within 30 days of an end, in the year before it; null where none does.
 *
 * Weekly grid: a firing is unbroken where every landmark in it fires, so it began up to a week before its first landmark.
 * Unknown is no firing.
 */
export function lastFiring({ rows, fires }: Track, endMs: number): Firing | null {
  const from = endMs - BACK_DAYS * DAY_MS;
  let last = rows.length - 1;
  while (last >= 0 && ((rows[last]?.landmarkMs ?? 0) >= endMs || fires[last] !== true)) last -= 1;
  const lastMs = rows[last]?.landmarkMs;
  if (lastMs === undefined || lastMs < endMs - REACHES_DAYS * DAY_MS) return null;
  let first = last;
  while (first > 0 && fires[first - 1] === true && (rows[first - 1]?.landmarkMs ?? 0) >= from) first -= 1;
  const startMs = rows[first]?.landmarkMs ?? lastMs;
  const isAtLeast = first === 0 || (fires[first - 1] === true && (rows[first - 1]?.landmarkMs ?? 0) < from);
  return { startMs, leadDays: (endMs - startMs) / DAY_MS, isAtLeast };
}

/** Whether it fired within half a year before an end and was silent in the last 30 days: a warning that was taken back. */
export function hasFallenSilent({ rows, fires }: Track, endMs: number): boolean {
  const isIn = (atMs: number): boolean => atMs < endMs - REACHES_DAYS * DAY_MS && atMs >= endMs - SILENT_DAYS * DAY_MS;
  return (
    lastFiring({ rows, fires }, endMs) === null && rows.some((row, at) => fires[at] === true && isIn(row.landmarkMs))
  );
}

/** Instants at which an indicator began to fire: an alert each. */
export function alertsOf({ rows, fires }: Track): readonly number[] {
  return rows.flatMap(({ landmarkMs }, place) =>
    fires[place] === true && fires[place - 1] !== true ? [landmarkMs] : [],
  );
}
