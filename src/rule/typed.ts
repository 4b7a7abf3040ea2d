import type { Scope } from './condition.ts';
import type { Expression, ExpressionType } from './expression.ts';
import type { Typing } from './kind.ts';
import { kindOf } from './kinds/list.ts';

/** Types of all nodes, from the types of names. */
export function typing(typeOfName: Scope['typeOf']): Typing {
  const types: Typing = {
    typeOf: (node: Expression): ExpressionType => kindOf(node.kind).typeOf(node, types),
    typeOfName,
  };
  return types;
}
