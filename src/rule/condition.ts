import type { Place } from '../model/diagnostic.ts';
import type { ValueType } from '../model/signal.ts';
import type { Expression } from './expression.ts';

/** A value that a condition reads. Flags are 1 and 0, days are ISO dates, null is unknown. */
export type Value = number | string | readonly string[] | null;

/** Three-valued truth, as in SQL: null is unknown. */
export type Truth = boolean | null;

/** Where a stretch of a condition's text stands in its file: text from `offset` on begins at this line and column. */
export interface Mark {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A parsed condition: its text, its tree, and the names that it reads. */
export interface Condition {
  readonly text: string;
  readonly expression: Expression;
  /** Distinct names read, in order of first appearance. */
  readonly names: readonly string[];
  readonly place: Place;
  /** Ascending; more than one where the text spans lines of its file. */
  readonly marks: readonly Mark[];
}

/** What names mean where a condition stands. `property` is an event's property, typed by what it is compared with. */
export interface Scope {
  readonly typeOf: (name: string) => ValueType | 'property' | undefined;
  readonly names: readonly string[];
  /** The only texts that a name can be, where that is known: a cohort's names, a tier's names. */
  readonly valuesOf?: (name: string) => readonly string[] | undefined;
  /** What to do about a name that is unknown and near to none. */
  readonly hint?: string;
  /** Why a name that exists elsewhere may not be read here, and what to do; asked before the nearest name is sought. */
  readonly whyNot?: (name: string) => string | undefined;
}
