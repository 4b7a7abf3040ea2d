import { Failure } from '../model/failure.ts';

const EARLIEST = Date.UTC(1990, 0, 1);
const AHEAD_MILLIS = 366 * 86_400_000;

/**
 * A day (00:00 UTC) or an instant of a query, milliseconds; null where none was given. Refuses `bad-as-of` for what is none,
 * or lies where there can be no facts: before 1990, or more than a year from now.
 */
export function readInstant(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const at = isDay ? Date.parse(`${text}T00:00:00Z`) : isInstant ? Date.parse(text) : Number.NaN;
  const isWhole = !isDay || (Number.isFinite(at) && new Date(at).toISOString().startsWith(text));
  if (Number.isFinite(at) && isWhole && at >= EARLIEST && at <= now + AHEAD_MILLIS) return at;
  throw new Failure(
    'bad-as-of',
    `${text.slice(0, 40)} is no day that can be asked about. Write 2026-03-01 or 2026-03-01T12:00:00Z.`,
  );
}
