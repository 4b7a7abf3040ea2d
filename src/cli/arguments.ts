import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import type { Options } from './command.ts';

const DAY_MILLIS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const MOST_DAYS = 3_700;

/** A day (its 00:00 UTC) or a full instant with its offset, in milliseconds. */
export const instantText = z.string().transform((text, context) => {
  const isDay = DAY.test(text);
  const millis = isDay || INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  const isReal = !Number.isNaN(millis) && (!isDay || new Date(millis).toISOString().startsWith(text));
  if (isReal) return millis;
  context.addIssue({
    code: 'custom',
    message: `must be a day such as 2026-03-01 or an instant such as 2026-03-01T12:00:00Z, not ${text}`,
  });
  return z.NEVER;
});

/** A day such as `2026-03-01`, as it is written. */
export const dayText = z.string().transform((text, context) => {
  if (DAY.test(text) && instantText.safeParse(text).success) return text;
  context.addIssue({ code: 'custom', message: `must be a day such as 2026-03-01, not ${text}` });
  return z.NEVER;
});

/** `FROM..TO`, both days or instants, both included. */
export const spanText = z.string().transform((text, context) => {
  const ends = text.split('..').map((end) => instantText.safeParse(end));
  const [from, to] = ends.map((end) => (end.success ? end.data : null));
  if (ends.length === 2 && from != null && to != null && from <= to) return { from, to };
  context.addIssue({ code: 'custom', message: `must be FROM..TO such as 2026-01-05..2026-03-30, not ${text}` });
  return z.NEVER;
});

/** A number of days such as `7d`, in milliseconds. */
export const daysText = z.string().transform((text, context) => {
  const days = /^([1-9]\d*)d?$/.exec(text)?.[1];
  if (days !== undefined && Number(days) <= MOST_DAYS) return Number(days) * DAY_MILLIS;
  context.addIssue({ code: 'custom', message: `must be a number of days such as 7d, not ${text}` });
  return z.NEVER;
});

/** A whole number of at least 1. */
export const countText = z.string().transform((text, context) => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  context.addIssue({ code: 'custom', message: `must be a whole number of at least 1, not ${text}` });
  return z.NEVER;
});

/** The options of a command line against their schema; every fault is told at once, in the words of the command line. */
export function readOptions<T>(options: Options, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${flagOf(path[0])} ${message}`);
  throw new Failure('bad-arguments', `${faults.join('\n')}\nSee --help.`);
}

function flagOf(name: PropertyKey | undefined): string {
  return `--${String(name ?? '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
