/** A part of a condition that the builder can draw: a name, how it is compared, and with what. */
export interface Comparison {
  readonly kind: 'comparison';
  readonly name: string;
  readonly operator: Operator;
  /** As it stands in the text: `0.5`, `'enterprise'`, `('Gold', 'Silver')`, `50 and 200`. */
  readonly operand: string;
}

/** A part that is edited as text. */
interface Free {
  readonly kind: 'free';
  readonly text: string;
}

/** One of the parts that all must hold. */
export type Part = Comparison | Free;

/** Ways to compare that the builder offers. */
export const OPERATORS = [
  '=',
  '!=',
  '>=',
  '>',
  '<=',
  '<',
  'in',
  'not in',
  'between',
  'is null',
  'is not null',
] as const;

/** One of them. */
export type Operator = (typeof OPERATORS)[number];

const COMPARISON =
  /^([a-z_][a-z0-9_]*)\s*(?:(is\s+not\s+null|is\s+null)|(>=|<=|!=|<>|=|<|>|not\s+in\b|in\b|between\b)\s*([\s\S]+))$/i;
const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
const TEXT = `'(?:[^']|'')*'`;
const OPERAND: Readonly<Record<'one' | 'list' | 'range', RegExp>> = {
  one: new RegExp(`^(?:${NUMBER}|${TEXT})$`),
  list: new RegExp(`^\\((?:${NUMBER}|${TEXT})(?:\\s*,\\s*(?:${NUMBER}|${TEXT}))*\\)$`),
  range: new RegExp(`^${NUMBER}\\s+and\\s+${NUMBER}$`, 'i'),
};

/** What an operator is followed by. */
export function operandOf(operator: Operator): 'one' | 'list' | 'range' | 'none' {
  if (operator === 'in' || operator === 'not in') return 'list';
  if (operator === 'between') return 'range';
  return operator === 'is null' || operator === 'is not null' ? 'none' : 'one';
}

/** Whether what stands behind an operator can stand there. */
export function isOperand(operator: Operator, operand: string): boolean {
  const kind = operandOf(operator);
  return kind === 'none' ? operand === '' : OPERAND[kind].test(operand.trim());
}

/** The parts of a condition that all must hold; what the builder cannot draw stays text, and nothing is ever dropped. */
export function partsOf(condition: string): readonly Part[] {
  const pieces = splitAnd(condition.replace(/\s+/g, ' ').trim());
  return pieces.length === 1 && pieces[0] === '' ? [] : pieces.map(partOf);
}

/** The condition that the parts make. */
export function textOfParts(parts: readonly Part[]): string {
  const isAlone = parts.length === 1;
  return parts
    .map((part) => (part.kind === 'comparison' ? comparisonText(part) : freeText(part.text, isAlone)))
    .join(' and ');
}

function comparisonText({ name, operator, operand }: Comparison): string {
  return operandOf(operator) === 'none' ? `${name} ${operator}` : `${name} ${operator} ${operand.trim()}`;
}

/** A free part keeps its meaning among others: what holds an `or` of its own stands in brackets. */
function freeText(text: string, isAlone: boolean): string {
  return isAlone || splitBy(text, 'or').length === 1 ? text : `(${text})`;
}

function partOf(text: string): Part {
  const found = COMPARISON.exec(text);
  if (found === null) return { kind: 'free', text };
  const [, name = '', nullTest, sign, rest = ''] = found;
  const word = (nullTest ?? sign ?? '').toLowerCase().replace(/\s+/g, ' ');
  const operator = OPERATORS.find((each) => each === (word === '<>' ? '!=' : word));
  const operand = rest.trim();
  if (operator === undefined || !isOperand(operator, operand)) return { kind: 'free', text };
  return { kind: 'comparison', name, operator, operand };
}

/** Splits by `and` outside brackets and quotes; that of `between` belongs to it. A condition with an `or` at the top is one part. */
function splitAnd(text: string): readonly string[] {
  return splitBy(text, 'or').length > 1 ? [text] : splitBy(text, 'and');
}

function splitBy(text: string, word: 'and' | 'or'): readonly string[] {
  const parts: string[] = [];
  let [begun, depth, isQuoted, isBetween] = [0, 0, false, false];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === "'") isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (depth > 0 || !isWordStart(text, at)) continue;
    if (wordAt(text, at, 'between')) isBetween = true;
    if (wordAt(text, at, 'and') && isBetween) isBetween = false;
    else if (wordAt(text, at, word)) {
      parts.push(text.slice(begun, at).trim());
      begun = at + word.length;
    }
  }
  return [...parts, text.slice(begun).trim()];
}

const isWordStart = (text: string, at: number): boolean => at === 0 || !/\w/.test(text[at - 1] ?? '');

function wordAt(text: string, at: number, word: string): boolean {
  return text.slice(at, at + word.length).toLowerCase() === word && !/\w/.test(text[at + word.length] ?? '');
}
