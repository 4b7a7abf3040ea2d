import type { Outcome } from './outcome.ts';

/** What was watched of one account after one landmark, up to a horizon, and what ended it. */
export interface Stretch {
  /** Whole number from 0 for the account: stretches of one account are not independent. */
  readonly cluster: number;
  readonly landmarkMs: number;
  readonly days: number;
  /** 0: seen no more, or the horizon was reached. 1: what is asked about. 2: what makes it impossible. */
  readonly cause: 0 | 1 | 2;
}

/** A landmark of an account with what came after. */
export interface Landmark {
  readonly cluster: number;
  readonly landmarkMs: number;
  readonly outcome: Outcome;
}

/** Watches for churn within the horizon: cause 1. */
export function churnStretch({ cluster, landmarkMs, outcome }: Landmark, horizonDays: number): Stretch {
  const isSeen = outcome.isChurned && outcome.days <= horizonDays;
  return { cluster, landmarkMs, days: Math.min(outcome.days, horizonDays), cause: isSeen ? 1 : 0 };
}

/** Watches for expansion within the horizon, cause 1, with churn as cause 2; null where the ARR at the landmark is unknown or 0. */
export function expansionStretch(landmark: Landmark, horizonDays: number): Stretch | null {
  const { cluster, landmarkMs, outcome } = landmark;
  if (outcome.arr === null || outcome.arr <= 0) return null;
  const { expandedDays } = outcome;
  if (expandedDays !== null && expandedDays <= Math.min(outcome.days, horizonDays)) {
    return { cluster, landmarkMs, days: expandedDays, cause: 1 };
  }
  const churn = churnStretch(landmark, horizonDays);
  return churn.cause === 1 ? { ...churn, cause: 2 } : churn;
}

/** Accounts among stretches: all of them, or those that had the event asked about. */
export function accountsAmong(stretches: readonly Stretch[], isEventOnly = false): number {
  return new Set(stretches.flatMap(({ cluster, cause }) => (isEventOnly && cause !== 1 ? [] : [cluster]))).size;
}

/** The first stretch of each account, in the order given. */
export function firstOfEach<Row extends { readonly cluster: number }>(rows: readonly Row[]): readonly Row[] {
  const seen = new Set<number>();
  return rows.filter(({ cluster }) => !seen.has(cluster) && seen.add(cluster));
}

const LEAST_WATCHED = 10;

/** The horizon, or the last whole day on which ten accounts are still watched; null where there is no such day. */
export function horizonWithin(rows: readonly Landmark[], horizonDays: number): number | null {
  const longest = new Map<number, number>();
  for (const { cluster, outcome } of rows) longest.set(cluster, Math.max(longest.get(cluster) ?? 0, outcome.days));
  const tenth = [...longest.values()].sort((a, b) => b - a)[LEAST_WATCHED - 1] ?? 0;
  const horizon = Math.min(horizonDays, Math.floor(tenth));
  return horizon > 0 ? horizon : null;
}
