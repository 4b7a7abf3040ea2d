import type { Expression } from '../expression.ts';
import type { Checking } from '../kind.ts';
import { didYouMean } from '../nearest.ts';

/** Reports a text that the name beside it can never be, such as a misspelt cohort. */
export function checkKnownValue(side: Expression, other: Expression, context: Checking): void {
  if (side.kind !== 'name' || other.kind !== 'literal' || typeof other.value !== 'string') return;
  const values = context.scope.valuesOf?.(side.word);
  if (values === undefined || values.includes(other.value)) return;
  const advice = didYouMean(other.value, values) ?? `It is one of: ${values.join(', ')}.`;
  context.report(other, 'unknown-value', `\`${side.word}\` is never '${other.value}'`, advice.replaceAll('`', "'"));
}
