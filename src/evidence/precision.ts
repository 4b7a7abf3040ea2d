import { clusteredBootstrap } from '../stats/bootstrap.ts';
import { wilsonInterval } from '../stats/proportion.ts';
import type { Calendar, CustomerRow } from './calendar.ts';
import type { Track } from './firing.ts';
import { DAY_MS } from './history.ts';
import type { Indicator } from './indicator.ts';

/** A share of account-quarters, with what it was counted from. */
export interface Alarm {
  readonly share: number;
  readonly interval: readonly [number, number] | null;
  readonly n: number;
}

interface AccountQuarter {
  readonly cluster: number;
  readonly isAlerted: boolean;
  readonly isChurned: boolean;
}

const QUARTER_DAYS = 91;

/**
 * Of the quarters in which an account was alerted, how many end in a churn within the horizon (precision), and of those
 * that do, how many were alerted (recall).
 *
 * Unit: account and quarter of 91 days, from its first landmark as a customer that is asked; quarters of which the horizon
 * is not over, and accounts that were merged, are left out. Intervals: Wilson's where no account comes twice, else
 * percentiles of a bootstrap of whole accounts.
 */
export function alarmOf(
  tracks: readonly Track[],
  { asks }: Indicator,
  calendar: Calendar,
  options: { readonly horizonDays: number; readonly resamples: number; readonly seed: number },
): { readonly precision: Alarm | null; readonly recall: Alarm | null; readonly baseRate: number | null } {
  const quarters = tracks.flatMap((track) => quartersOf(track, asks, calendar, options.horizonDays));
  const churned = quarters.filter(({ isChurned }) => isChurned).length;
  return {
    precision: shareAmong(
      quarters,
      ({ isAlerted }) => isAlerted,
      ({ isChurned }) => isChurned,
      options,
    ),
    recall: shareAmong(
      quarters,
      ({ isChurned }) => isChurned,
      ({ isAlerted }) => isAlerted,
      options,
    ),
    baseRate: quarters.length === 0 ? null : churned / quarters.length,
  };
}

function quartersOf(
  { rows, fires }: Track,
  asks: Indicator['asks'],
  { firstMs, followedMs }: Calendar,
  horizonDays: number,
): readonly AccountQuarter[] {
  const quarters = new Map<number, { first: CustomerRow; isAlerted: boolean }>();
  for (const [place, row] of rows.entries()) {
    if (!asks(row)) continue;
    const quarter = Math.floor((row.landmarkMs - firstMs) / (QUARTER_DAYS * DAY_MS));
    const known = quarters.get(quarter);
    if (known === undefined) quarters.set(quarter, { first: row, isAlerted: fires[place] === true });
    else known.isAlerted ||= fires[place] === true;
  }
  return [...quarters.values()].flatMap(({ first: { landmarkMs, outcome, cluster }, isAlerted }) => {
    const isOver = landmarkMs + horizonDays * DAY_MS <= followedMs;
    const isChurned = outcome.isChurned && outcome.days <= horizonDays;
    const isKnown = isOver && (isChurned || outcome.days >= horizonDays);
    return isKnown ? [{ cluster, isAlerted, isChurned }] : [];
  });
}

function shareAmong(
  quarters: readonly AccountQuarter[],
  isCounted: (quarter: AccountQuarter) => boolean,
  isHit: (quarter: AccountQuarter) => boolean,
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
): Alarm | null {
  const counted = quarters.filter(isCounted);
  if (counted.length === 0) return null;
  const hits = counted.filter(isHit).length;
  const alarm = { share: hits / counted.length, n: counted.length };
  const clusters = counted.map(({ cluster }) => cluster);
  if (new Set(clusters).size === counted.length || hits === 0 || hits === counted.length) {
    return { ...alarm, interval: wilsonInterval({ successes: hits, trials: counted.length }) };
  }
  const hit = Uint8Array.from(counted, (quarter) => (isHit(quarter) ? 1 : 0));
  const statistic = (rows: ArrayLike<number>): number | null => {
    let sum = 0;
    for (let at = 0; at < rows.length; at += 1) sum += hit[rows[at] as number] as number;
    return rows.length === 0 ? null : sum / rows.length;
  };
  const drawn = clusteredBootstrap({ clusters, statistic, seed, resamples });
  return { ...alarm, interval: drawn.kind === 'estimated' ? drawn.percentileInterval : null };
}
