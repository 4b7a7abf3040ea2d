import type { Verdict } from './verdict.ts';

type Pair = readonly [number, number];

/** One thing that adoption may go with, tested. */
export interface RoleTest {
  /** A hazard ratio; for active days the rise of their share beyond that of others. */
  readonly estimate: number | null;
  readonly interval: Pair | null;
  readonly p: number | null;
  /** Benjamini-Hochberg over all areas and all three tests. */
  readonly q: number | null;
  readonly verdict: Verdict;
  readonly reason: string | null;
}

/** What adopting a feature area early goes with: a row of `evidence roles --json`. */
export interface RoleRow {
  readonly kind: 'role';
  readonly area: string;
  readonly ageDays: number;
  /** First of a pair: accounts that had used it by then. */
  readonly n: Pair;
  readonly events: Pair;
  /** Difference in the share that has expanded by the horizon: the estimate of the row. */
  readonly estimate: number | null;
  readonly interval: Pair | null;
  readonly expansion: RoleTest;
  readonly retention: RoleTest;
  readonly frequency: RoleTest;
  readonly role: 'expansion' | 'engagement' | 'both' | 'neither' | 'too_little_data';
  readonly p: number | null;
  readonly q: number | null;
  readonly tried: number;
  readonly horizonDays: number;
  readonly verdict: Verdict;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}

/** Features adopted and then stopped (R055): how often such accounts leave, against others at the same landmarks. */
export interface ReversionRow {
  readonly kind: 'reversion';
  readonly signal: string;
  readonly n: Pair;
  readonly events: Pair;
  /** The hazard ratio. */
  readonly estimate: number | null;
  readonly interval: Pair | null;
  readonly p: number | null;
  readonly q: number | null;
  readonly tried: number;
  readonly horizonDays: number;
  readonly verdict: Verdict;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}

/** One feature area adopted and then stopped (R055): how often such accounts leave, against those that keep using it. */
export interface AreaReversionRow extends Omit<ReversionRow, 'kind' | 'signal'> {
  readonly kind: 'area_reversion';
  readonly area: string;
}
