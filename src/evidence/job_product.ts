import { percentileInterval } from '../stats/bootstrap.ts';
import { criticalZ } from '../stats/normal.ts';
import { type RandomStream, randomStream } from '../stats/random.ts';
import type { Figure } from './segment_figures.ts';

const DRAWS = 4000;

/**
 * Conversion times retention, with an interval from drawing each within its own.
 *
 * Each draw is normal on either side of the estimate with the spread of that side, so that a lopsided interval stays
 * lopsided. Null where either is unknown. `label` keeps the draws of one job apart from those of others.
 */
export function productOf(first: Figure, second: Figure, seed: number, label: string): Figure {
  if (first.estimate === null || second.estimate === null || first.interval === null || second.interval === null) {
    return { estimate: null, interval: null };
  }
  const [one, two] = [sided(first.estimate, first.interval), sided(second.estimate, second.interval)];
  const random = randomStream(seed, 'product', label);
  const draws = Float64Array.from({ length: DRAWS }, () => one(random) * two(random));
  const estimate = first.estimate * second.estimate;
  const [low, high] = percentileInterval(draws);
  return { estimate, interval: [Math.min(low, estimate), Math.max(high, estimate)] };
}

function sided(estimate: number, [low, high]: readonly [number, number]) {
  const z = criticalZ(0.95);
  return (random: RandomStream): number => {
    const normal = random.normal();
    const value = estimate + (normal * (normal < 0 ? estimate - low : high - estimate)) / z;
    return Math.min(1, Math.max(0, value));
  };
}
