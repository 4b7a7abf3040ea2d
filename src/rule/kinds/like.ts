import { part } from '../expression.ts';
import type { Kind } from '../kind.ts';
import { needText } from '../typing.ts';
import { leaf } from './leaf.ts';

/** `x like 'pattern'`: `%` any stretch, `_` any one character, `\` before either for itself; `ilike` ignores case. */
export const like: Kind = {
  name: 'like',
  parseTail: (cursor, left) => {
    const isNegated = cursor.sees('not') && (cursor.sees('like', 1) || cursor.sees('ilike', 1));
    if (!isNegated && !cursor.sees('like') && !cursor.sees('ilike')) return null;
    if (isNegated) cursor.take();
    const word = cursor.take().text.toLowerCase();
    const pattern = cursor.peek();
    if (pattern.type !== 'text')
      cursor.fails(pattern, `\`${word}\` needs a pattern in single quotes`, "Write `name like 'Test %'`.");
    if (endsInEscape(pattern.text))
      cursor.fails(pattern, 'the pattern ends in a single backslash', 'Double it to mean a backslash.');
    return cursor.node('like', left.start, { word, isNegated, parts: [left, cursor.value()] });
  },
  typeOf: () => 'truth',
  check: (node, context) => {
    const value = part(node, 0);
    context.value(value);
    needText(value, `\`${node.word}\``, context);
    const pattern = part(node, 1);
    if (pattern.kind !== 'literal') {
      context.report(pattern, 'type-mismatch', `\`${node.word}\` needs a plain pattern in single quotes`);
    }
  },
  compile: (node, context) => {
    const word = `${node.isNegated ? 'NOT ' : ''}${node.word.toUpperCase()}`;
    return `(${context.value(part(node, 0), 'text')} ${word} ${context.value(part(node, 1), 'text')})`;
  },
  hold: (node, context) => {
    const value = context.value(part(node, 0), 'text');
    const pattern = context.value(part(node, 1), 'text');
    if (typeof value !== 'string' || typeof pattern !== 'string') return null;
    return matches(value, pattern, node.word === 'ilike') !== node.isNegated;
  },
  describe: (node, context) =>
    `${context.say(part(node, 0))} ${node.isNegated ? 'does not match' : 'matches'} "${context.say(part(node, 1))}"`,
  flip: (node, aim, context) => leaf(node, aim, context, []),
};

function endsInEscape(pattern: string): boolean {
  const tail = /\\*$/.exec(pattern)?.[0].length ?? 0;
  return tail % 2 === 1;
}

/** One place of a pattern: any stretch, any one character, or (`any` null) this character. */
interface Piece {
  readonly any: 'stretch' | 'one' | null;
  readonly character: string;
}

function piecesOf(pattern: string): readonly Piece[] {
  const characters = Array.from(pattern);
  const pieces: Piece[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    const next = characters[at + 1];
    if (character === '\\' && next !== undefined && '%_\\'.includes(next)) {
      pieces.push({ any: null, character: next });
      at += 1;
    } else if (character === '%') pieces.push({ any: 'stretch', character });
    else if (character === '_') pieces.push({ any: 'one', character });
    else pieces.push({ any: null, character });
  }
  return pieces;
}

/**
 * Whether a text matches a pattern.
 *
 * Why not a regular expression: several `%` make it backtrack without bound; going back only to the last `%` does not.
 */
function matches(value: string, pattern: string, isCaseIgnored: boolean): boolean {
  const fold = (character: string) => (isCaseIgnored ? character.toLowerCase() : character);
  const text = Array.from(value);
  const pieces = piecesOf(pattern);
  let at = 0;
  let piece = 0;
  let lastStretch = -1;
  let resumeAt = 0;
  while (at < text.length) {
    const wanted = pieces[piece];
    if (wanted?.any === 'stretch') {
      lastStretch = piece;
      resumeAt = at;
      piece += 1;
    } else if (wanted !== undefined && (wanted.any === 'one' || fold(wanted.character) === fold(text[at] ?? ''))) {
      at += 1;
      piece += 1;
    } else if (lastStretch >= 0) {
      resumeAt += 1;
      at = resumeAt;
      piece = lastStretch + 1;
    } else return false;
  }
  return pieces.slice(piece).every((rest) => rest.any === 'stretch');
}
