import type { FactTableName } from './table.ts';

/** Type of a value in the condition language. A `flag` is written 1 and 0. */
export type ValueType = 'number' | 'text' | 'flag' | 'list' | 'day';

/**
 * Why a value is null: `missing` (no source, not covered, field empty), `not_yet` (too young, window open) or `none`
 * (never happened, nobody to measure). Only `missing` is a data gap.
 */
export type NullReason = 'missing' | 'not_yet' | 'none';

/** What a signal is measured of. */
export type Entity = 'account' | 'user';

/** One line of the signal catalogue: what `bellwether signals list` prints and what conditions may name. */
export interface SignalEntry {
  readonly name: string;
  readonly entity: Entity;
  readonly unit: string;
  readonly type: ValueType;
  /** Fact tables behind it: they decide its instant (min of T and their completeness). */
  readonly inputs: readonly FactTableName[];
  readonly meaning: string;
  /** The requirements it serves, such as `R030`. */
  readonly requirement: string;
  /** Null reasons that can occur. */
  readonly nulls: readonly NullReason[];
  /** Whether a person could move it (used by the smallest change of `explain`). */
  readonly isMovable: boolean;
}
