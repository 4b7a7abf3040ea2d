import type { Figure } from './segment_figures.ts';
import type { Verdict } from './verdict.ts';

type Pair = readonly [number, number];

/** A cohort within a cell: how many are in it today, and how those that were in it stay. */
export interface GhostCohort extends Figure {
  readonly cohort: string;
  /** Customers today, their share of the cell with its interval. */
  readonly n: number;
  readonly share: number;
  readonly shareInterval: Pair | null;
  /** Accounts whose landmarks in this cohort the retention rests on. */
  readonly accounts: number;
  /** Against the other cohorts of the cell. */
  readonly hazardRatio: number | null;
  readonly hazardInterval: Pair | null;
  readonly p: number | null;
  readonly q: number | null;
  readonly verdict: Verdict;
}

/** A firmographic cell, its average, and what that average is made of: a row of `evidence ghosts --json`. */
export interface CellRow extends Figure {
  readonly kind: 'cell';
  readonly cell: string;
  readonly n: number;
  readonly cohorts: readonly GhostCohort[];
  readonly horizonDays: number;
  readonly tried: number;
  /** Whether some cohort of the cell stays at another rate than the rest of it. */
  readonly verdict: Verdict;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}

/** How much cells say about behaviour, over all of them: the first row of `evidence ghosts --json`. */
export interface MixRow extends Figure {
  readonly kind: 'mix';
  readonly n: number;
  readonly cells: number;
  /** `estimate` is tau: the share of wrong guesses at an account's cohort that knowing its cell saves; less chance. */
  readonly aboveChance: number | null;
  readonly p: number | null;
  /** Cohorts against the others of the same cell, over all cells: what paper does not tell. */
  readonly withinCells: readonly {
    readonly cohort: string;
    readonly hazardRatio: number | null;
    readonly hazardInterval: Pair | null;
    readonly p: number | null;
    readonly q: number | null;
    readonly verdict: Verdict;
  }[];
  /** Standard deviations of retention: between cells, and between cohorts within cells, weighted by accounts today. */
  readonly spread: { readonly between: number | null; readonly within: number | null };
  readonly horizonDays: number;
  readonly tried: number;
  readonly verdict: Verdict;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}
