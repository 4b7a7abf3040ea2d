import type { Truth, Value } from './condition.ts';

/** Numbers no further apart than this are equal (SIGNALS, fine print). The SQL says the same. */
export const TOLERANCE = 1e-9;

/** The number, or null where it is not finite: NaN and infinities are unknown. */
export function finite(value: Value | boolean | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * The number that an event property holds: its text as a decimal, `true` and `false` as 1 and 0, all else null.
 *
 * Why not `Number()`: it reads '' as 0, and hexadecimal; the warehouse does neither.
 */
export function numberOfProperty(value: Value): number | null {
  if (typeof value === 'number') return finite(value);
  if (value === 'true') return 1;
  if (value === 'false') return 0;
  return typeof value === 'string' && DECIMAL.test(value) ? finite(Number(value)) : null;
}

/** Order of two values of one type, or null where either is unknown: negative, 0 (equal, within tolerance) or positive. */
export function order(left: Value, right: Value): number | null {
  if (left === null || right === null) return null;
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    return Math.abs(difference) <= TOLERANCE ? 0 : difference;
  }
  return orderOfText(String(left), String(right));
}

/** Order by code point, which is the order of UTF-8 bytes and so the warehouse's; JavaScript's own is by UTF-16 unit. */
function orderOfText(left: string, right: string): number {
  if (left === right) return 0;
  const a = Array.from(left);
  const b = Array.from(right);
  const at = a.findIndex((character, index) => character !== b[index]);
  if (at < 0) return -1;
  const other = b[at];
  if (other === undefined) return 1;
  return (a[at]?.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
}

/** `and` of three-valued truths: false wins, then unknown. */
export function both(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(null) ? null : true;
}

/** `or` of three-valued truths: true wins, then unknown. */
export function either(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(null) ? null : false;
}

/** `not` of a three-valued truth: unknown stays unknown. */
export function negate(truth: Truth): Truth {
  return truth === null ? null : !truth;
}
