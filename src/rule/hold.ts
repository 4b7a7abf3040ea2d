import type { Condition, Scope, Truth, Value } from './condition.ts';
import type { Comparable, Expression, ExpressionType } from './expression.ts';
import type { Holding } from './kind.ts';
import { kindOf } from './kinds/list.ts';
import { finite, numberOfProperty } from './numbers.ts';
import { typing } from './typed.ts';

/** Reads the value of a name for one account, user or event. */
export type Read = (name: string) => Value;

/**
 * Whether a condition holds: true, false, or null where it is unknown.
 *
 * The second meaning of the language, written without regard to the SQL; a property test holds the two together.
 * The condition must have passed `checkCondition` in a scope with the same types.
 */
export function holdCondition(condition: Condition, read: Read, asOf: Date, typeOf: Scope['typeOf']): Truth {
  return holding(read, asOf.toISOString().slice(0, 10), typeOf).truth(condition.expression);
}

/** The evaluation of any node of a condition against one reading. `asOf` is an ISO day. */
export function holding(read: Read, asOf: string, typeOf: Scope['typeOf']): Holding {
  const types = typing(typeOf);
  const yieldOf = (node: Expression) => kindOf(node.kind).hold(node, context);
  const raw = (node: Expression): Value => {
    const value = yieldOf(node);
    return typeof value === 'boolean' ? Number(value) : known(value);
  };
  const context: Holding = {
    ...types,
    read,
    asOf,
    raw,
    truth: (node) => {
      const truth = yieldOf(node);
      if (truth === null || typeof truth === 'boolean') return truth;
      throw new Error(`a ${node.kind} node is no condition`);
    },
    value: (node, want) => typed(raw(node), types.typeOf(node), want),
  };
  return context;
}

/** NaN, infinities and empty lists are unknown. */
function known(value: Value): Value {
  if (typeof value === 'number') return finite(value);
  return Array.isArray(value) && value.length === 0 ? null : value;
}

function typed(value: Value, type: ExpressionType, want: Comparable): Value {
  if (value === null || type !== 'property') return value;
  return want === 'number' ? numberOfProperty(value) : String(value);
}
