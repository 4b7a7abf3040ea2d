import type { Condition, Scope, Truth, Value } from './condition.ts';
import { describeExpression, type Labels } from './describe.ts';
import { type Expression, walk } from './expression.ts';
import { holding, type Read } from './hold.ts';
import { kindOf } from './kinds/list.ts';

/** Why a condition holds, fails or is unknown: one node for it and for each condition inside it. */
export interface Explanation {
  readonly text: string;
  readonly english: string;
  readonly truth: Truth;
  readonly children: readonly Explanation[];
  /** Names read below this node, with the values that they had. */
  readonly inputs: readonly { readonly name: string; readonly value: Value }[];
}

/** The tree behind `accounts explain`: every part of the condition with its truth and the values behind it. */
export function explainCondition(
  condition: Condition,
  read: Read,
  asOf: Date,
  typeOf: Scope['typeOf'],
  labels: Labels = {},
): Explanation {
  const context = holding(read, asOf.toISOString().slice(0, 10), typeOf);
  const explain = (node: Expression): Explanation => {
    const names = new Set([...walk(node)].filter((inner) => inner.kind === 'name').map((inner) => inner.word));
    return {
      text: condition.text.slice(node.start, node.end),
      english: describeExpression(node, { typeOf, ...labels }),
      truth: context.truth(node),
      children: node.parts.filter((child) => kindOf(child.kind).typeOf(child, context) === 'truth').map(explain),
      inputs: [...names].map((name) => ({ name, value: read(name) })),
    };
  };
  return explain(condition.expression);
}
