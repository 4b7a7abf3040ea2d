import { dayText } from './format.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY_MILLIS = 86_400_000;

/** A day as people write it, `21 Nov 2026` or `2026-11-21`, as ISO text; null: it is no day. */
export function readDay(text: string): string | null {
  const written = text.trim().toLowerCase();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(written);
  if (iso !== null) return dayOf(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
  const words = /^(\d{1,2})[\s.]+([a-z]{3})[a-z]*\.?[\s,]+(\d{4})$/.exec(written);
  if (words === null) return null;
  return dayOf(Number(words[3]), MONTHS.indexOf(words[2] ?? ''), Number(words[1]));
}

function dayOf(year: number, month: number, day: number): string | null {
  const at = new Date(Date.UTC(year, month, day));
  const isReal = month >= 0 && at.getUTCFullYear() === year && at.getUTCMonth() === month && at.getUTCDate() === day;
  return isReal ? at.toISOString().slice(0, 10) : null;
}

/** The day so many days after another, both ISO text. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MILLIS).toISOString().slice(0, 10);
}

/** What is wrong with a day that somebody wrote, and what to do; null: nothing. */
export function dayFault(text: string, latest: string | undefined): string | null {
  if (text.trim() === '') return null;
  const day = readDay(text);
  if (day === null) return 'Write a day as 21 Nov 2026.';
  return latest !== undefined && day > latest ? `${dayText(latest)} is the last day there is.` : null;
}
