import type { Diagnostic } from '../model/diagnostic.ts';
import type { Condition, Scope } from './condition.ts';
import type { Expression } from './expression.ts';
import type { Checking } from './kind.ts';
import { kindOf } from './kinds/list.ts';
import { placeAt } from './place.ts';
import { typing } from './typed.ts';

/**
 * All that is wrong with a parsed condition where it stands: unknown names with the nearest one, types that do not fit,
 * comparisons that always give the same answer. Empty: the condition may be compiled and held.
 */
export function checkCondition(condition: Condition, scope: Scope): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const textOf = (node: Expression) => condition.text.slice(node.start, node.end);
  const tell =
    (severity: Diagnostic['severity']) => (at: Expression, code: string, message: string, suggestion?: string) => {
      const place = placeAt(condition.place, condition.marks, at.start);
      diagnostics.push({ code, severity, message, place, ...(suggestion === undefined ? {} : { suggestion }) });
    };
  const report = tell('error');
  const types = typing(scope.typeOf);
  const check = (node: Expression) => kindOf(node.kind).check(node, context);
  const context: Checking = {
    ...types,
    scope,
    textOf,
    report,
    warn: tell('warning'),
    truth: (node) => {
      check(node);
      if (types.typeOf(node) === 'truth') return;
      const text = textOf(node);
      const isFlag = types.typeOf(node) === 'flag';
      const isUnknown = node.kind === 'name' && scope.typeOf(node.word) === undefined;
      if (isUnknown) return;
      const advice = isFlag ? `Write \`${text} = 1\`.` : `Compare it with something: \`${text} >= 1\`.`;
      report(node, 'type-mismatch', `\`${text}\` is a value, and a condition is needed here`, advice);
    },
    value: (node) => {
      check(node);
      if (types.typeOf(node) !== 'truth') return;
      report(node, 'type-mismatch', `\`${textOf(node)}\` is a condition, and a value is needed here`);
    },
  };
  context.truth(condition.expression);
  return diagnostics;
}
