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

/**
 * A track with its short gaps closed: what is silent or unknown for less than `gapDays` between two firings is no end.
 *
 * Why: at a threshold chance alone makes a rule flicker, and the model lets nobody out of At-Risk for so short a silence;
 * unknown is not false. A longer gap ends a firing, also where it is unknown: nobody saw it go on. 0 closes none.
 */
export function closeGaps({ rows, fires }: Track, gapDays: number): Track {
  const closed = [...fires];
  let last = -1;
  for (const [place, isFiring] of fires.entries()) {
    if (!isFiring) continue;
    const [from, to] = [rows[last + 1], rows[place - 1]];
    const isGap = last >= 0 && place - last > 1 && from !== undefined && to !== undefined;
    if (isGap && to.landmarkMs - from.landmarkMs < gapDays * DAY_MS) closed.fill(true, last + 1, place);
    last = place;
  }
  return { rows, fires: closed };
}

const BACK_DAYS = 365;
const REACHES_DAYS = 30;
const SILENT_DAYS = 180;

/**
 * The last unbroken firing that reaches within 30 days of an end, in the year before it; null where none does.
 *
 * Weekly grid: a firing is unbroken where every landmark in it fires (or lies in a gap that was closed), so it began up to
 * a week before its first landmark.
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
