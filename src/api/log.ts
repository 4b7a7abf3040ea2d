import { type DestinationStream, type Logger, pino } from 'pino';
import { Failure } from '../model/failure.ts';

/** What a service writes: lines of JSON, with an instant, a level, an event and what belongs to it. */
export interface Log {
  readonly info: (event: string, parts: LogParts) => void;
  readonly debug: (event: string, parts: LogParts) => void;
  readonly error: (event: string, parts: LogParts) => void;
}

/** Values that a line may hold: numbers, yes and no, and words of ours. Nothing that anybody sent. */
type LogParts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** A log of a level. The instants are the caller's clock's. */
export function openLog(level: string, destination: DestinationStream, clock: () => number): Log {
  const logger: Logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"at":"${new Date(clock()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'event',
    },
    destination,
  );
  return {
    info: (event, parts) => logger.info(parts, event),
    debug: (event, parts) => logger.debug(parts, event),
    error: (event, parts) => logger.error(parts, event),
  };
}

/** A log that nobody reads. */
export const NO_LOG: Log = { info: () => undefined, debug: () => undefined, error: () => undefined };

const FRAMES = 12;

/**
 * What may be told of an error in a log: its code and where in our code it came from.
 *
 * Why not its message: what an engine refuses it repeats, and that may be an event, an address or a name.
 */
export function tellError(error: unknown): { readonly code: string; readonly frames: readonly string[] } {
  const code = error instanceof Failure ? error.code : error instanceof Error ? `internal-${error.name}` : 'internal';
  const frames: string[] = [];
  for (let each: unknown = error; each instanceof Error && frames.length < FRAMES; each = each.cause) {
    const own = (each.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    frames.push(...own.map((line) => line.trim()).slice(0, FRAMES - frames.length));
  }
  return { code, frames };
}

/** Failures whose words repeat what an engine was asked. */
const REPEATING = /^(?:warehouse|ledger)-(?:query|shape|memory|timeout)$/;

/** An error in words for whoever watches: a failure's own where they repeat nothing that was sent, else its code. */
export function sayError(error: unknown): { readonly code: string; readonly message: string } {
  const { code, frames } = tellError(error);
  if (error instanceof Failure && !REPEATING.test(code)) return { code, message: error.message };
  return {
    code,
    message: `Something failed on our side (${code}${frames[0] === undefined ? '' : ` ${frames[0]}`}). It is tried again; the log has more.`,
  };
}
