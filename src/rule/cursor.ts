import type { Expression } from './expression.ts';
import type { Token } from './tokens.ts';

/** A fault of syntax: its offset in the text, what is wrong, what to do. */
export interface SyntaxFault {
  readonly code: string;
  readonly offset: number;
  readonly message: string;
  readonly suggestion?: string;
}

/** What the parser hands to the kinds' parse hooks: the tokens ahead, and the levels of the grammar. */
export interface Cursor {
  /** The token `ahead` places on, by default the next. */
  peek(ahead?: number): Token;
  /** Takes the next token. */
  take(): Token;
  /** Whether the token there is this keyword or sign. */
  sees(word: string, ahead?: number): boolean;
  /** Takes the keyword or sign if it is next. */
  accepts(word: string): boolean;
  /** Takes the keyword or sign, or stops with a fault that says `expected`. */
  expects(word: string, expected: string): Token;
  /** Stops with a fault at a token. */
  fails(token: Token, message: string, suggestion?: string): never;
  /** A whole condition: the loosest level. */
  condition(): Expression;
  /** A value: sums and all that binds tighter. */
  value(): Expression;
  /** A node from `start` to the last token taken. */
  node(
    kind: string,
    start: number,
    fields?: Partial<Pick<Expression, 'word' | 'value' | 'isNegated' | 'parts'>>,
  ): Expression;
}
