import { setTimeout as sleep } from 'node:timers/promises';
import type { Engines } from '../pipeline/engines.ts';
import { lastArrivals } from '../pipeline/last-arrivals.ts';
import type { LiveEvents, LiveState } from '../pipeline/live-options.ts';
import { readStanding, type Standing } from '../pipeline/standing.ts';
import { kept } from './kept.ts';
import { type Log, tellError } from './log.ts';
import { Metrics } from './metrics.ts';

const STANDING_KEPT_MILLIS = 1_000;
const ARRIVALS_KEPT_MILLIS = 60_000;

/** What is watched, and where it is told. */
export interface WatchingOptions extends LiveEvents {
  readonly engines: Engines;
  readonly clock: () => number;
  readonly log: Log;
  /** Folder in which the embedded engines write; null: they are servers. */
  readonly folder: string | null;
  readonly state: () => LiveState;
  /** Rows that wait to be written. */
  readonly waiting: () => number;
  readonly onFailure: (error: unknown) => void;
}

/** A service under watch: its metrics, how its engines stand, and what its parts tell. */
export interface Watching {
  readonly metrics: Metrics;
  readonly standing: () => Promise<Standing>;
  readonly onFailure: (error: unknown) => void;
  readonly onSettled: NonNullable<LiveEvents['onSettled']>;
  readonly onRefreshed: NonNullable<LiveEvents['onRefreshed']>;
}

/** Counts and logs what the parts of a service tell, and tells it on. */
export function watch(options: WatchingOptions): Watching {
  const { engines, clock, log, folder, state, waiting } = options;
  const standing = kept(STANDING_KEPT_MILLIS, clock, () =>
    readStanding(engines, folder, (milliseconds) => sleep(milliseconds, undefined, { ref: false })),
  );
  const arrivals = kept(ARRIVALS_KEPT_MILLIS, clock, () => lastArrivals(engines));
  const metrics = new Metrics({ clock, state, waiting, standing, arrivals });
  return {
    metrics,
    standing,
    onFailure: (error) => {
      const told = tellError(error);
      metrics.failed(told.code);
      log.error('failure', told);
      options.onFailure(error);
    },
    onSettled: (settlement) => {
      metrics.settled(settlement);
      options.onSettled?.(settlement);
    },
    onRefreshed: (refreshed) => {
      const { kind, accounts, moves, held, ms } = refreshed;
      metrics.refreshed(moves, held.length);
      const told = { accounts, moves: moves.length, held: held.length, ms };
      if (kind === 'sweep' || moves.length > 0) log.info(kind, told);
      else log.debug(kind, told);
      options.onRefreshed?.(refreshed);
    },
  };
}
