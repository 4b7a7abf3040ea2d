import { type Expression, walk } from '../expression.ts';
import type { Flip, Goal } from '../flip.ts';
import type { Flipping } from '../kind.ts';
import { finite, TOLERANCE } from '../numbers.ts';

/** The flip of a node that is one test: its goals, and whether it has the truth that is aimed at. */
export function leaf(node: Expression, aim: boolean, context: Flipping, goals: readonly Goal[]): Flip {
  const names = new Set([...walk(node)].filter((inner) => inner.kind === 'name').map((inner) => inner.word));
  return {
    mode: 'leaf',
    parts: [],
    goals,
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

/** Three places at which a difference is sampled: on one line through all of them, it is taken for linear. */
const SAMPLES: readonly number[] = [0, 1, 2];

/**
 * The thresholds of a numeric comparison, one for each name in which left - right is linear.
 *
 * Why sampled rather than solved: `coalesce(x, 1) * 2 >= y + 3` needs no algebra this way.
 */
export function threshold(left: Expression, right: Expression, context: Flipping): readonly Threshold[] {
  const names = new Set(
    [...walk(left), ...walk(right)].filter((node) => node.kind === 'name').map((node) => node.word),
  );
  return [...names].flatMap((name) => {
    const [d0, d1, d2] = SAMPLES.map((value) => difference(left, right, name, value, context));
    if (d0 == null || d1 == null || d2 == null) return [];
    const slope = d1 - d0;
    const isLinear = Math.abs(d2 - d1 - slope) <= TOLERANCE * Math.max(1, Math.abs(slope));
    if (!isLinear || slope === 0) return [];
    return [{ name, at: tidy(-d0 / slope), isRising: slope > 0 }];
  });
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
