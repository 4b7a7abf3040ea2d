import type { Place } from '../model/diagnostic.ts';
import type { ValueType } from '../model/signal.ts';
import type { Expression } from './expression.ts';

/** A value that a condition reads. Flags are 1 and 0, days are ISO dates, null is unknown. */
export type Value = number | string | readonly string[] | null;

/** Three-valued truth, as in SQL: null is unknown. */
export type Truth = boolean | null;

/** A parsed condition: its text, its tree, and the names that it reads. */
export interface Condition {
  readonly text: string;
  readonly expression: Expression;
  /** Distinct names read, in order of first appearance. */
  readonly names: readonly string[];
  readonly place: Place;
}

/** What names mean where a condition stands. `property` is an event's property, typed by what it is compared with. */
export interface Scope {
  readonly typeOf: (name: string) => ValueType | 'property' | undefined;
  readonly names: readonly string[];
}
