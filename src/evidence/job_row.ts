import type { Figure } from './segment_figures.ts';
import type { Verdict } from './verdict.ts';

type Pair = readonly [number, number];

/** A share as seen, and drawn towards that of all jobs. */
export interface JobRate extends Figure {
  /** Accounts, and those that converted or churned. */
  readonly n: number;
  readonly events: number;
  /** Not drawn towards the others. */
  readonly raw: number | null;
}

/** One job, from statement to contract to a year later: a row of `evidence jobs --json`. */
export interface JobRow extends Figure {
  readonly job: string;
  /** Customers coded with it. */
  readonly n: number;
  /** Share of trials and prospects coded with it that pay within `conversionDays`. */
  readonly conversion: JobRate;
  readonly conversionDays: number;
  /** Share of its customers that are still there at the horizon; `estimate` above is this times conversion. */
  readonly retention: JobRate;
  readonly horizonDays: number;
  readonly hazardRatio: number | null;
  readonly hazardInterval: Pair | null;
  readonly p: number | null;
  /** Benjamini-Hochberg over jobs. */
  readonly q: number | null;
  readonly tried: number;
  /** Whether its customers stay at another rate than those of other jobs. */
  readonly verdict: Verdict;
  /** Whether it converts and keeps more than any other: only where its interval lies above all others'. */
  readonly wedge: Verdict;
  readonly expansion: Figure;
  /** ARR of its customers at the landmark; null where it is unknown. */
  readonly arr: number | null;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  /** Only coded accounts are compared: how many are, and how those and the others stay. The same in every row. */
  readonly selection: JobSelection;
  readonly sentence: string;
}

/** Customers at their first landmark, by whether their job was known by then. First of a pair: coded. */
export interface JobSelection {
  readonly accounts: Pair;
  readonly retention: readonly [number | null, number | null];
  readonly interval: readonly [Pair | null, Pair | null];
}
