import { type ArrStep, type Custom, DAY_MS, type History, type PastAccount } from './history.ts';

/** What happened to an account after a landmark; days are counted from the landmark and may be fractions. */
export interface Outcome {
  /** Days until it churned, or until it is seen no more. */
  readonly days: number;
  readonly isChurned: boolean;
  /** Seen no more because it was declared to be merged or renamed: counted apart from churn. */
  readonly isLinked: boolean;
  /** ARR at the landmark; null where it is unknown. */
  readonly arr: number | null;
  /** Days until its ARR was first 5% above, 5% below that of the landmark; null: not within `days`. */
  readonly expandedDays: number | null;
  readonly contractedDays: number | null;
  /** Days to the next end of a term that was known at the landmark; null where none was. */
  readonly termDays: number | null;
}

const EXPANDED = 1.05;
const CONTRACTED = 0.95;
const SLACK = 1e-9;

/**
 * What happened to a customer after a landmark, within what is known before `history.followedMs`.
 *
 * Null for who is not at risk there: no customer in force at the landmark, or nothing is known after it. The account is
 * looked at as the landmark knew it: links made later end its follow-up, links made before have made it one with another.
 */
export function outcomeAfter(history: History, account: PastAccount, landmarkMs: number): Outcome | null {
  const custom = customAt(account, landmarkMs);
  const spell = custom.spells.find(
    ({ startMs, churnedMs }) => startMs < landmarkMs && (churnedMs === null || churnedMs > landmarkMs),
  );
  if (spell === undefined || landmarkMs >= history.followedMs) return null;
  const link = account.linkedMs.find((at) => at >= landmarkMs);
  const linkEnd = link ?? Number.POSITIVE_INFINITY;
  const end = Math.min(history.followedMs, linkEnd);
  const churnedMs = spell.churnedMs ?? Number.POSITIVE_INFINITY;
  const isChurned = churnedMs < end;
  const until = Math.min(churnedMs, end);
  const arr = arrAt(custom, landmarkMs);
  return {
    days: (until - landmarkMs) / DAY_MS,
    isChurned,
    isLinked: !isChurned && linkEnd < history.followedMs,
    arr,
    termDays: daysToTerm(custom, landmarkMs),
    ...changesOf(custom, landmarkMs, until, arr),
  };
}

/** Whether an account is a customer in the moment before an instant, as it was known then. */
export function isCustomerAt(account: PastAccount, atMs: number): boolean {
  return customAt(account, atMs).spells.some(
    ({ startMs, churnedMs }) => startMs < atMs && (churnedMs === null || churnedMs >= atMs),
  );
}

/** The account as it was at an instant: with what had been merged into it by then. */
export function customAt(account: PastAccount, atMs: number): Custom {
  return account.linkedMs.some((at) => at < atMs) ? account.linked : account.apart;
}

/** ARR of an account at an instant as known then; null where it is no customer or it is unknown. */
export function arrAt(custom: Custom, atMs: number): number | null {
  return stepAt(custom.arr, atMs)?.arr ?? null;
}

/** The step that holds in the last moment before an instant: facts of a day count from the moment after its midnight. */
function stepAt(steps: readonly ArrStep[], atMs: number): ArrStep | null {
  const midnight = Math.ceil(atMs / DAY_MS) * DAY_MS;
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.atMs ?? 0) <= midnight) low = middle + 1;
    else high = middle;
  }
  return steps[low - 1] ?? null;
}

function changesOf(custom: Custom, landmarkMs: number, untilMs: number, arr: number | null) {
  if (arr === null || arr <= 0) return { expandedDays: null, contractedDays: null };
  const later = custom.arr.filter(({ atMs }) => atMs > landmarkMs && atMs - DAY_MS < untilMs);
  const daysTo = (isChanged: (now: number) => boolean): number | null => {
    const step = later.find(({ arr: now }) => now !== null && isChanged(now));
    return step === undefined ? null : Math.max(0, step.atMs - DAY_MS - landmarkMs) / DAY_MS;
  };
  return {
    expandedDays: daysTo((now) => now >= EXPANDED * arr - SLACK),
    contractedDays: daysTo((now) => now <= CONTRACTED * arr + SLACK),
  };
}

function daysToTerm(custom: Custom, landmarkMs: number): number | null {
  const ends = custom.terms.filter(({ endsMs, knownMs }) => knownMs < landmarkMs && endsMs >= landmarkMs);
  return ends.length === 0 ? null : (Math.min(...ends.map(({ endsMs }) => endsMs)) - landmarkMs) / DAY_MS;
}
