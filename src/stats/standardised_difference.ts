import gammaln from '@stdlib/math-base-special-gammaln';
import { DEFAULT_LEVEL, type Interval } from './interval.ts';
import { criticalZ } from './normal.ts';
import { type Refusal, refuse } from './refusal.ts';

/** How far two groups are apart in standard deviations within them. */
export interface StandardisedDifference {
  readonly kind: 'estimated';
  /** Cohen's d: first mean less second, by the pooled standard deviation. */
  readonly d: number;
  /** Hedges's g: d without its bias in small groups. */
  readonly g: number;
  readonly standardError: number;
  /** Of g. */
  readonly interval: Interval;
}

/**
 * How far apart two groups are on a measure, in standard deviations.
 *
 * Refuses: fewer than two values in a group, or no spread within the groups (refusals); NaN (throws).
 * Source: Cohen 1988; Hedges 1981, J. Educ. Stat. 6, 107-128, with the exact correction; large-sample variance of
 * Hedges and Olkin 1985, chapter 5.
 */
export function standardisedDifference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  level = DEFAULT_LEVEL,
): StandardisedDifference | Refusal {
  const a = momentsOf(first);
  const b = momentsOf(second);
  if (a.count < 2 || b.count < 2) return refuse(`${a.count} values against ${b.count}: two or more of each are needed`);
  const df = a.count + b.count - 2;
  const deviation = Math.sqrt((a.squares + b.squares) / df);
  if (!(deviation > 1e-12 * Math.max(Math.abs(a.mean), Math.abs(b.mean)))) return refuse('no spread within the groups');
  const d = (a.mean - b.mean) / deviation;
  const g = d * smallSampleFactor(df);
  const total = a.count + b.count;
  const standardError = Math.sqrt(total / (a.count * b.count) + (g * g) / (2 * total));
  const reach = criticalZ(level) * standardError;
  return { kind: 'estimated', d, g, standardError, interval: [g - reach, g + reach] };
}

function smallSampleFactor(df: number): number {
  return Math.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / Math.sqrt(df / 2);
}

function momentsOf(values: ArrayLike<number>): { count: number; mean: number; squares: number } {
  let mean = 0;
  let squares = 0;
  for (let place = 0; place < values.length; place++) {
    const value = values[place] as number;
    if (!Number.isFinite(value)) throw new Error(`value ${place} is ${value}: it must be finite`);
    const gap = value - mean;
    mean += gap / (place + 1);
    squares += gap * (value - mean);
  }
  return { count: values.length, mean, squares };
}
