import { part } from '../expression.ts';
import type { Kind } from '../kind.ts';
import { negate } from '../numbers.ts';

/** `not a`: unknown stays unknown, and so selects nothing. */
export const not: Kind = {
  name: 'not',
  typeOf: () => 'truth',
  check: (node, context) => context.truth(part(node, 0)),
  compile: (node, context) => `(NOT ${context.truth(part(node, 0))})`,
  hold: (node, context) => negate(context.truth(part(node, 0))),
  describe: (node, context) => `it is not so that ${context.say(part(node, 0))}`,
  flip: (node, aim, context) => context.flip(part(node, 0), !aim),
};
