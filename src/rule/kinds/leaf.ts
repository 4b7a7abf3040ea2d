import { type Expression, walk } from '../expression.ts';
import type { Flip, Target } from '../flip.ts';
import type { Flipping } from '../kind.ts';
import { finite, TOLERANCE } from '../numbers.ts';

/** The flip of a node that is one test: its targets, and whether it has the truth that is aimed at. */
export function leaf(node: Expression, aim: boolean, context: Flipping, targets: readonly Target[]): Flip {
  const names = new Set([...walk(node)].filter((inner) => inner.kind === 'name').map((inner) => inner.word));
  return {
    mode: 'leaf',
    parts: [],
    targets,
    text: context.textOf(node),
    names: [...names],
    aim,
    isReached: context.truth(node) === aim,
  };
}

/** Where left equals right as one name moves and all else stays; rising: left - right grows with the name. */
export interface Threshold {
  readonly name: string;
  readonly at: number;
  readonly isRising: boolean;
}

/** Relative error below which a difference counts as none, after the rounding of a few operations. */
const ROUNDING = 1e-6;

/**
 * The thresholds of a numeric comparison, one for each name in which left - right is linear around its zero.
 *
 * Why sampled rather than solved: `coalesce(x, 1) * 2 >= y + 3` needs no algebra this way. A zero found from one stretch
 * of `abs`, `least` or `greatest` may lie on another; it is kept only if left and right do meet and cross there.
 */
export function threshold(left: Expression, right: Expression, context: Flipping): readonly Threshold[] {
  const names = new Set(
    [...walk(left), ...walk(right)].filter((node) => node.kind === 'name').map((node) => node.word),
  );
  return [...names].flatMap((name) => {
    const at = (value: number) => difference(left, right, name, value, context);
    const starts = [0, finite(context.read(name))].filter((start) => start !== null);
    return starts.map((start) => zeroFrom(start, at, name)).find((found) => found !== null) ?? [];
  });
}

function zeroFrom(start: number, at: (value: number) => number | null, name: string): Threshold | null {
  const d0 = at(start);
  const d1 = at(start + 1);
  if (d0 === null || d1 === null || d0 === d1) return null;
  const zero = tidy(start - d0 / (d1 - d0));
  const [below, there, above] = [at(zero - 1), at(zero), at(zero + 1)];
  if (below === null || there === null || above === null) return null;
  const meets = Math.abs(there) <= ROUNDING * Math.max(1, Math.abs(above - below));
  const crosses = Math.abs(above + below) <= ROUNDING * Math.max(1, Math.abs(above - below)) && above !== below;
  return meets && crosses ? { name, at: zero, isRising: above > below } : null;
}

function difference(
  left: Expression,
  right: Expression,
  name: string,
  value: number,
  context: Flipping,
): number | null {
  const supposed = context.suppose(name, value);
  const a = finite(supposed.value(left, 'number'));
  const b = finite(supposed.value(right, 'number'));
  return a === null || b === null ? null : a - b;
}

/** 0.30000000000000004 is 0.3 to a person, and equal to it within the tolerance. */
function tidy(value: number): number {
  const rounded = Number(value.toPrecision(12));
  return Math.abs(rounded - value) <= TOLERANCE ? rounded : value;
}
