/** Milliseconds of 24 hours. */
export const DAY = 86_400_000;

/** Milliseconds of a minute. */
export const MINUTE = 60_000;

/** Milliseconds since 1970 of a date, null for none. */
export function millis(date: Date): number;
export function millis(date: Date | null): number | null;
export function millis(date: Date | null): number | null {
  return date === null ? null : date.getTime();
}

/** Completed 24-hour periods from `since` to `at`. */
export function wholeDays(since: number, at: number): number {
  return Math.floor((at - since) / DAY);
}

/** Whether `time` lies in `[at - from x 24 h, at - to x 24 h)`. */
export function inWindow(time: number, at: number, from: number, to = 0): boolean {
  return time >= at - from * DAY && time < at - to * DAY;
}

/** The k with `time` in `[at - (k + 1) x 24 h, at - k x 24 h)`. */
export function dayBefore(time: number, at: number): number {
  return Math.ceil((at - time) / DAY) - 1;
}

/** The last Monday 00:00 at or before `at`. */
export function mondayOf(at: number): number {
  let day = Math.floor(at / DAY) * DAY;
  while (new Date(day).getUTCDay() !== 1) day -= DAY;
  return day;
}

/** Days between two instants, rounded to 2 decimals, halves up. */
export function daysTo2Decimals(from: number, to: number): number {
  return Math.round(((to - from) * 100) / DAY) / 100;
}
