import type { Kind } from '../kind.ts';
import { either } from '../numbers.ts';

/** `a or b`: true wins over unknown. */
export const or: Kind = {
  name: 'or',
  typeOf: () => 'truth',
  check: (node, context) => {
    for (const child of node.parts) context.truth(child);
  },
  compile: (node, context) => `(${node.parts.map((child) => context.truth(child)).join(' OR ')})`,
  hold: (node, context) => either(node.parts.map((child) => context.truth(child))),
  describe: (node, context) => node.parts.map((child) => context.say(child)).join(' or '),
  needsBrackets: () => true,
  flip: (node, aim, context) => ({
    mode: aim ? 'any' : 'all',
    parts: node.parts.map((child) => context.flip(child, aim)),
    targets: [],
    text: context.textOf(node),
    names: [],
    aim,
    isReached: context.truth(node) === aim,
  }),
};
