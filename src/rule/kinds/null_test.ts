import { part } from '../expression.ts';
import { target } from '../flip.ts';
import type { Kind } from '../kind.ts';
import { leaf } from './leaf.ts';

/** `x is null`, `x is not null`: never unknown. An empty list is null. */
export const nullTest: Kind = {
  name: 'null_test',
  parseTail: (cursor, left) => {
    if (!cursor.accepts('is')) return null;
    const isNegated = cursor.accepts('not');
    cursor.expects('null', '`null` after `is`');
    return cursor.node('null_test', left.start, { isNegated, parts: [left] });
  },
  typeOf: () => 'truth',
  check: (node, context) => {
    const value = part(node, 0);
    context.value(value);
    if (value.kind === 'literal') {
      context.report(
        node,
        'nonsense-comparison',
        `\`${context.textOf(node)}\` compares a constant and always gives the same answer`,
      );
    }
  },
  compile: (node, context) => {
    const value = context.raw(part(node, 0));
    if (context.typeOf(part(node, 0)) === 'list') return `(${node.isNegated ? 'notEmpty' : 'empty'}(${value}))`;
    return `(${value} IS ${node.isNegated ? 'NOT ' : ''}NULL)`;
  },
  hold: (node, context) => (context.raw(part(node, 0)) === null) !== node.isNegated,
  describe: (node, context) => `${context.say(part(node, 0))} is ${node.isNegated ? 'known' : 'unknown'}`,
  flip: (node, aim, context) => {
    const value = part(node, 0);
    const targets = value.kind === 'name' ? [target(value.word, { isNull: aim !== node.isNegated })] : [];
    return leaf(node, aim, context, targets);
  },
};
