import type { Comparable, Expression, ExpressionType } from './expression.ts';
import type { Checking, Typing } from './kind.ts';

/**
 * The type in which operands can be compared, or null where they cannot.
 *
 * A property takes the type of the others, and is text among its own; a flag is a number; an ISO date in quotes is a
 * day beside a day; null fits everything.
 */
export function comparableType(operands: readonly Expression[], types: Typing): Comparable | null {
  const kinds = new Set(operands.map((operand) => plainType(types.typeOf(operand))));
  kinds.delete('null');
  const hasProperty = kinds.delete('property');
  if (kinds.size === 0) return 'text';
  if (kinds.has('day') && !hasProperty && operands.every((operand) => isDay(operand, types))) return 'day';
  const [only] = kinds;
  return kinds.size === 1 && (only === 'number' || only === 'text') ? only : null;
}

function plainType(type: ExpressionType): ExpressionType {
  return type === 'flag' ? 'number' : type;
}

/** Days that the warehouse's calendar holds (1900 to 2299). */
const ISO_DAY = /^(?:19|2[0-2])\d{2}-\d{2}-\d{2}$/;

function isDay(operand: Expression, types: Typing): boolean {
  const type = types.typeOf(operand);
  if (type === 'text') return typeof operand.value === 'string' && isCalendarDay(operand.value);
  return type === 'day' || type === 'null';
}

/** February has no 30th: what no calendar holds is text. */
function isCalendarDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return ISO_DAY.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Words for a type, as a person would say it. */
export function typeInWords(type: ExpressionType): string {
  const words: Readonly<Record<ExpressionType, string>> = {
    number: 'a number',
    text: 'text',
    flag: 'yes or no (1 or 0)',
    list: 'a list',
    day: 'a day',
    property: 'an event property',
    truth: 'a condition',
    null: 'null',
  };
  return words[type];
}

const NUMERIC: ReadonlySet<ExpressionType> = new Set(['number', 'flag', 'property', 'null']);

/** Reports a child that is no number where one is needed. */
export function needNumber(child: Expression, purpose: string, context: Checking): void {
  const type = context.typeOf(child);
  if (NUMERIC.has(type)) return;
  const text = context.textOf(child);
  context.report(child, 'type-mismatch', `${purpose} needs a number, but \`${text}\` is ${typeInWords(type)}`);
}

/** Reports a child that is no text where some is needed. */
export function needText(child: Expression, purpose: string, context: Checking): void {
  const type = context.typeOf(child);
  if (type === 'text' || type === 'property' || type === 'null') return;
  const text = context.textOf(child);
  context.report(child, 'type-mismatch', `${purpose} needs text, but \`${text}\` is ${typeInWords(type)}`);
}

/** Reports operands that cannot be compared with each other, with what to write instead. */
export function needComparable(node: Expression, operands: readonly Expression[], context: Checking): void {
  for (const operand of operands) context.value(operand);
  const types = operands.map((operand) => context.typeOf(operand));
  if (types.includes('truth')) return;
  const list = operands[types.indexOf('list')];
  if (list !== undefined) {
    const name = context.textOf(list);
    const advice = `Ask for one of its values: \`${name} has 'value'\`.`;
    context.report(node, 'type-mismatch', `\`${name}\` is a list and cannot be compared`, advice);
    return;
  }
  if (comparableType(operands, context) !== null) return;
  const sides = operands.map(
    (operand, index) => `\`${context.textOf(operand)}\` (${typeInWords(types[index] ?? 'null')})`,
  );
  const distinct = [...new Set(sides)];
  const message = `cannot compare ${distinct.slice(0, -1).join(', ')} with ${distinct.at(-1) ?? ''}`;
  context.report(node, 'type-mismatch', message, mismatchAdvice(operands, types));
}

function mismatchAdvice(operands: readonly Expression[], types: readonly ExpressionType[]): string | undefined {
  const quoted = operands.find((operand) => operand.kind === 'literal' && typeof operand.value === 'string');
  const text = String(quoted?.value ?? '');
  if (types.includes('flag')) return 'A yes/no signal is written 1 and 0, without quotes.';
  if (types.includes('day')) return 'A day is compared with `as_of`, plus or minus whole days: `as_of - 30`.';
  if (quoted !== undefined && text !== '' && Number.isFinite(Number(text))) return `Write ${text} without quotes.`;
  if (types.includes('text') && quoted === undefined) return "Write text in single quotes: 'value'.";
  return undefined;
}
