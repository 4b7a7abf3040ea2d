import { Cron } from 'croner';

const DAY_MS = 86_400_000;

/** Work that the calendar asks for. */
export type Occasion = 'hour' | 'midnight' | 'migration' | 'model' | 'interviews';

/** Most occasions of one kind that are made up for after an absence: those before the last of them tell nothing new. */
const MOST = 60;

/** `most` of an occasion are made up for, and `days` at most are between two of them. When each comes, UTC: the sweep that lets time pass every hour and at midnight, reviews on the first of a month. */
const PATTERNS: readonly {
  readonly occasion: Occasion;
  readonly cron: Cron;
  readonly most: number;
  readonly days: number;
}[] = [
  { occasion: 'midnight', cron: at('0 0 * * *'), most: MOST, days: 1 },
  // Of hours the last alone; midnight is none of them.
  { occasion: 'hour', cron: at('0 1-23 * * *'), most: 1, days: 1 },
  { occasion: 'migration', cron: at('0 0 1 * *'), most: MOST, days: 31 },
  { occasion: 'model', cron: at('0 0 1 1,4,7,10 *'), most: MOST, days: 92 },
  { occasion: 'interviews', cron: at('0 0 1 1 *'), most: MOST, days: 366 },
];

function at(pattern: string): Cron {
  return new Cron(pattern, { timezone: 'UTC', paused: true });
}

/** An occasion and its instant, milliseconds. */
export interface Due {
  readonly occasion: Occasion;
  readonly at: number;
}

/**
 * What fell due in `(since, now]`, in order. Of hours only the last counts, since a sweep is about now; every midnight and
 * every review counts, the latest sixty of each.
 */
export function dueSince(since: number, now: number): readonly Due[] {
  const found = PATTERNS.flatMap(({ occasion, cron, most, days }) => {
    const instants: number[] = [];
    // However long the absence was: what is too old to count is not listed first.
    const from = Math.max(since, now - (most + 1) * days * DAY_MS);
    let next = cron.nextRun(new Date(from));
    while (next !== null && next.getTime() <= now) {
      instants.push(next.getTime());
      next = cron.nextRun(next);
    }
    return instants.slice(-most).map((instant) => ({ occasion, at: instant }));
  });
  return found.sort((a, b) => a.at - b.at);
}
