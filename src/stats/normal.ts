import erfc from '@stdlib/math-base-special-erfc';
import erfcinv from '@stdlib/math-base-special-erfcinv';

const ASYMPTOTIC_FROM = 25;
const FRACTION_STEPS = 40;

/** Probability that a standard normal value is at most `z`; exact in the lower tail. */
export function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}

/** Probability that a standard normal value exceeds `z`; exact in the far tail, 0 only beyond what a double can hold. */
export function normalUpperTail(z: number): number {
  return erfc(z / Math.SQRT2) / 2;
}

/**
 * Natural logarithm of the probability that a standard normal value exceeds `z`; finite for every finite `z`.
 *
 * Source: Laplace's continued fraction of Mills' ratio (Abramowitz and Stegun 26.2.14) where the tail itself runs low.
 */
export function normalLogUpperTail(z: number): number {
  if (z < 0) return Math.log1p(-normalCdf(z));
  if (z < ASYMPTOTIC_FROM) return Math.log(normalUpperTail(z));
  let fraction = z;
  for (let step = FRACTION_STEPS; step > 0; step -= 1) fraction = z + step / fraction;
  return (-z * z) / 2 - Math.log(2 * Math.PI) / 2 - Math.log(fraction);
}

/** The value that a standard normal stays below with probability `p`; -Infinity at 0, Infinity at 1. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new Error(`a probability lies from 0 to 1; got ${p}`);
  return -Math.SQRT2 * erfcinv(2 * p);
}

/** Probability that a standard normal value is at least as far from 0 as `z`; exact in the far tail. */
export function twoSidedP(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2);
}

/**
 * How many standard errors a two-sided interval of a level reaches to each side: 1.96 for 0.95.
 *
 * Refuses a level that is not strictly between 0 and 1 (throws).
 */
export function criticalZ(level: number): number {
  if (!(level > 0 && level < 1)) throw new Error(`the level of an interval lies between 0 and 1; got ${level}`);
  return Math.SQRT2 * erfcinv(1 - level);
}
