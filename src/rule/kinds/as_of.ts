import type { Kind } from '../kind.ts';

/** The day on which all is measured. Moved by whole days: `as_of - 30`. */
export const asOf: Kind = {
  name: 'as_of',
  parseHead: (cursor) => {
    const { start } = cursor.peek();
    return cursor.accepts('as_of') ? cursor.node('as_of', start) : null;
  },
  typeOf: () => 'day',
  check: () => {},
  compile: (_node, context) => `toDate32(${context.asOf})`,
  hold: (_node, context) => context.asOf,
  describe: () => 'the day of the answer',
};
