import { Cron } from 'croner';

/** Work that the calendar asks for. */
export type Occasion = 'hour' | 'midnight' | 'migration' | 'model' | 'interviews';

/** When each occasion comes, UTC: the sweep that lets time pass every hour and at midnight, reviews on the first of a month. */
const PATTERNS: readonly { readonly occasion: Occasion; readonly cron: Cron }[] = [
  { occasion: 'midnight', cron: at('0 0 * * *') },
  { occasion: 'hour', cron: at('0 1-23 * * *') },
  { occasion: 'migration', cron: at('0 0 1 * *') },
  { occasion: 'model', cron: at('0 0 1 1,4,7,10 *') },
  { occasion: 'interviews', cron: at('0 0 1 1 *') },
];

function at(pattern: string): Cron {
  return new Cron(pattern, { timezone: 'UTC', paused: true });
}

/** An occasion and its instant, milliseconds. */
export interface Due {
  readonly occasion: Occasion;
  readonly at: number;
}

/** Most occasions of one kind that are made up for after an absence: those before the last of them tell nothing new. */
const MOST = 60;

/**
 * What fell due in `(since, now]`, in order. Of hours only the last counts, since a sweep is about now; every midnight and
 * every review counts, the latest sixty of each.
 */
export function dueSince(since: number, now: number): readonly Due[] {
  const found = PATTERNS.flatMap(({ occasion, cron }) => {
    const instants: number[] = [];
    let next = cron.nextRun(new Date(since));
    while (next !== null && next.getTime() <= now) {
      instants.push(next.getTime());
      next = cron.nextRun(next);
    }
    return instants.slice(occasion === 'hour' ? -1 : -MOST).map((instant) => ({ occasion, at: instant }));
  });
  return found.sort((a, b) => a.at - b.at);
}
