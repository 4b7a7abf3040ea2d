/** A seeded stream of chance: the same seed and labels give the same numbers on every machine. */
export interface RandomStream {
  /** In [0, 1), of 53 random bits. */
  readonly next: () => number;
  /** A whole number from 0 to `count - 1`, all equally likely. */
  readonly below: (count: number) => number;
  /** Normal with mean 0 and standard deviation 1. */
  readonly normal: () => number;
  /** Exponential with mean 1. */
  readonly exponential: () => number;
  /** Puts values in an order drawn at random, in place; every order is equally likely. */
  readonly shuffle: (values: { [index: number]: number; readonly length: number }) => void;
  /** `size` whole numbers from 0 to `count - 1`, drawn with replacement. */
  readonly draws: (count: number, size: number) => Int32Array;
}

const WORD = 4_294_967_296;
const WARM_UP = 12;

/**
 * The stream of chance of one purpose. Labels name the purpose: streams of other labels are unrelated, so that one
 * analysis more shifts none of the others.
 *
 * Refuses a numeric seed that is not finite (throws).
 *
 * Source: sfc32 (Chris Doty-Humphrey, PractRand, public domain), its state hashed from the seed and the labels with the
 * rounds and finaliser of MurmurHash3 (Austin Appleby, public domain); normal values by the polar form of Box and Muller.
 */
export function randomStream(seed: number | string, ...labels: readonly (number | string)[]): RandomStream {
  if (typeof seed === 'number' && !Number.isFinite(seed)) throw new Error(`a seed is a finite number; got ${seed}`);
  const word = wordsFrom(JSON.stringify([seed, ...labels]));
  const next = (): number => ((word() >>> 5) * 67_108_864 + (word() >>> 6)) / 9_007_199_254_740_992;
  const below = (count: number): number => wholeBelow(count, word);
  let spare: number | null = null;
  const normal = (): number => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    const [first, second] = twoNormals(next);
    spare = second;
    return first;
  };
  return {
    next,
    below,
    normal,
    exponential: () => -Math.log1p(-next()),
    shuffle: (values) => {
      for (let last = values.length - 1; last > 0; last -= 1) {
        const other = wholeBelow(last + 1, word);
        const moved = values[last] as number;
        values[last] = values[other] as number;
        values[other] = moved;
      }
    },
    draws: (count, size) => Int32Array.from({ length: size }, () => wholeBelow(count, word)),
  };
}

function wordsFrom(text: string): () => number {
  let a = hash(text, 0x9e3779b9);
  let b = hash(text, 0x243f6a88);
  let c = hash(text, 0xb7e15162);
  let counter = 1;
  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let step = 0; step < WARM_UP; step += 1) word();
  return word;
}

function hash(text: string, start: number): number {
  let h = start | 0;
  for (let at = 0; at < text.length; at += 1) {
    let k = Math.imul(text.charCodeAt(at), 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    h ^= k;
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  h ^= text.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function wholeBelow(count: number, word: () => number): number {
  if (!(Number.isInteger(count) && count > 0 && count <= WORD)) {
    throw new Error(`a whole number is drawn below a positive whole number; got ${count}`);
  }
  const limit = WORD - (WORD % count);
  let drawn = word();
  while (drawn >= limit) drawn = word();
  return drawn % count;
}

function twoNormals(next: () => number): readonly [number, number] {
  for (;;) {
    const x = 2 * next() - 1;
    const y = 2 * next() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) {
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      return [x * factor, y * factor];
    }
  }
}
