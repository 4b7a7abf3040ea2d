import type { Kind } from '../kind.ts';
import { both } from '../numbers.ts';

/** `a and b`: false wins over unknown. */
export const and: Kind = {
  name: 'and',
  typeOf: () => 'truth',
  check: (node, context) => {
    for (const child of node.parts) context.truth(child);
  },
  compile: (node, context) => `(${node.parts.map((child) => context.truth(child)).join(' AND ')})`,
  hold: (node, context) => both(node.parts.map((child) => context.truth(child))),
  describe: (node, context) => node.parts.map((child) => context.say(child)).join(' and '),
  needsBrackets: () => true,
  flip: (node, aim, context) => ({
    mode: aim ? 'all' : 'any',
    parts: node.parts.map((child) => context.flip(child, aim)),
    targets: [],
    text: context.textOf(node),
    names: [],
    aim,
    isReached: context.truth(node) === aim,
  }),
};
