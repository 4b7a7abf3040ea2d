import type { Verdict } from './verdict.ts';

type Pair = readonly [number, number];

/** A claim that others make, with this company's own numbers: a row of `evidence claims --json`. */
export interface ClaimRow {
  readonly claim: string;
  /** The claim in their words, and whose it is. */
  readonly says: string;
  readonly whose: string;
  /** What `n` and `events` count. */
  readonly unit: 'account' | 'user';
  /** Band within which it was looked at; null: all accounts. */
  readonly within: string | null;
  /** What `estimate` is: a ratio of retention, a hazard ratio, or ARR a year. */
  readonly measure: 'hazard ratio' | 'ratio of retention' | 'ARR a year' | null;
  readonly estimate: number | null;
  readonly interval: Pair | null;
  /** The same among users as active before as each other; null where that is not asked or cannot be told. */
  readonly adjusted: { readonly estimate: number; readonly interval: Pair } | null;
  /** First of a pair: those that did it (or are at risk), then the others. */
  readonly n: Pair | null;
  readonly events: Pair | null;
  readonly retention: Pair | null;
  readonly p: number | null;
  readonly q: number | null;
  readonly tried: number;
  readonly horizonDays: number | null;
  /** On the claim as it is made; null where it is a sum, which nothing can refute. */
  readonly verdict: Verdict | null;
  /** On its direction alone: does it go with staying at all? */
  readonly direction: Verdict | null;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  /** The evidence command that answers it; null: this row does. */
  readonly see: string | null;
  readonly sentence: string;
}
