import { Failure } from '../model/failure.ts';

const DAY_MS = 86_400_000;
/** How far the clocks of two processes may be apart. */
const AHEAD_MILLIS = 60_000;

/**
 * As of when to compute, in milliseconds: now, after the latest fact, and never before what was computed already. A clock that
 * jumps back waits until it has caught up. A fact may bear this very millisecond, or the clock of a process that is a little
 * ahead. Refuses with `clock-jumped` where the clock stands more than a day before what was computed.
 */
export function instantAfter(clock: number, latest: number, computed: number): number {
  const isAhead = latest >= clock && latest - clock < AHEAD_MILLIS;
  const now = isAhead ? latest + 1 : clock;
  if (now > computed) return now;
  if (computed - now > DAY_MS) {
    throw new Failure(
      'clock-jumped',
      `The clock says ${new Date(now).toISOString()}, and accounts were computed as of ${new Date(computed).toISOString()} already. Set the clock right; computing goes on from there.`,
    );
  }
  return computed + 1;
}
