/** Milliseconds of an hour. */
export const HOUR = 3_600_000;

/** Milliseconds of a day of 24 hours; all days are UTC. */
export const DAY = 24 * HOUR;

/** A stretch of time, `[from, to)`, in epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Midnight at the start of a day written `YYYY-MM-DD`, in epoch milliseconds; throws where it is no day. */
export function midnightOf(day: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new Error(`${day} is no day; write it as 2026-03-31`);
  return at;
}

/** Midnight at the start of the day of that instant. */
export function startOfDay(at: number): number {
  return Math.floor(at / DAY) * DAY;
}

/** The day of an instant as `YYYY-MM-DD`. */
export function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The same day of the month, that many months later; the month's last day where it has no such day. */
export function addMonths(day: number, months: number): number {
  const date = new Date(day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay));
}

/** Whether an instant lies in the span. */
export function isWithin(span: Span, at: number): boolean {
  return at >= span.from && at < span.to;
}

const WEEKDAY_SHARE = 0.18;
const WEEKEND_SHARE = 0.05;

/** Share of a week's active days that fall on the day that begins at that midnight: five weekdays and a weekend add up to 1. */
export function shareOfWeek(midnight: number): number {
  // 1970-01-01 was a Thursday; 2 and 3 days after it begin the weekend.
  const weekday = (((midnight / DAY) % 7) + 7) % 7;
  return weekday === 2 || weekday === 3 ? WEEKEND_SHARE : WEEKDAY_SHARE;
}
