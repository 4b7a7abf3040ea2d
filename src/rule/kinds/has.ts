import { part } from '../expression.ts';
import type { Kind } from '../kind.ts';
import { needText, typeInWords } from '../typing.ts';
import { leaf } from './leaf.ts';

/** `tech_stack has 'snowflake'`: whether a list holds a text. An empty list is an unknown one, and so unknown. */
export const has: Kind = {
  name: 'has',
  parseTail: (cursor, left) => {
    const isNegated = cursor.sees('not') && cursor.sees('has', 1);
    if (!isNegated && !cursor.sees('has')) return null;
    if (isNegated) cursor.take();
    cursor.take();
    return cursor.node('has', left.start, { isNegated, parts: [left, cursor.value()] });
  },
  typeOf: () => 'truth',
  check: (node, context) => {
    const [list, item] = [part(node, 0), part(node, 1)];
    context.value(list);
    context.value(item);
    const type = context.typeOf(list);
    if (type !== 'list' && type !== 'null') {
      const advice = `Write \`${context.textOf(list)} = ${context.textOf(item)}\`.`;
      context.report(
        list,
        'type-mismatch',
        `\`has\` needs a list, but \`${context.textOf(list)}\` is ${typeInWords(type)}`,
        advice,
      );
    }
    needText(item, '`has`', context);
  },
  compile: (node, context) => {
    const list = context.value(part(node, 0), 'list');
    const item = context.value(part(node, 1), 'text');
    const unknown = part(node, 1).kind === 'literal' ? `empty(${list})` : `empty(${list}) OR isNull(${item})`;
    const found = `has(${list}, ${item})`;
    return `if(${unknown}, NULL, ${node.isNegated ? `NOT ${found}` : found})`;
  },
  hold: (node, context) => {
    const list = context.value(part(node, 0), 'list');
    const item = context.value(part(node, 1), 'text');
    if (!Array.isArray(list) || typeof item !== 'string') return null;
    return list.includes(item) !== node.isNegated;
  },
  describe: (node, context) =>
    `${context.say(part(node, 0))} ${node.isNegated ? 'does not include' : 'includes'} ${context.say(part(node, 1))}`,
  flip: (node, aim, context) => leaf(node, aim, context, []),
};
