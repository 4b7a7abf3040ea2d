import type { Figure } from './segment_figures.ts';
import type { Verdict } from './verdict.ts';

type Pair = readonly [number, number];

/** By what a group of accounts is told: the rules' own answer at the landmark, or the segment without At-Risk. */
export type Basis = 'raw' | 'home';

/** One outcome of a group against others, tested. */
export interface Difference {
  readonly hazardRatio: number | null;
  readonly hazardInterval: Pair | null;
  readonly events: Pair;
  readonly expected: Pair | null;
  /** The last quarter of the time watched has the same sign. */
  readonly isSameLater: boolean | null;
  readonly p: number | null;
  /** Holm over all tests of the same kind and basis. */
  readonly q: number | null;
  readonly verdict: Verdict;
  readonly reason: string | null;
}

/** A segment: what became of its accounts, and whether that differs from all others: a row of `evidence segments --json`. */
export interface SegmentRow extends Figure {
  readonly kind: 'segment';
  readonly segment: string;
  readonly basis: Basis;
  /** Accounts, and landmarks of them. */
  readonly n: number;
  readonly landmarks: number;
  readonly churned: number;
  readonly horizonDays: number | null;
  readonly renewalShare: number | null;
  readonly gross: Figure;
  readonly net: Figure;
  readonly moneyAccounts: number;
  readonly expansion: Figure & { readonly expanded: number };
  /** Against the customers of all other segments. */
  readonly differs: { readonly retention: Difference; readonly expansion: Difference };
  readonly p: number | null;
  readonly q: number | null;
  readonly tried: number;
  readonly verdict: Verdict;
  /** A segment stays a hypothesis until it retains or expands measurably differently (R095). */
  readonly standing: 'validated' | 'hypothesis';
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}

/** Two segments side by side, and whether they should be one. First of a pair: the first of `segments`. */
export interface SegmentPairRow {
  readonly kind: 'pair';
  readonly segments: readonly [string, string];
  readonly basis: Basis;
  readonly n: Pair;
  readonly horizonDays: number;
  readonly differs: { readonly retention: Difference; readonly expansion: Difference };
  /** Of messaging hook, sales motion and pricing those that are the same in both or missing in one (R014). */
  readonly sameMotion: readonly string[];
  readonly tried: number;
  readonly verdict: Verdict;
  /** `merge`: told apart neither by retention nor by expansion, and not worked differently in all three ways. */
  readonly advice: 'merge' | 'keep';
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}
