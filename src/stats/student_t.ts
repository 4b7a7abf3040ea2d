import betainc from '@stdlib/math-base-special-betainc';
import betaincinv from '@stdlib/math-base-special-betaincinv';

/** Probability that a Student t value with `df` degrees of freedom exceeds `t`; exact in the far tail. */
export function studentTUpperTail(t: number, df: number): number {
  const tail = studentTTwoSidedP(t, df) / 2;
  return t >= 0 ? tail : 1 - tail;
}

/** Probability that a Student t value with `df` degrees of freedom is at most `t`; exact in the lower tail. */
export function studentTCdf(t: number, df: number): number {
  return studentTUpperTail(-t, df);
}

/** Probability that a Student t value with `df` degrees of freedom is at least as far from 0 as `t`. */
export function studentTTwoSidedP(t: number, df: number): number {
  check(df);
  if (Number.isNaN(t)) throw new Error('a t value is a number; got NaN');
  if (!Number.isFinite(t)) return 0;
  const square = t * t;
  if (square < df) return betainc(square / (df + square), 0.5, df / 2, true, true);
  return betainc(df / (df + square), df / 2, 0.5, true, false);
}

/** The value that a Student t with `df` degrees of freedom stays below with probability `p`. */
export function studentTQuantile(p: number, df: number): number {
  check(df);
  if (!(p >= 0 && p <= 1)) throw new Error(`a probability lies from 0 to 1; got ${p}`);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  const size =
    tail < 0.25
      ? sizeOfShare(betaincinv(2 * tail, df / 2, 0.5), df)
      : sizeOfRest(betaincinv(1 - 2 * tail, 0.5, df / 2), df);
  return p < 0.5 ? -size : size;
}

function sizeOfShare(share: number, df: number): number {
  return Math.sqrt((df * (1 - share)) / share);
}

function sizeOfRest(rest: number, df: number): number {
  return Math.sqrt((df * rest) / (1 - rest));
}

function check(df: number): void {
  if (!(df > 0)) throw new Error(`degrees of freedom are positive; got ${df}`);
}
