import type { Truth, Value } from '../condition.ts';
import { type Comparable, type Expression, part } from '../expression.ts';
import { type Flip, type Target, target } from '../flip.ts';
import type { Checking, Compiling, Describing, Flipping, Holding, Kind } from '../kind.ts';
import { order, TOLERANCE } from '../numbers.ts';
import { comparableType, needComparable } from '../typing.ts';
import { checkKnownValue } from './known.ts';
import { leaf, threshold } from './leaf.ts';

interface Operator {
  /** Of the difference left - right, within tolerance. */
  readonly sql: (difference: string) => string;
  readonly text: string;
  readonly holds: (order: number) => boolean;
  readonly words: string;
  readonly dayWords: string;
  readonly opposite: string;
  /** The values of left that hold, for a right of `limit`. */
  readonly range: (limit: number) => Partial<Target>;
}

const EPSILON = String(TOLERANCE);

const OPERATORS: Readonly<Record<string, Operator>> = {
  '=': {
    sql: (d) => `abs(${d}) <= ${EPSILON}`,
    text: '=',
    holds: (o) => o === 0,
    words: 'is',
    dayWords: 'is',
    opposite: '!=',
    range: (limit) => ({ least: limit, most: limit }),
  },
  '!=': {
    sql: (d) => `abs(${d}) > ${EPSILON}`,
    text: '!=',
    holds: (o) => o !== 0,
    words: 'is not',
    dayWords: 'is not',
    opposite: '=',
    range: (limit) => ({ noneOf: [limit] }),
  },
  '<': {
    sql: (d) => `${d} < -${EPSILON}`,
    text: '<',
    holds: (o) => o < 0,
    words: 'is below',
    dayWords: 'is before',
    opposite: '>=',
    range: (limit) => ({ most: limit, isMostOpen: true }),
  },
  '<=': {
    sql: (d) => `${d} <= ${EPSILON}`,
    text: '<=',
    holds: (o) => o <= 0,
    words: 'is at most',
    dayWords: 'is on or before',
    opposite: '>',
    range: (limit) => ({ most: limit }),
  },
  '>': {
    sql: (d) => `${d} > ${EPSILON}`,
    text: '>',
    holds: (o) => o > 0,
    words: 'is above',
    dayWords: 'is after',
    opposite: '<=',
    range: (limit) => ({ least: limit, isLeastOpen: true }),
  },
  '>=': {
    sql: (d) => `${d} >= -${EPSILON}`,
    text: '>=',
    holds: (o) => o >= 0,
    words: 'is at least',
    dayWords: 'is on or after',
    opposite: '<',
    range: (limit) => ({ least: limit }),
  },
};

/** With the sides exchanged, `5 < x` is `x > 5`. */
const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** `=`, `!=`, `<`, `<=`, `>`, `>=`. Numbers within the tolerance of each other are equal. */
export const compare: Kind = {
  name: 'compare',
  parseTail: (cursor, left) => {
    const token = cursor.peek();
    if (token.type !== 'sign' || !Object.hasOwn(OPERATORS, token.text)) return null;
    cursor.take();
    const right = cursor.value();
    return cursor.node('compare', left.start, { word: token.text, parts: [left, right] });
  },
  typeOf: () => 'truth',
  check: (node, context) => {
    needComparable(node, node.parts, context);
    checkSense(node, context);
  },
  compile: (node, context) => compareSql(node.word, part(node, 0), part(node, 1), wantOf(node, context), context),
  hold: (node, context) => compareHold(node.word, part(node, 0), part(node, 1), wantOf(node, context), context),
  describe,
  flip,
};

/** SQL of one comparison of two operands as values of a type. */
export function compareSql(
  word: string,
  left: Expression,
  right: Expression,
  want: Comparable,
  context: Compiling,
): string {
  const a = context.value(left, want);
  const b = context.value(right, want);
  const operator = operatorOf(word);
  return `(${want === 'number' ? operator.sql(`${a} - ${b}`) : `${a} ${operator.text} ${b}`})`;
}

/** Truth of one comparison of two operands as values of a type. */
export function compareHold(
  word: string,
  left: Expression,
  right: Expression,
  want: Comparable,
  context: Holding,
): Truth {
  const found = order(context.value(left, want), context.value(right, want));
  return found === null ? null : operatorOf(word).holds(found);
}

function operatorOf(word: string): Operator {
  const operator = OPERATORS[word];
  if (operator === undefined) throw new Error(`no comparison ${word}`);
  return operator;
}

function wantOf(node: Expression, context: Compiling | Holding): Comparable {
  const want = comparableType(node.parts, context);
  if (want === null) throw new Error('a condition is checked before it is used');
  return want;
}

function checkSense(node: Expression, context: Checking): void {
  const [left, right] = [part(node, 0), part(node, 1)];
  const types = [left, right].map((side) => context.typeOf(side));
  const words = `\`${context.textOf(node)}\``;
  if (types.includes('null') && [left, right].some((side) => side.kind === 'literal' && side.value === null)) {
    const advice = `Write \`${context.textOf(left)} is ${node.word === '!=' ? 'not ' : ''}null\`.`;
    context.report(node, 'nonsense-comparison', `${words} is always unknown`, advice);
    return;
  }
  if (left.kind === 'literal' && right.kind === 'literal') {
    context.warn(node, 'constant-comparison', `${words} compares two constants and always gives the same answer`);
  } else if (context.textOf(left) === context.textOf(right)) {
    context.report(node, 'nonsense-comparison', `${words} compares a value with itself`);
  }
  checkFlag(node, left, right, node.word, context);
  checkFlag(node, right, left, MIRRORED[node.word] ?? node.word, context);
  if (node.word === '=' || node.word === '!=') {
    checkKnownValue(left, right, context);
    checkKnownValue(right, left, context);
  }
}

/** A flag is 1 or 0: a comparison that both or neither pass says nothing. */
function checkFlag(node: Expression, side: Expression, other: Expression, word: string, context: Checking): void {
  if (context.typeOf(side) !== 'flag' || typeof other.value !== 'number' || other.kind !== 'literal') return;
  const { value } = other;
  const answers = [0, 1].map((flag) => operatorOf(word).holds(order(flag, value) ?? 0));
  if (answers[0] !== answers[1]) return;
  const message = `\`${context.textOf(node)}\` is always ${answers[0] === true ? 'true' : 'false'}: \`${context.textOf(side)}\` is 1 or 0`;
  context.report(node, 'nonsense-comparison', message);
}

function describe(node: Expression, context: Describing): string {
  const [left, right] = [part(node, 0), part(node, 1)];
  const operator = operatorOf(node.word);
  const isFlag = context.typeOf(left) === 'flag' && (right.value === 0 || right.value === 1);
  if (isFlag) return `${context.say(left)} ${operator.words} ${right.value === 1 ? 'yes' : 'no'}`;
  const isDay = [left, right].some((side) => side.kind === 'as_of' || side.parts[0]?.kind === 'as_of');
  return `${context.say(left)} ${isDay ? operator.dayWords : operator.words} ${context.say(right)}`;
}

function flip(node: Expression, aim: boolean, context: Flipping): Flip {
  const want = wantOf(node, context);
  const word = aim ? node.word : operatorOf(node.word).opposite;
  const [left, right] = [part(node, 0), part(node, 1)];
  if (want === 'number') {
    const targets = threshold(left, right, context).map(({ name, at, isRising }) =>
      target(name, operatorOf(isRising ? word : (MIRRORED[word] ?? word)).range(at)),
    );
    return leaf(node, aim, context, targets);
  }
  const targets = want === 'text' ? textTargets(word, left, right, context) : [];
  return leaf(node, aim, context, targets);
}

function textTargets(word: string, left: Expression, right: Expression, context: Flipping): readonly Target[] {
  const sides: readonly (readonly [Expression, Value])[] = [
    [left, context.value(right, 'text')],
    [right, context.value(left, 'text')],
  ];
  return sides.flatMap(([side, value]) => {
    if (side.kind !== 'name' || typeof value !== 'string') return [];
    if (word === '=') return [target(side.word, { oneOf: [value] })];
    return word === '!=' ? [target(side.word, { noneOf: [value] })] : [];
  });
}
