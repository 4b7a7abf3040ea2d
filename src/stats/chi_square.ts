import gammainc from '@stdlib/math-base-special-gammainc';
import gammaln from '@stdlib/math-base-special-gammaln';

const CLOSE = 4e-16;
const FRACTION_STEPS = 10_000;
const LARGE = 1e290;
const BISECTIONS = 200;

/** Probability that a chi-square value with `df` degrees of freedom is at most `x`. */
export function chiSquareCdf(x: number, df: number): number {
  check(x, df);
  return x === Number.POSITIVE_INFINITY ? 1 : gammainc(x / 2, df / 2, true, false);
}

/**
 * Probability that a chi-square value with `df` degrees of freedom exceeds `x`; exact in the far tail, 0 only beyond
 * what a double can hold (there `chiSquareLogUpperTail` still answers).
 */
export function chiSquareUpperTail(x: number, df: number): number {
  check(x, df);
  if (x === 0) return 1;
  if (isFar(x, df)) return Math.exp(logFraction(x / 2, df / 2));
  return gammainc(x / 2, df / 2, true, true);
}

/**
 * Natural logarithm of the probability that a chi-square value with `df` degrees of freedom exceeds `x`.
 *
 * Source: Legendre's continued fraction of the incomplete gamma function, by Lentz's method (Press et al. 6.2.7).
 */
export function chiSquareLogUpperTail(x: number, df: number): number {
  check(x, df);
  if (x === 0) return 0;
  if (isFar(x, df)) return logFraction(x / 2, df / 2);
  return x < df ? Math.log1p(-chiSquareCdf(x, df)) : Math.log(chiSquareUpperTail(x, df));
}

/** The value that a chi-square with `df` degrees of freedom stays below with probability `p`; 0 at 0, Infinity at 1. */
export function chiSquareQuantile(p: number, df: number): number {
  check(0, df);
  if (!(p >= 0 && p <= 1)) throw new Error(`a probability lies from 0 to 1; got ${p}`);
  if (p === 0) return 0;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const isBelow = (x: number): boolean => (p < 0.5 ? chiSquareCdf(x, df) < p : chiSquareUpperTail(x, df) > 1 - p);
  let low = 0;
  let high = df;
  while (isBelow(high)) high *= 2;
  for (let step = 0; step < BISECTIONS && high - low > CLOSE * high; step += 1) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function check(x: number, df: number): void {
  if (!(df > 0)) throw new Error(`degrees of freedom are positive; got ${df}`);
  if (!(x >= 0)) throw new Error(`a chi-square value is 0 or more; got ${x}`);
}

function isFar(x: number, df: number): boolean {
  return x > 2 * df + 20;
}

/** Logarithm of the regularised upper incomplete gamma function, for x well above a. */
function logFraction(x: number, a: number): number {
  if (x === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  let b = x + 1 - a;
  let c = LARGE;
  let d = 1 / b;
  let h = d;
  for (let step = 1; step <= FRACTION_STEPS; step += 1) {
    const factor = -step * (step - a);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < CLOSE) break;
  }
  return -x + a * Math.log(x) - gammaln(a) + Math.log(h);
}
