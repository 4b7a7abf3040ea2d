import { DAY } from './instants.ts';

/** A seeded stream of chance: the same seed gives the same world on every machine. */
export interface Random {
  /** In [0, 1). */
  readonly next: () => number;
  /** True with probability `p`. */
  readonly chance: (p: number) => boolean;
  /** A whole number from `low` to `high`, both included. */
  readonly int: (low: number, high: number) => number;
  readonly pick: <T>(values: readonly T[]) => T;
  /** `value()` with probability `p`, else null. */
  readonly maybe: <T>(p: number, value: () => T) => T | null;
  /** Missing text in either spelling. */
  readonly blank: () => '' | null;
}

/** The mulberry32 generator of that seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    chance: (p) => next() < p,
    int,
    pick: (values) => {
      const value = values[int(0, values.length - 1)];
      if (value === undefined) throw new Error('nothing to pick from');
      return value;
    },
    maybe: (p, value) => (next() < p ? value() : null),
    blank: () => (next() < 0.5 ? '' : null),
  };
}

/** A day `days` after `start`, at its midnight. */
export function dayAfter(start: number, days: number): Date {
  return new Date(Math.floor(start / DAY) * DAY + days * DAY);
}
