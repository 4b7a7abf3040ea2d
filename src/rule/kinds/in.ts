import type { Truth, Value } from '../condition.ts';
import { type Comparable, type Expression, part } from '../expression.ts';
import { type Flip, target } from '../flip.ts';
import type { Checking, Compiling, Flipping, Holding, Kind } from '../kind.ts';
import { either, negate } from '../numbers.ts';
import { comparableType, needComparable } from '../typing.ts';
import { compareHold, compareSql } from './compare.ts';
import { checkKnownValue } from './known.ts';
import { leaf } from './leaf.ts';

/** `x in (a, b)`, `x not in (a, b)`: as SQL, an unknown x is unknown, and so is a miss beside a null in the list. */
export const inList: Kind = {
  name: 'in',
  parseTail: (cursor, left) => {
    const isNegated = cursor.sees('not') && cursor.sees('in', 1);
    if (!isNegated && !cursor.sees('in')) return null;
    if (isNegated) cursor.take();
    cursor.take();
    cursor.expects('(', '`(` and a list');
    if (cursor.sees(')')) return cursor.fails(cursor.peek(), 'the list after `in` is empty');
    const parts = [left, cursor.value()];
    while (cursor.accepts(',')) parts.push(cursor.value());
    cursor.expects(')', '`,` or `)`');
    return cursor.node('in', left.start, { isNegated, parts });
  },
  typeOf: () => 'truth',
  check,
  compile: (node, context) => {
    const [value, items] = sides(node);
    const want = wantOf(node, context);
    const areTexts = want === 'text' && items.every((item) => item.kind === 'literal' && item.value !== null);
    const sql = areTexts
      ? `(${context.value(value, want)} IN (${items.map((item) => context.raw(item)).join(', ')}))`
      : `(${items.map((item) => compareSql('=', value, item, want, context)).join(' OR ')})`;
    return node.isNegated ? `(NOT ${sql})` : sql;
  },
  hold: (node, context) => {
    const [value, items] = sides(node);
    const want = wantOf(node, context);
    const found: Truth = either(items.map((item) => compareHold('=', value, item, want, context)));
    return node.isNegated ? negate(found) : found;
  },
  weigh: (_node, [value = 0, ...items]) => items.reduce((sum, item) => sum + value + item, 1),
  describe: (node, context) => {
    const [value, items] = sides(node);
    const words = items.map((item) => context.say(item));
    const last = words.at(-1) ?? '';
    const listed = words.length === 1 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
    return `${context.say(value)} is ${node.isNegated ? 'not ' : ''}${listed}`;
  },
  flip,
};

function sides(node: Expression): readonly [Expression, readonly Expression[]] {
  return [part(node, 0), node.parts.slice(1)];
}

function wantOf(node: Expression, context: Compiling | Holding): Comparable {
  const want = comparableType(node.parts, context);
  if (want === null) throw new Error('a condition is checked before it is used');
  return want;
}

function check(node: Expression, context: Checking): void {
  needComparable(node, node.parts, context);
  const [value, items] = sides(node);
  const seen = new Set<Value>();
  for (const item of items) {
    checkKnownValue(value, item, context);
    if (item.kind !== 'literal') continue;
    if (item.value === null) {
      const advice = `Take it out, and write \`or ${context.textOf(value)} is null\` if you mean that.`;
      context.warn(item, 'nonsense-comparison', 'a null in a list makes every miss unknown', advice);
    } else if (seen.has(item.value)) {
      context.warn(item, 'constant-comparison', `${context.textOf(item)} stands in the list twice`);
    }
    const isFlagMiss = context.typeOf(value) === 'flag' && item.value !== null && item.value !== 0 && item.value !== 1;
    if (isFlagMiss && typeof item.value === 'number') {
      context.report(item, 'nonsense-comparison', `\`${context.textOf(value)}\` is 1 or 0, never ${item.value}`);
    }
    seen.add(item.value);
  }
}

function flip(node: Expression, aim: boolean, context: Flipping): Flip {
  const [value, items] = sides(node);
  const want = wantOf(node, context);
  const values = items
    .map((item) => context.value(item, want))
    .filter((item) => typeof item === 'number' || typeof item === 'string');
  if (value.kind !== 'name') return leaf(node, aim, context, []);
  const isInside = aim !== node.isNegated;
  return leaf(node, aim, context, [target(value.word, isInside ? { oneOf: values } : { noneOf: values })]);
}
