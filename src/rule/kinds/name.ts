import type { Kind } from '../kind.ts';
import { didYouMean } from '../nearest.ts';

/** Words of the language; none of them can be a name. */
const RESERVED: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'like',
  'ilike',
  'between',
  'is',
  'null',
  'has',
  'as_of',
]);

/** A signal, trait, band, class or event property, by its name. */
export const name: Kind = {
  name: 'name',
  parseHead: (cursor) => {
    const token = cursor.peek();
    if (token.type !== 'name' || RESERVED.has(token.text.toLowerCase())) return null;
    if (cursor.sees('(', 1)) {
      const advice = 'The functions are coalesce, abs, least and greatest.';
      return cursor.fails(token, `there is no function \`${token.text}\``, advice);
    }
    cursor.take();
    return cursor.node('name', token.start, { word: token.text });
  },
  typeOf: (node, types) => types.typeOfName(node.word) ?? 'null',
  check: (node, context) => {
    const { scope } = context;
    if (scope.typeOf(node.word) !== undefined) return;
    const reason = scope.whyNot?.(node.word);
    if (reason !== undefined) {
      context.report(node, 'name-out-of-reach', `\`${node.word}\` cannot be read here`, reason);
      return;
    }
    const isYesNo = /^(true|false|yes|no)$/i.test(node.word);
    const advice = isYesNo ? 'Yes and no are written 1 and 0.' : (didYouMean(node.word, scope.names) ?? scope.hint);
    context.report(node, 'unknown-name', `nothing is called \`${node.word}\``, advice);
  },
  compile: (node, context) => context.columnOf(node.word),
  hold: (node, context) => context.read(node.word),
  describe: (node, context) => context.labelOf(node.word),
};
