/** A seeded stream of chance: the same seed gives the same world on every machine. */
export interface Random {
  /** In [0, 1). */
  readonly next: () => number;
  /** True with probability `p`. */
  readonly chance: (p: number) => boolean;
  /** A real number in [low, high). */
  readonly between: (low: number, high: number) => number;
  /** A whole number from `low` to `high`, both included. */
  readonly whole: (low: number, high: number) => number;
  /** Exponential with mean 1. */
  readonly exponential: () => number;
  /** Normal with mean 0 and standard deviation 1. */
  readonly normal: () => number;
  /** Poisson; for means up to a few hundred. */
  readonly poisson: (mean: number) => number;
  readonly pick: <T>(values: readonly T[]) => T;
  /** A key of the record, by its weights. */
  readonly weighted: <K extends string>(weights: Readonly<Record<K, number>>) => K;
}

/**
 * The stream of chance of one purpose: numbers after the seed name the account, the person or the purpose.
 *
 * Why: an account draws from its own stream, so that a world of more accounts holds the same accounts and one more.
 * Source: mulberry32 (Tommy Ettinger, public domain), seeded through a 32-bit finaliser of MurmurHash3.
 */
export function randomOf(seed: number, ...purpose: readonly number[]): Random {
  let state = purpose.reduce((mixed, part) => finalise(mixed ^ finalise(part + 0x9e3779b9)), finalise(seed));
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const exponential = (): number => -Math.log(1 - next());
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    chance: (p) => next() < p,
    between: (low, high) => low + next() * (high - low),
    whole,
    exponential,
    normal: () => Math.sqrt(2 * exponential()) * Math.cos(2 * Math.PI * next()),
    poisson: (mean) => poissonFrom(mean, exponential),
    pick: (values) => {
      const value = values[whole(0, values.length - 1)];
      if (value === undefined) throw new Error('nothing to pick from');
      return value;
    },
    weighted: (weights) => weightedKey(weights, next()),
  };
}

function finalise(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function poissonFrom(mean: number, exponential: () => number): number {
  let count = -1;
  for (let sum = 0; sum <= mean; count += 1) sum += exponential();
  return count;
}

function weightedKey<K extends string>(weights: Readonly<Record<K, number>>, at: number): K {
  const entries = Object.entries(weights) as [K, number][];
  let left = at * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  const last = entries.at(-1);
  if (last === undefined) throw new Error('nothing to pick from');
  return last[0];
}
