import { DAY_MS, type History, type PastAccount } from './history.ts';

/** What became of a trial or prospect after a landmark; days are counted from the landmark and may be fractions. */
export interface Conversion {
  /** Days until its first paid contract was in force, or until it is seen no more. */
  readonly days: number;
  readonly isConverted: boolean;
  /** Days of which it is known whether it had converted: to the end of the data or to a merger. */
  readonly knownDays: number;
  /** Seen no more because it was declared to be merged or renamed. */
  readonly isLinked: boolean;
}

/** A contract is in force from the moment after the midnight on which it starts. */
const MOMENT_MS = 1;

/**
 * When an account that had never paid before a landmark first did, within what is known before `history.followedMs`.
 *
 * Null for who is no prospect there: a paid contract was in force before, it had become one with another account, or
 * nothing is known after. Null for all where there are no contracts, since everybody then counts as a customer.
 */
export function conversionAfter(history: History, account: PastAccount, landmarkMs: number): Conversion | null {
  const { followedMs } = history;
  const paidMs = account.apart.spells[0]?.startMs ?? Number.POSITIVE_INFINITY;
  const isGone = account.linkedMs.some((at) => at < landmarkMs);
  if (!history.hasContracts || isGone || paidMs < landmarkMs || landmarkMs >= followedMs) return null;
  const linkMs = account.linkedMs[0] ?? Number.POSITIVE_INFINITY;
  const end = Math.min(followedMs, linkMs);
  const isConverted = paidMs < end;
  return {
    days: (Math.min(paidMs + MOMENT_MS, end) - landmarkMs) / DAY_MS,
    isConverted,
    knownDays: (end - landmarkMs) / DAY_MS,
    isLinked: !isConverted && linkMs < followedMs,
  };
}
