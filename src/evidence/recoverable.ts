import { clusteredBootstrap } from '../stats/bootstrap.ts';
import { strataOf } from './age_landmark.ts';
import { atRisk } from './calendar.ts';
import { type Contrast, contrastGroups } from './contrast.ts';
import type { History } from './history.ts';
import type { Panel } from './panel.ts';
import { incidenceBy } from './pooled.ts';
import { accountsAmong, churnStretch, type Stretch } from './stretch.ts';

type Pair = readonly [number, number];

/** What could be kept a year of what today's accounts at risk pay. */
export interface Recoverable {
  readonly estimate: number | null;
  readonly interval: Pair | null;
  /** Accounts at risk at the last landmark, and their ARR. */
  readonly atRiskNow: number;
  readonly arrNow: number;
  /** Accounts at risk against others of the same home segment: how often they leave. */
  readonly contrast: Contrast;
}

/** Which segment lies over the others; horizon and seed. */
export interface RecoverableOptions {
  readonly overlay: string;
  readonly horizonDays: number;
  readonly seed: number;
  readonly resamples?: number;
}

const LEAST_ACCOUNTS = 10;

/**
 * How much ARR of accounts that are at risk today would stay if they left no more often than accounts of the same home
 * segment that are not at risk? (R099)
 *
 * ARR today by home segment, times churn within the horizon at past landmarks at risk less that at landmarks not at risk;
 * interval by drawing whole accounts. Home segments with fewer than 10 accounts ever at risk take the churn of all at risk.
 * Assumes that somebody brings them back to the level of their peers: an upper bound of what work can win.
 */
export function recoverableArr(history: History, panel: Panel, options: RecoverableOptions): Recoverable {
  const { overlay, horizonDays } = options;
  const rows = atRisk(panel).filter(({ raw, home }) => raw !== null && home !== null);
  const stretches = rows.map((row) => churnStretch(row, horizonDays));
  const side = Uint8Array.from(rows, ({ raw }) => (raw === overlay ? 1 : 0));
  const homes = rows.map(({ home }) => home ?? '');
  const strata = strataOf(homes.map((stratum) => ({ stratum })));
  const contrast = contrastGroups(stretches, { side, strata, followedMs: history.followedMs });
  const today = arrToday(panel, overlay);
  const arrNow = [...today.arr.values()].reduce((sum, arr) => sum + arr, 0);
  const base = { atRiskNow: today.accounts, arrNow, contrast };
  if (contrast.p === null || arrNow === 0) return { ...base, estimate: null, interval: null };
  const statistic = excessOf(stretches, side, homes, today.arr, Math.ceil(horizonDays));
  const clusters = rows.map(({ cluster }) => cluster);
  const { seed, resamples = 499 } = options;
  const drawn = clusteredBootstrap({ clusters, statistic, seed, resamples });
  if (drawn.kind === 'refused') return { ...base, estimate: null, interval: null };
  return { ...base, estimate: drawn.estimate, interval: drawn.bcaInterval ?? drawn.percentileInterval };
}

function arrToday(panel: Panel, overlay: string) {
  const last = panel.landmarks.at(-1);
  const arrs = panel.numbers('arr');
  const now = panel.rows.filter(
    ({ landmarkMs, raw, isEligible }) => landmarkMs === last && raw === overlay && isEligible !== false,
  );
  const arr = new Map<string, number>();
  for (const { index, home } of now) {
    const own = arrs[index] ?? Number.NaN;
    if (home !== null && !Number.isNaN(own)) arr.set(home, (arr.get(home) ?? 0) + own);
  }
  return { accounts: now.length, arr };
}

function excessOf(
  stretches: readonly Stretch[],
  side: Uint8Array,
  homes: readonly string[],
  arr: ReadonlyMap<string, number>,
  size: number,
) {
  const day = Int32Array.from(stretches, ({ days }) => Math.ceil(days));
  const cause = Uint8Array.from(stretches, (stretch) => stretch.cause);
  const isThin = new Map(
    [...arr.keys()].map((home) => {
      const own = stretches.filter((_, row) => side[row] === 1 && homes[row] === home);
      return [home, accountsAmong(own) < LEAST_ACCOUNTS] as const;
    }),
  );
  return (drawn: Int32Array): number | null => {
    const churn = (isIn: (row: number) => boolean): number | null => {
      const rows = drawn.filter(isIn);
      return rows.length === 0 ? null : incidenceBy(rows, day, cause, size);
    };
    let sum = 0;
    for (const [home, money] of arr) {
      const risky = churn((row) => side[row] === 1 && (isThin.get(home) === true || homes[row] === home));
      const calm = churn((row) => side[row] === 0 && homes[row] === home);
      if (risky === null || calm === null) return null;
      sum += money * (risky - calm);
    }
    return sum;
  };
}
