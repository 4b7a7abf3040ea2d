/** What evidence says of a claim. Not significant is not "fails": it is too little data. */
export type Verdict = 'holds' | 'fails' | 'too_little_data';

/** The smallest effects worth acting on, where nobody says otherwise: points of retention, hazard ratio, AUC. */
export const WORTH_ACTING = { retention: 0.05, hazardRatio: 0.8, auc: 0.02 } as const;

/** A claim as tested, on a scale on which 0 is no effect and what is claimed is above 0. */
export interface TestedClaim {
  /** The q where many were tried, the p where one was. */
  readonly q: number;
  readonly interval: readonly [number, number];
  /** The smallest effect worth acting on, on the same scale. */
  readonly worth: number;
  /** The effect in the later quarter of the data has the claimed sign; null where that cannot be told. */
  readonly isSameLater: boolean | null;
}

const ALPHA = 0.05;

/**
 * The verdict on a claim (DESIGN section 7).
 *
 * Holds: q at most 0.05, the interval excludes 0 on the claimed side, and the later quarter agrees. Fails: the interval
 * excludes every effect worth acting on. A later quarter that cannot be told agrees with nothing.
 */
export function verdictOf({ q, interval, worth, isSameLater }: TestedClaim): Verdict {
  if (q <= ALPHA && interval[0] > 0 && isSameLater === true) return 'holds';
  return interval[1] < worth ? 'fails' : 'too_little_data';
}

/** What keeps a tested claim from holding, in words; null where it holds. */
export function whyNotHolds(claim: Omit<TestedClaim, 'worth'>): string | null {
  if (claim.q > ALPHA) return `chance alone explains it well enough (q ${Number(claim.q.toPrecision(2))})`;
  if (claim.interval[0] <= 0) return 'its interval includes no effect';
  if (claim.isSameLater === true) return null;
  return claim.isSameLater === null
    ? 'the last quarter of the time does not tell'
    : 'the last quarter of the time says otherwise';
}

/** The least that is tested at all (DESIGN section 7). */
const LEAST_EVENTS = 20;
const LEAST_EXPECTED = 5;

/** Accounts that would have the least number of outcomes, at the rate of those seen; null without any, or with enough. */
export function accountsForLeast(accounts: number, events: number): number | null {
  return events > 0 && events < LEAST_EVENTS ? Math.ceil((accounts * LEAST_EVENTS) / events) : null;
}

/** Why something is not tested: in words, with what it would take. */
export interface Untested {
  readonly reason: string;
}

/** Whether there is enough to test; `expected` are the events of each group if groups did not differ. Null: there is. */
export function tooLittle(events: number, expected: readonly number[]): Untested | null {
  if (events < LEAST_EVENTS)
    return { reason: `${events} outcomes in all; ${LEAST_EVENTS} are the least that is looked at` };
  const least = Math.min(...expected);
  if (least >= LEAST_EXPECTED) return null;
  return {
    reason: `${least.toFixed(1)} outcomes expected in the smaller group if there were no difference; ${LEAST_EXPECTED} are the least`,
  };
}
