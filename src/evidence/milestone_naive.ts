import { coxModel } from '../stats/cox.ts';
import { kaplanMeier, survivalAt } from '../stats/kaplan_meier.ts';
import { type Candidate, reachedAt } from './candidate.ts';
import { DAY_MS, type History } from './history.ts';

/** The comparison of "ever reached" with "never reached", counted from the start. It is wrong, and shown as a warning. */
export interface Naive {
  readonly n: readonly [number, number];
  readonly retention: readonly [number, number] | null;
  readonly hazardRatio: number | null;
  readonly p: number | null;
}

/**
 * What one would find by comparing customers that ever reached a candidate with those that never did.
 *
 * Why it is wrong: an account must live long enough to reach it, so that whatever comes late looks as if it kept
 * customers (immortal time). Null figures where a side is empty or nobody left.
 */
export function naiveComparison(history: History, candidate: Candidate, horizonDays: number): Naive {
  const rows = history.accounts.flatMap((account) => {
    const [first] = account.apart.spells;
    if (first === undefined || account.createdMs === null || account.createdMs < (history.eventsFromMs ?? 0)) return [];
    const startMs = Math.max(first.startMs, account.createdMs);
    const endMs = Math.min(first.churnedMs ?? history.followedMs, history.followedMs, account.linkedMs[0] ?? Infinity);
    if (endMs <= startMs) return [];
    const at = reachedAt(account, candidate);
    const isChurned = first.churnedMs !== null && first.churnedMs <= endMs;
    return [{ days: (endMs - startMs) / DAY_MS, event: isChurned ? 1 : 0, reached: at !== null && at < endMs ? 1 : 0 }];
  });
  const sides = [1, 0].map((side) => rows.filter(({ reached }) => reached === side));
  const [reached = [], others = []] = sides;
  const at = [reached, others].map((side) => survivalAt(curveOf(side), horizonDays)?.survival ?? null);
  const cox = coxModel({
    time: rows.map(({ days }) => days),
    event: rows.map(({ event }) => event),
    covariates: [rows.map((row) => row.reached)],
  });
  const effect = cox.kind === 'fitted' ? cox.coefficients[0] : undefined;
  const [high = null, low = null] = at;
  return {
    n: [reached.length, others.length],
    retention: high === null || low === null ? null : [high, low],
    hazardRatio: effect?.hazardRatio ?? null,
    p: effect?.p ?? null,
  };
}

function curveOf(rows: readonly { readonly days: number; readonly event: number }[]) {
  return kaplanMeier({ time: rows.map(({ days }) => days), event: rows.map(({ event }) => event) });
}
