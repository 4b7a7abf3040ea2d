import { clusteredBootstrap } from '../stats/bootstrap.ts';
import { cumulativeIncidence, incidenceAt } from '../stats/cumulative_incidence.ts';
import { accountsAmong, firstOfEach, type Stretch } from './stretch.ts';

type Pair = readonly [number, number];

/** A share over landmarks of which accounts have several, with its interval. */
export interface Pooled {
  readonly estimate: number | null;
  readonly interval: Pair | null;
  /** Accounts, and those that had the event. */
  readonly accounts: number;
  readonly events: number;
}

/** How a pooled figure is resampled. */
export interface PooledOptions {
  readonly seed: number;
  readonly resamples?: number;
}

const LEAST_EVENTS = 5;

/**
 * What share has had the event by the horizon, over all landmarks of all accounts?
 *
 * Aalen-Johansen over stretches (Kaplan-Meier where nothing competes), by whole days; interval by drawing whole accounts.
 * With fewer than 5 accounts that had it the drawing says too little, and the interval is that of each account's first
 * landmark alone. Null past the last follow-up.
 *
 * Why all landmarks and not one an account: a year of landmarks uses every month of an account's life, and which one
 * would be kept decides what is found.
 */
export function pooledIncidence(stretches: readonly Stretch[], horizonDays: number, options: PooledOptions): Pooled {
  const counts = { accounts: accountsAmong(stretches), events: accountsAmong(stretches, true) };
  const size = Math.ceil(horizonDays);
  const day = Int32Array.from(stretches, ({ days }) => Math.ceil(days));
  if (!day.some((last) => last >= size)) return { estimate: null, interval: null, ...counts };
  const cause = Uint8Array.from(stretches, (stretch) => stretch.cause);
  const statistic = (rows: Int32Array): number => incidenceBy(rows, day, cause, size);
  const estimate = statistic(Int32Array.from(stretches, (_, row) => row));
  if (counts.events < LEAST_EVENTS) return { estimate, interval: singleInterval(stretches, size, estimate), ...counts };
  const clusters = stretches.map(({ cluster }) => cluster);
  const drawn = clusteredBootstrap({ clusters, statistic, ...options });
  return {
    estimate,
    interval: drawn.kind === 'refused' ? null : (drawn.bcaInterval ?? drawn.percentileInterval),
    ...counts,
  };
}

/** A sum over a sum, of landmarks of which accounts have several; null where the lower sum is 0. */
export function pooledRatio(
  rows: readonly { readonly cluster: number; readonly over: number; readonly under: number }[],
  options: PooledOptions,
): { readonly estimate: number | null; readonly interval: Pair | null } {
  const over = Float64Array.from(rows, (row) => row.over);
  const under = Float64Array.from(rows, (row) => row.under);
  const statistic = (drawn: Int32Array): number | null => {
    let [high, low] = [0, 0];
    for (const row of drawn) {
      high += over[row] as number;
      low += under[row] as number;
    }
    return low > 0 ? high / low : null;
  };
  const estimate = statistic(Int32Array.from(rows, (_, row) => row));
  const clusters = rows.map(({ cluster }) => cluster);
  const drawn = clusteredBootstrap({ clusters, statistic, ...options });
  if (drawn.kind === 'refused') return { estimate, interval: null };
  return { estimate, interval: drawn.bcaInterval ?? drawn.percentileInterval };
}

/** Cumulative incidence of cause 1 by a whole day, over rows told by their numbers: end of the watch by day, and its cause. */
export function incidenceBy(rows: ArrayLike<number>, day: Int32Array, cause: Uint8Array, size: number): number {
  const ends = new Int32Array(size + 1);
  const own = new Int32Array(size + 1);
  const other = new Int32Array(size + 1);
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] as number;
    const at = Math.min(size, day[row] as number);
    ends[at] = (ends[at] as number) + 1;
    if (cause[row] === 1) own[at] = (own[at] as number) + 1;
    else if (cause[row] === 2) other[at] = (other[at] as number) + 1;
  }
  let atRisk = rows.length;
  let free = 1;
  let share = 0;
  for (let at = 0; at <= size && atRisk > 0; at += 1) {
    const mine = own[at] as number;
    share += (free * mine) / atRisk;
    free *= 1 - (mine + (other[at] as number)) / atRisk;
    atRisk -= ends[at] as number;
  }
  return share;
}

function singleInterval(stretches: readonly Stretch[], horizonDays: number, estimate: number): Pair | null {
  const first = firstOfEach(stretches);
  const rows = { time: first.map(({ days }) => Math.ceil(days)), cause: first.map(({ cause }) => cause) };
  const at = incidenceAt(cumulativeIncidence(rows, 1), horizonDays);
  return at === null ? null : [Math.min(at.interval[0], estimate), Math.max(at.interval[1], estimate)];
}
