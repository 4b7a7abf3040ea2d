import { type Expression, part, walk } from '../expression.ts';
import { type Flip, target } from '../flip.ts';
import type { Compiling, Flipping, Holding, Kind } from '../kind.ts';
import { both, finite, negate, order } from '../numbers.ts';
import { comparableType, needComparable } from '../typing.ts';
import { compareHold, compareSql } from './compare.ts';
import { leaf } from './leaf.ts';

/** `x between low and high`, both ends included; `not between`. */
export const between: Kind = {
  name: 'between',
  parseTail: (cursor, left) => {
    const isNegated = cursor.sees('not') && cursor.sees('between', 1);
    if (!isNegated && !cursor.sees('between')) return null;
    if (isNegated) cursor.take();
    cursor.take();
    const low = cursor.value();
    cursor.expects('and', '`and` between the two bounds');
    const high = cursor.value();
    return cursor.node('between', left.start, { isNegated, parts: [left, low, high] });
  },
  typeOf: () => 'truth',
  check: (node, context) => {
    needComparable(node, node.parts, context);
    const [low, high] = [part(node, 1), part(node, 2)];
    if (low.kind !== 'literal' || high.kind !== 'literal') return;
    const isReversed = typeof low.value === typeof high.value && (order(low.value, high.value) ?? 0) > 0;
    if (!isReversed) return;
    const advice = `Write \`between ${context.textOf(high)} and ${context.textOf(low)}\`.`;
    context.report(
      node,
      'nonsense-comparison',
      'the bounds of `between` are reversed, so nothing lies between them',
      advice,
    );
  },
  compile: (node, context) => {
    const [value, low, high] = [part(node, 0), part(node, 1), part(node, 2)];
    const want = wantOf(node, context);
    const sql = `(${compareSql('>=', value, low, want, context)} AND ${compareSql('<=', value, high, want, context)})`;
    return node.isNegated ? `(NOT ${sql})` : sql;
  },
  hold: (node, context) => {
    const [value, low, high] = [part(node, 0), part(node, 1), part(node, 2)];
    const want = wantOf(node, context);
    const inside = both([compareHold('>=', value, low, want, context), compareHold('<=', value, high, want, context)]);
    return node.isNegated ? negate(inside) : inside;
  },
  weigh: (_node, [value = 0, ...bounds]) => 2 * value + bounds.reduce((sum, bound) => sum + bound, 1),
  describe: (node, context) => {
    const [value, low, high] = node.parts.map((child) => context.say(child));
    return `${value} is ${node.isNegated ? 'not ' : ''}between ${low} and ${high}`;
  },
  flip,
};

function wantOf(node: Expression, context: Compiling | Holding) {
  const want = comparableType(node.parts, context);
  if (want === null) throw new Error('a condition is checked before it is used');
  return want;
}

/** Inside is one target with two bounds; outside is below or above. */
function flip(node: Expression, aim: boolean, context: Flipping): Flip {
  const [value, low, high] = [part(node, 0), part(node, 1), part(node, 2)];
  const least = finite(context.value(low, 'number'));
  const most = finite(context.value(high, 'number'));
  const isCircular = [...walk(low), ...walk(high)].some((inner) => inner.kind === 'name' && inner.word === value.word);
  if (value.kind !== 'name' || isCircular || least === null || most === null) return leaf(node, aim, context, []);
  if (least > most) return leaf(node, aim, context, []);
  const isInside = aim !== node.isNegated;
  const targets = isInside
    ? [target(value.word, { least, most })]
    : [target(value.word, { most: least, isMostOpen: true }), target(value.word, { least: most, isLeastOpen: true })];
  return leaf(node, aim, context, targets);
}
