import type { Value } from '../condition.ts';
import { type Expression, part } from '../expression.ts';
import type { Checking, Describing, Holding, Kind } from '../kind.ts';
import { finite } from '../numbers.ts';
import { needNumber, typeInWords } from '../typing.ts';

const OPERATIONS: Readonly<
  Record<string, { readonly word: string; readonly apply: (a: number, b: number) => number }>
> = {
  '+': { word: 'plus', apply: (a, b) => a + b },
  '-': { word: 'minus', apply: (a, b) => a - b },
  '*': { word: 'times', apply: (a, b) => a * b },
  '/': { word: 'divided by', apply: (a, b) => a / b },
};

/** A day is moved by at most this many days, so that no day leaves the calendar of the warehouse. */
const MAX_SHIFT_DAYS = 36_500;
const MS_PER_DAY = 86_400_000;

/** Sums and products of numbers, the negative of one (`minus`), and a day plus or minus whole days. */
export const arithmetic: Kind = {
  name: 'arithmetic',
  typeOf: (node, types) => (types.typeOf(part(node, 0)) === 'day' ? 'day' : 'number'),
  check: (node, context) => {
    for (const child of node.parts) context.value(child);
    const [left, right] = node.parts;
    if (left !== undefined && context.typeOf(left) === 'day') return checkShift(node, right, context);
    for (const child of node.parts) needNumber(child, `\`${node.word}\``, context);
    if (node.word === '/' && right?.value === 0) {
      context.report(node, 'nonsense-comparison', 'a division by zero is always unknown');
    }
  },
  compile: (node, context) => {
    const first = part(node, 0);
    if (context.typeOf(first) === 'day') {
      return `addDays(${context.value(first, 'day')}, ${shiftDays(node)})`;
    }
    const left = context.value(first, 'number');
    if (node.word === 'minus') return `(-${left})`;
    return `ifNotFinite(${left} ${node.word} ${context.value(part(node, 1), 'number')}, NULL)`;
  },
  hold: (node, context) => (context.typeOf(part(node, 0)) === 'day' ? shift(node, context) : compute(node, context)),
  describe: (node, context) => {
    const [left, right] = node.parts;
    if (left === undefined) return '';
    if (right === undefined) return `minus ${context.say(left)}`;
    if (left.kind === 'as_of' && right.kind === 'literal') return describeShift(node, left, context);
    return `${context.say(left)} ${OPERATIONS[node.word]?.word ?? node.word} ${context.say(right)}`;
  },
  needsBrackets: (node) => node.parts.length > 1 && node.parts[0]?.kind !== 'as_of',
};

function checkShift(node: Expression, days: Expression | undefined, context: Checking): void {
  const isWhole = typeof days?.value === 'number' && Number.isInteger(days.value) && days.kind === 'literal';
  if (isWhole && (node.word === '+' || node.word === '-')) {
    if (Math.abs(Number(days.value)) <= MAX_SHIFT_DAYS) return;
    context.report(node, 'nonsense-comparison', `a day is moved by at most ${MAX_SHIFT_DAYS} days`);
    return;
  }
  const found = days === undefined ? 'nothing' : `\`${context.textOf(days)}\` (${typeInWords(context.typeOf(days))})`;
  context.report(
    node,
    'type-mismatch',
    `a day is moved only by plus or minus whole days, not by ${found}`,
    'Write `as_of - 30`.',
  );
}

function shiftDays(node: Expression): number {
  const days = Number(part(node, 1).value);
  return node.word === '-' ? -days : days;
}

function shift(node: Expression, context: Holding): Value {
  const day = context.value(part(node, 0), 'day');
  if (typeof day !== 'string') return null;
  return new Date(Date.parse(`${day}T00:00:00Z`) + shiftDays(node) * MS_PER_DAY).toISOString().slice(0, 10);
}

function compute(node: Expression, context: Holding): Value {
  const left = finite(context.value(part(node, 0), 'number'));
  if (left === null) return null;
  if (node.word === 'minus') return -left;
  const right = finite(context.value(part(node, 1), 'number'));
  return right === null ? null : finite(OPERATIONS[node.word]?.apply(left, right));
}

function describeShift(node: Expression, day: Expression, context: Describing): string {
  const days = shiftDays(node);
  const size = Math.abs(days) === 1 ? '1 day' : `${Math.abs(days)} days`;
  return `${size} ${days < 0 ? 'before' : 'after'} ${context.say(day)}`;
}
