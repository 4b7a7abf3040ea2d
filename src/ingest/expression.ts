/** A parsed mapping expression or `where`: the little language of `sources`. */
export type MappingNode =
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly MappingNode[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: MappingNode; readonly right: MappingNode }
  | { readonly kind: 'not'; readonly operand: MappingNode }
  | { readonly kind: 'negative'; readonly operand: MappingNode }
  | { readonly kind: 'isNull'; readonly operand: MappingNode; readonly isNegated: boolean }
  | {
      readonly kind: 'in';
      readonly operand: MappingNode;
      readonly list: readonly MappingNode[];
      readonly isNegated: boolean;
    }
  | {
      readonly kind: 'like';
      readonly operand: MappingNode;
      readonly pattern: MappingNode;
      readonly isNegated: boolean;
    };

/** Why an expression cannot be read, and at which character (from 1). */
export class ExpressionError extends Error {
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.name = 'ExpressionError';
    this.column = column;
  }
}

interface Token {
  readonly kind: 'name' | 'quoted' | 'text' | 'number' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s+|(?<text>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`)|(?<number>\d+(?:\.\d+)?)|(?<name>[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}\p{N}_$]+)*)|(?<symbol>\|\||!=|<>|<=|>=|[-+*/(),=<>])/uy;
const MAX_LENGTH = 2_000;
const MAX_DEPTH = 50;
const COMPARISONS = ['=', '!=', '<>', '<', '<=', '>', '>='];

/** Parses an expression; throws an `ExpressionError` with the place of the first fault. */
export function parseExpression(text: string): MappingNode {
  if (text.length > MAX_LENGTH) throw new ExpressionError(`longer than ${MAX_LENGTH} characters`, MAX_LENGTH);
  const parser = new Parser(tokenize(text));
  return parser.whole();
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new ExpressionError(`unexpected ${JSON.stringify(text[at])}`, at + 1);
    const { text: string, quoted, number, name, symbol } = match.groups ?? {};
    if (string !== undefined) tokens.push({ kind: 'text', text: string.slice(1, -1).replaceAll("''", "'"), at });
    else if (quoted !== undefined) {
      const mark = quoted[0] ?? '"';
      tokens.push({ kind: 'quoted', text: quoted.slice(1, -1).replaceAll(mark + mark, mark), at });
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, at });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, at });
  }
  tokens.push({ kind: 'end', text: 'the end', at: text.length });
  return tokens;
}

/** Recursive descent, weakest binding first: or, and, not, comparison, sum, product, unary, primary. */
class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): MappingNode {
    const node = this.#or();
    if (this.#peek().kind !== 'end') this.#fail();
    return node;
  }

  #or(): MappingNode {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new ExpressionError('nested too deeply', this.#peek().at + 1);
    let left = this.#and();
    while (this.#word('or')) left = { kind: 'binary', operator: 'or', left, right: this.#and() };
    this.#depth -= 1;
    return left;
  }

  #and(): MappingNode {
    let left = this.#not();
    while (this.#word('and')) left = { kind: 'binary', operator: 'and', left, right: this.#not() };
    return left;
  }

  #not(): MappingNode {
    return this.#word('not') ? { kind: 'not', operand: this.#not() } : this.#comparison();
  }

  #comparison(): MappingNode {
    const left = this.#sum();
    const operator = this.#symbol(COMPARISONS);
    if (operator !== null) {
      return { kind: 'binary', operator: operator === '<>' ? '!=' : operator, left, right: this.#sum() };
    }
    if (this.#word('is')) {
      const isNegated = this.#word('not');
      if (!this.#word('null')) this.#fail('null');
      return { kind: 'isNull', operand: left, isNegated };
    }
    const isNegated = this.#word('not');
    if (this.#word('like')) return { kind: 'like', operand: left, pattern: this.#sum(), isNegated };
    if (this.#word('in')) return { kind: 'in', operand: left, list: this.#list(), isNegated };
    if (isNegated) this.#fail('like or in');
    return left;
  }

  #sum(): MappingNode {
    let left = this.#product();
    for (let operator = this.#symbol(['+', '-', '||']); operator !== null; operator = this.#symbol(['+', '-', '||'])) {
      left = { kind: 'binary', operator, left, right: this.#product() };
    }
    return left;
  }

  #product(): MappingNode {
    let left = this.#unary();
    for (let operator = this.#symbol(['*', '/']); operator !== null; operator = this.#symbol(['*', '/'])) {
      left = { kind: 'binary', operator, left, right: this.#unary() };
    }
    return left;
  }

  #unary(): MappingNode {
    return this.#symbol(['-']) === null ? this.#primary() : { kind: 'negative', operand: this.#unary() };
  }

  #primary(): MappingNode {
    const token = this.#peek();
    this.#position += 1;
    if (token.kind === 'text') return { kind: 'text', value: token.text };
    if (token.kind === 'number') return { kind: 'number', value: token.text };
    if (token.kind === 'quoted') return { kind: 'column', name: token.text };
    if (token.kind === 'name') {
      return this.#peek().text === '(' && this.#peek().kind === 'symbol'
        ? { kind: 'call', name: token.text.toLowerCase(), args: this.#list() }
        : { kind: 'column', name: token.text };
    }
    if (token.kind === 'symbol' && token.text === '(') {
      const inner = this.#or();
      if (this.#symbol([')']) === null) this.#fail(')');
      return inner;
    }
    this.#position -= 1;
    return this.#fail();
  }

  #list(): MappingNode[] {
    if (this.#symbol(['(']) === null) this.#fail('(');
    const items: MappingNode[] = [];
    do items.push(this.#or());
    while (this.#symbol([',']) !== null);
    if (this.#symbol([')']) === null) this.#fail(')');
    return items;
  }

  #peek(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', text: 'the end', at: 0 };
  }

  #word(word: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'name' || token.text.toLowerCase() !== word) return false;
    this.#position += 1;
    return true;
  }

  #symbol(symbols: readonly string[]): string | null {
    const token = this.#peek();
    if (token.kind !== 'symbol' || !symbols.includes(token.text)) return null;
    this.#position += 1;
    return token.text;
  }

  #fail(expected?: string): never {
    const token = this.#peek();
    const wanted = expected === undefined ? '' : `, expected ${expected}`;
    throw new ExpressionError(`unexpected ${JSON.stringify(token.text)}${wanted}`, token.at + 1);
  }
}
