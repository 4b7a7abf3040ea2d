import type { ValueType } from '../model/signal.ts';

/**
 * One node of a parsed condition. Every kind of node has this one shape, so that a tree can be walked, stored and
 * compared without knowing the kinds.
 */
export interface Expression {
  /** Name of the record in `kinds/` that knows what the node means. */
  readonly kind: string;
  /** Operator, name or function: whatever tells two nodes of one kind apart. */
  readonly word: string;
  /** Value of a literal. */
  readonly value: number | string | null;
  readonly isNegated: boolean;
  readonly parts: readonly Expression[];
  /** Offsets in the condition's text: first character, and one past the last. */
  readonly start: number;
  readonly end: number;
}

/** What a node yields: a typed value, an event property that takes the type of its neighbour, a truth, or only null. */
export type ExpressionType = ValueType | 'property' | 'truth' | 'null';

/** The type in which operands are compared; a flag is compared as a number. */
export type Comparable = 'number' | 'text' | 'day' | 'list';

/** Every node of a tree, parents first, left to right. */
export function* walk(expression: Expression): Generator<Expression> {
  yield expression;
  for (const part of expression.parts) yield* walk(part);
}

/** The child at an index that the parser has put there; its absence is an impossible state. */
export function part(expression: Expression, index: number): Expression {
  const found = expression.parts[index];
  if (found === undefined) throw new Error(`a ${expression.kind} node has no part ${index}`);
  return found;
}
