import { criticalZ, twoSidedP } from './normal.ts';

/** An estimate of one side, and its limits so many standard errors away. */
export interface OneSide {
  readonly estimate: number;
  readonly limitsAtZ: (z: number) => readonly [number, number];
}

/** A difference with its interval; `p` is 1 less the level at which the interval would just touch 0. */
export interface Difference {
  readonly difference: number;
  readonly interval: readonly [number, number];
  readonly p: number;
}

const MAX_Z = 38;
const BISECTIONS = 60;

/**
 * The first estimate less the second, of independent sides, with an interval made of theirs.
 *
 * Why: it keeps the skewness of each side's own interval, and is not empty where a side has seen no events; its p says
 * the same as its interval. `p` is never below what 38 standard errors give.
 *
 * Source: square-and-add of the distances to the limits (Newcombe 1998, method 10; MOVER of Zou and Donner 2008).
 */
export function differenceOf(first: OneSide, second: OneSide, level = 0.95): Difference {
  const difference = first.estimate - second.estimate;
  const limits = (z: number): readonly [number, number] => {
    const [low1, high1] = first.limitsAtZ(z);
    const [low2, high2] = second.limitsAtZ(z);
    return [
      difference - Math.hypot(first.estimate - low1, high2 - second.estimate),
      difference + Math.hypot(high1 - first.estimate, second.estimate - low2),
    ];
  };
  return { difference, interval: limits(criticalZ(level)), p: difference === 0 ? 1 : touching(difference, limits) };
}

function touching(difference: number, limits: (z: number) => readonly [number, number]): number {
  const isOff = (z: number): boolean => (difference > 0 ? limits(z)[0] > 0 : limits(z)[1] < 0);
  let low = 0;
  let high = MAX_Z;
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2;
    if (isOff(middle)) low = middle;
    else high = middle;
  }
  return twoSidedP(low);
}
