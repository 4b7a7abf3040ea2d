import type { Condition, Scope } from './condition.ts';
import type { Expression } from './expression.ts';
import type { Flip } from './flip.ts';
import { holding, type Read } from './hold.ts';
import type { Flipping } from './kind.ts';
import { kindOf } from './kinds/list.ts';

/** What a condition is read against when ways to change it are sought. */
export interface Situation {
  readonly read: Read;
  readonly asOf: Date;
  readonly typeOf: Scope['typeOf'];
  /** The truth to reach; true where not given. */
  readonly aim?: boolean;
}

/**
 * How a condition could be made true (or false): a tree of all-of and any-of over its tests, each with the values that
 * one name would have to take. A later stage weighs them and picks the smallest change.
 */
export function flips(condition: Condition, situation: Situation): Flip {
  const asOf = situation.asOf.toISOString().slice(0, 10);
  const context: Flipping = {
    ...holding(situation.read, asOf, situation.typeOf),
    textOf: (node) => condition.text.slice(node.start, node.end),
    suppose: (name, value) =>
      holding((asked) => (asked === name ? value : situation.read(asked)), asOf, situation.typeOf),
    flip: (node: Expression, aim) => {
      const { flip } = kindOf(node.kind);
      if (flip === undefined) throw new Error(`a ${node.kind} node is no condition`);
      return flip(node, aim, context);
    },
  };
  return context.flip(condition.expression, situation.aim ?? true);
}
