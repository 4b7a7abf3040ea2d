import { type CustomerRow, renewalShareOf } from './calendar.ts';
import { DAY_MS, type History } from './history.ts';
import { arrAt, customAt } from './outcome.ts';
import { type Pooled, pooledIncidence, pooledRatio } from './pooled.ts';
import { churnStretch, expansionStretch } from './stretch.ts';

type Pair = readonly [number, number];

/** How long, and by which seed. */
export interface FigureOptions {
  readonly horizonDays: number;
  readonly seed: number;
  readonly resamples?: number;
}

/** An estimate with its interval; both null where nothing can be told. */
export interface Figure {
  readonly estimate: number | null;
  readonly interval: Pair | null;
}

/** What became of a group of customers within the horizon. */
export interface GroupFigures {
  readonly retention: Pooled;
  readonly expansion: Pooled;
  readonly gross: Figure;
  readonly net: Figure;
  /** Accounts whose ARR is known at the landmark and a whole horizon later: those that gross and net rest on. */
  readonly moneyAccounts: number;
  /** Share of the landmarks with a term that ends within the horizon. */
  readonly renewalShare: number | null;
}

/** Retention, expansion, and what became of the money, with intervals from drawing whole accounts. */
export function groupFigures(history: History, rows: readonly CustomerRow[], options: FigureOptions): GroupFigures {
  const { horizonDays } = options;
  const churn = pooledIncidence(
    rows.map((row) => churnStretch(row, horizonDays)),
    horizonDays,
    options,
  );
  const expansions = rows.flatMap((row) => expansionStretch(row, horizonDays) ?? []);
  const money = moneyAfter(history, rows, horizonDays);
  const kept = (later: (row: Money) => number) =>
    pooledRatio(
      money.map((row) => ({ cluster: row.cluster, over: later(row), under: row.before })),
      options,
    );
  return {
    retention: survivorsOf(churn),
    expansion: pooledIncidence(expansions, horizonDays, options),
    gross: kept(({ before, after }) => Math.min(before, after)),
    net: kept(({ after }) => after),
    moneyAccounts: new Set(money.map(({ cluster }) => cluster)).size,
    renewalShare: renewalShareOf(rows, horizonDays),
  };
}

/** The share that is left, where a pooled figure says who went. */
export function survivorsOf(gone: Pooled): Pooled {
  const { estimate, interval } = gone;
  return {
    ...gone,
    estimate: estimate === null ? null : 1 - estimate,
    interval: interval === null ? null : [1 - interval[1], 1 - interval[0]],
  };
}

interface Money {
  readonly cluster: number;
  readonly before: number;
  readonly after: number;
}

/** ARR at each landmark that has a whole horizon of future, and at its end; 0 for who churned in between. */
function moneyAfter(history: History, rows: readonly CustomerRow[], horizonDays: number): readonly Money[] {
  return rows.flatMap(({ account, cluster, landmarkMs, outcome }) => {
    const end = landmarkMs + horizonDays * DAY_MS;
    const isShort = end > history.followedMs || (outcome.isLinked && outcome.days < horizonDays);
    if (account === null || outcome.arr === null || isShort) return [];
    const isGone = outcome.isChurned && outcome.days <= horizonDays;
    const after = isGone ? 0 : arrAt(customAt(account, landmarkMs), end);
    return after === null ? [] : [{ cluster, before: outcome.arr, after }];
  });
}
