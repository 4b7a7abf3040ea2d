import type { Diagnostic, Place } from '../model/diagnostic.ts';
import type { Condition, Mark } from './condition.ts';
import type { Cursor, SyntaxFault } from './cursor.ts';
import { type Expression, walk } from './expression.ts';
import { KINDS, kindOf } from './kinds/list.ts';
import { marksFrom, placeAt } from './place.ts';
import { type Token, tokenize } from './tokens.ts';

/** Longest condition in characters: a rule that a person cannot read is no rule. */
const MAX_LENGTH = 8_000;
/** Deepest nesting, so that neither parser nor engine can be driven out of its stack. */
const MAX_DEPTH = 64;
/** Most nodes of one condition. */
const MAX_NODES = 2_000;
/** Most nodes of its SQL, in which some kinds say a value more than once. */
const MAX_WEIGHT = 10_000;

const NAME_PARTS = 'Name its parts as bands or signals of your own.';

/** A condition, or the faults that prevented it. */
export interface ParsedCondition {
  readonly condition: Condition | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a condition from text.
 *
 * `marks` say where the text stands in its file when it spans lines; without them it begins at `place` and goes on at
 * column 1 after each line break. Names are not judged here: that is `checkCondition`.
 */
export function parseCondition(
  text: string,
  place: Place,
  marks: readonly Mark[] = marksFrom(text, place),
): ParsedCondition {
  const faults: SyntaxFault[] = [];
  const expression = readExpression(text, faults);
  const diagnostics = faults.map(
    (fault): Diagnostic => ({
      code: fault.code,
      severity: 'error',
      message: fault.message,
      place: placeAt(place, marks, fault.offset),
      ...(fault.suggestion === undefined ? {} : { suggestion: fault.suggestion }),
    }),
  );
  if (expression === null) return { condition: null, diagnostics };
  return { condition: { text, expression, names: namesOf(expression), place, marks }, diagnostics };
}

/** Distinct names that an expression reads, in order of first appearance. */
function namesOf(expression: Expression): readonly string[] {
  const names = new Set<string>();
  for (const node of walk(expression)) if (node.kind === 'name') names.add(node.word);
  return [...names];
}

/** Thrown by the cursor to leave the parser at a fault; caught here and nowhere else. */
class SyntaxStop {
  readonly fault: SyntaxFault;

  constructor(fault: SyntaxFault) {
    this.fault = fault;
  }
}

function readExpression(text: string, faults: SyntaxFault[]): Expression | null {
  if (text.length > MAX_LENGTH) {
    faults.push({
      code: 'condition-too-long',
      offset: 0,
      message: `the condition has ${text.length} characters; at most ${MAX_LENGTH} are read`,
      suggestion: NAME_PARTS,
    });
    return null;
  }
  try {
    const expression = readAll(new TokenCursor(tokenize(text)));
    if (weigh(expression) <= MAX_WEIGHT) return expression;
    const message = 'the condition is nested too far: its SQL would be too long';
    faults.push({ code: 'condition-too-deep', offset: 0, message, suggestion: NAME_PARTS });
    return null;
  } catch (stop) {
    if (!(stop instanceof SyntaxStop)) throw stop;
    faults.push(stop.fault);
    return null;
  }
}

function weigh(expression: Expression): number {
  const weights = expression.parts.map(weigh);
  const own = kindOf(expression.kind).weigh;
  return own === undefined ? weights.reduce((sum, weight) => sum + weight, 1) : own(expression, weights);
}

function readAll(cursor: TokenCursor): Expression {
  if (cursor.peek().type === 'end') cursor.fails(cursor.peek(), 'the condition is empty');
  const expression = cursor.condition();
  const rest = cursor.peek();
  if (rest.type === 'fault') cursor.take();
  if (rest.type !== 'end') cursor.fails(rest, `\`${rest.text}\` was not expected here`, adviceForRest(rest));
  return expression;
}

function adviceForRest(rest: Token): string | undefined {
  if (rest.text === ')') return 'There is no bracket that it would close.';
  if (rest.text === ',') return 'A comma stands only in a list: `in (1, 2)`.';
  if (['=', '!=', '<', '<=', '>', '>='].includes(rest.text))
    return 'Write `x between 1 and 5`, or two comparisons joined by `and`.';
  return 'Join two conditions with `and` or `or`.';
}

const SUMS = ['+', '-'];
const PRODUCTS = ['*', '/'];

/** Recursive descent, loosest first: or, and, not, tests, sums, products, sign, and what the kinds' hooks read. */
class TokenCursor implements Cursor {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;
  private nodes = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)];
    if (token === undefined) throw new Error('a text has at least its end token');
    return token;
  }

  take(): Token {
    const token = this.peek();
    if (token.type === 'fault') this.fails(token, `\`${token.text}\` is not part of the language`, token.advice);
    this.at += 1;
    return token;
  }

  sees(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.type === 'name' || token.type === 'sign') && token.text.toLowerCase() === word;
  }

  accepts(word: string): boolean {
    if (!this.sees(word)) return false;
    this.take();
    return true;
  }

  expects(word: string, expected: string): Token {
    if (!this.sees(word)) this.fails(this.peek(), `expected ${expected}, found ${this.found()}`);
    return this.take();
  }

  fails(token: Token, message: string, suggestion?: string): never {
    const code = message.startsWith('the condition is nested') ? 'condition-too-deep' : 'condition-syntax';
    const advice = suggestion ?? token.advice;
    throw new SyntaxStop({
      code,
      offset: token.start,
      message,
      ...(advice === undefined ? {} : { suggestion: advice }),
    });
  }

  node(
    kind: string,
    start: number,
    fields: Partial<Pick<Expression, 'word' | 'value' | 'isNegated' | 'parts'>> = {},
  ): Expression {
    const end = this.tokens[this.at - 1]?.end ?? start;
    this.nodes += 1;
    if (this.nodes > MAX_NODES)
      this.fails(this.peek(), `the condition is nested or listed too far: over ${MAX_NODES} parts`);
    return { kind, word: '', value: null, isNegated: false, parts: [], start, end, ...fields };
  }

  condition(): Expression {
    return this.deeper(() => this.joined('or', () => this.joined('and', () => this.negation())));
  }

  value(): Expression {
    return this.deeper(() => this.operation(SUMS, () => this.operation(PRODUCTS, () => this.signed())));
  }

  private deeper(read: () => Expression): Expression {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) this.fails(this.peek(), `the condition is nested more than ${MAX_DEPTH} deep`);
    const expression = read();
    this.depth -= 1;
    return expression;
  }

  /** `a and b and c` is one node with three parts. */
  private joined(word: 'and' | 'or', read: () => Expression): Expression {
    const first = read();
    if (!this.sees(word)) return first;
    const parts = [first];
    while (this.accepts(word)) parts.push(read());
    return this.node(word, first.start, { parts });
  }

  private negation(): Expression {
    if (!this.sees('not')) return this.test();
    const start = this.take().start;
    return this.deeper(() => this.node('not', start, { parts: [this.negation()] }));
  }

  private test(): Expression {
    const left = this.value();
    for (const kind of KINDS) {
      const found = kind.parseTail?.(this, left);
      if (found) return found;
    }
    return left;
  }

  private operation(words: readonly string[], read: () => Expression): Expression {
    let left = read();
    let length = 1;
    for (let word = words.find((sign) => this.sees(sign)); word; word = words.find((sign) => this.sees(sign))) {
      length += 1;
      if (length > MAX_DEPTH) this.fails(this.take(), `the condition is nested more than ${MAX_DEPTH} deep`);
      this.take();
      left = this.node('arithmetic', left.start, { word, parts: [left, read()] });
    }
    return left;
  }

  private signed(): Expression {
    if (!this.sees('-')) return this.head();
    const start = this.take().start;
    return this.deeper(() => this.negative(start));
  }

  private negative(start: number): Expression {
    const inner = this.signed();
    if (inner.kind === 'literal' && typeof inner.value === 'number') return { ...inner, value: -inner.value, start };
    return this.node('arithmetic', start, { word: 'minus', parts: [inner] });
  }

  private head(): Expression {
    if (this.sees('(')) return this.bracketed();
    for (const kind of KINDS) {
      const found = kind.parseHead?.(this);
      if (found) return found;
    }
    if (this.peek().type === 'fault') this.take();
    return this.fails(this.peek(), `expected a value, found ${this.found()}`);
  }

  /** What stands in brackets keeps them in its text. */
  private bracketed(): Expression {
    const { start } = this.take();
    const inner = this.condition();
    const { end } = this.expects(')', '`)`');
    return { ...inner, start, end };
  }

  private found(): string {
    const token = this.peek();
    return token.type === 'end' ? 'the end of the condition' : `\`${token.text}\``;
  }
}
