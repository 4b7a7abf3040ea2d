import type { Condition, Scope } from './condition.ts';
import type { Expression } from './expression.ts';
import type { Describing } from './kind.ts';
import { kindOf } from './kinds/list.ts';
import { typing } from './typed.ts';

/** How names are said; both parts are optional. */
export interface Labels {
  readonly labelOf?: (name: string) => string | undefined;
  /** With types, a flag is said to be yes or no. */
  readonly typeOf?: Scope['typeOf'];
}

/** A condition in plain English: "seat breadth is at least 0.85 and cohort is not Dormant". */
export function describeCondition(condition: Condition, labels: Labels = {}): string {
  return describeExpression(condition.expression, labels);
}

/** One node of a condition in plain English. */
export function describeExpression(expression: Expression, labels: Labels = {}): string {
  const types = typing(labels.typeOf ?? (() => undefined));
  const context: Describing = {
    ...types,
    labelOf: (name) => labels.labelOf?.(name) ?? name.replace(/^properties\./, '').replaceAll('_', ' '),
    say: (node) => {
      const kind = kindOf(node.kind);
      const words = kind.describe(node, context);
      return kind.needsBrackets?.(node) === true ? `(${words})` : words;
    },
  };
  return kindOf(expression.kind).describe(expression, context);
}
