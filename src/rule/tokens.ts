/** A word of a condition's text. `text` is what it says: keywords in lower case, literals without their quotes. */
export interface Token {
  readonly type: 'name' | 'number' | 'text' | 'sign' | 'end' | 'fault';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Of a fault: what to do about it. */
  readonly advice?: string;
}

const BLANK = /\s+/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:\.(?:[A-Za-z0-9_$]+|"[^"\n]+"))*/y;
const TEXT = /'(?:[^']|'')*'/y;
const SIGN = /<=|>=|!=|<>|[=<>(),+\-*/]/y;

/** Signs of other languages, and what to write instead. */
const FOREIGN: readonly (readonly [string, string])[] = [
  ['==', 'Write `=`.'],
  ['&&', 'Write `and`.'],
  ['||', 'Write `or`.'],
  ['!', 'Write `not`.'],
  ['"', "Write text in single quotes, such as 'fintech'."],
  ['`', 'Write names without quotes.'],
  ['%', 'There is no remainder; `%` stands only inside the pattern of `like`.'],
  ["'", "Close the text with a single quote; a quote inside is doubled: 'O''Brien'."],
];

/**
 * The tokens of a condition's text, ended by an `end` token.
 *
 * A character that begins nothing becomes a `fault` token with advice; reading goes on behind it.
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = skip(text, 0);
  while (at < text.length) {
    const token = read(text, at);
    tokens.push(token);
    at = skip(text, token.end);
  }
  tokens.push({ type: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

function skip(text: string, at: number): number {
  return at + (match(BLANK, text, at)?.length ?? 0);
}

function read(text: string, at: number): Token {
  const foreign = FOREIGN.find(([sign]) => text.startsWith(sign, at) && !text.startsWith('!=', at));
  const quoted = match(TEXT, text, at);
  if (quoted !== null) {
    return { type: 'text', text: quoted.slice(1, -1).replaceAll("''", "'"), start: at, end: at + quoted.length };
  }
  if (foreign !== undefined) {
    const [sign, advice] = foreign;
    const end = sign === "'" ? text.length : at + sign.length;
    return { type: 'fault', text: text.slice(at, end), start: at, end, advice };
  }
  const number = match(NUMBER, text, at);
  if (number !== null) return readNumber(text, at, number);
  const name = match(NAME, text, at);
  if (name !== null) return { type: 'name', text: name.replaceAll('"', ''), start: at, end: at + name.length };
  const sign = match(SIGN, text, at);
  if (sign !== null) return { type: 'sign', text: sign === '<>' ? '!=' : sign, start: at, end: at + sign.length };
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return { type: 'fault', text: character, start: at, end: at + character.length };
}

/** A number with letters behind it (`30d`, `5k`) is one fault, not a number and a name. */
function readNumber(text: string, at: number, number: string): Token {
  const end = at + number.length;
  const tail = match(/[A-Za-z0-9_.]+/y, text, end);
  if (tail === null) return { type: 'number', text: number, start: at, end };
  const advice = 'Write a plain number, without unit or thousands separator.';
  return { type: 'fault', text: number + tail, start: at, end: end + tail.length, advice };
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
