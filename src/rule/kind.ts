import type { Scope, Truth, Value } from './condition.ts';
import type { Cursor } from './cursor.ts';
import type { Comparable, Expression, ExpressionType } from './expression.ts';
import type { Flip } from './flip.ts';

/** A kind's view of types: those of its children, whatever they are. */
export interface Typing {
  typeOf(expression: Expression): ExpressionType;
  /** Type of a name, or undefined where it is unknown. */
  typeOfName(name: string): ExpressionType | undefined;
}

/** What a kind needs in order to check a node. */
export interface Checking extends Typing {
  readonly scope: Scope;
  /** Checks a child that must be a condition. */
  truth(expression: Expression): void;
  /** Checks a child that must be a value. */
  value(expression: Expression): void;
  report(at: Expression, code: string, message: string, suggestion?: string): void;
  warn(at: Expression, code: string, message: string, suggestion?: string): void;
  /** The text of a node as it was written. */
  textOf(expression: Expression): string;
}

/** What a kind needs in order to write SQL. */
export interface Compiling extends Typing {
  truth(expression: Expression): string;
  /** A child as a value of a type: event properties are parsed, days read from text. */
  value(expression: Expression, want: Comparable): string;
  /** A child as it stands. */
  raw(expression: Expression): string;
  columnOf(name: string): string;
  /** SQL of the as-of instant or day. */
  readonly asOf: string;
}

/** What a kind needs in order to evaluate a node in memory. */
export interface Holding extends Typing {
  truth(expression: Expression): Truth;
  value(expression: Expression, want: Comparable): Value;
  raw(expression: Expression): Value;
  read(name: string): Value;
  /** ISO day of the as-of. */
  readonly asOf: string;
}

/** What a kind needs in order to say a node in English. */
export interface Describing extends Typing {
  /** A child in words; in brackets where it joins others. */
  say(expression: Expression): string;
  labelOf(name: string): string;
}

/** What a kind needs in order to say how a node could be made to hold or fail. */
export interface Flipping extends Holding {
  flip(expression: Expression, aim: boolean): Flip;
  textOf(expression: Expression): string;
  /** The same evaluation with one name read as another value. */
  suppose(name: string, value: Value): Holding;
}

/**
 * One kind of expression: everything that the language knows about it. A new kind is one file with one such record and
 * one line in `kinds/list.ts`.
 */
export interface Kind {
  readonly name: string;
  /** Tries to read a node that begins here; null if the next token begins something else. */
  readonly parseHead?: (cursor: Cursor) => Expression | null;
  /** Tries to read a test that follows a value (`x between ...`); null if the next token is something else. */
  readonly parseTail?: (cursor: Cursor, left: Expression) => Expression | null;
  readonly typeOf: (node: Expression, types: Typing) => ExpressionType;
  /** Checks the node and its children; reports, never throws. */
  readonly check: (node: Expression, context: Checking) => void;
  /** SQL of a node that was checked. */
  readonly compile: (node: Expression, context: Compiling) => string;
  /** The node's meaning in memory, written without regard to the SQL. */
  readonly hold: (node: Expression, context: Holding) => Value | boolean;
  readonly describe: (node: Expression, context: Describing) => string;
  /** Size of the node's SQL in nodes, from its parts' sizes; absent: their sum and one. */
  readonly weigh?: (node: Expression, weights: readonly number[]) => number;
  /** Whether its words need brackets where they stand among others. */
  readonly needsBrackets?: (node: Expression) => boolean;
  /** How the node could be made true (`aim`) or false; absent where it is not a condition. */
  readonly flip?: (node: Expression, aim: boolean, context: Flipping) => Flip;
}
