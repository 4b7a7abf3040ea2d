import type { ValueParameters } from '../model.ts';
import type { Reader } from '../reader.ts';
import type { RawModel } from '../schema.ts';

type RawTiers = NonNullable<NonNullable<RawModel['value']>['tiers']>;

const TOLERANCE = 1e-9;

/**
 * Value tiers by upper rank share, ascending to 1.
 *
 * The shares of each tier (0.1, 0.2, 0.3, 0.4) are understood too: they add up to 1, and no upper share does but the last.
 */
export function readValueTiers(raw: RawTiers, reader: Reader): ValueParameters['tiers'] {
  const tiers = Array.isArray(raw) ? raw : Object.entries(raw).map(([name, below]) => ({ name, below }));
  const isUpper = Math.abs((tiers.at(-1)?.below ?? 0) - 1) <= TOLERANCE;
  if (isUpper && tiers.every((tier, index) => index === 0 || tier.below > (tiers[index - 1]?.below ?? 0))) return tiers;
  const total = tiers.reduce((sum, tier) => sum + tier.below, 0);
  if (Math.abs(total - 1) > TOLERANCE) {
    const advice = 'Write the upper rank share of each, best first: Platinum: 0.1, Gold: 0.3, Silver: 0.6, Bronze: 1.';
    reader.report(['value', 'tiers'], 'wrong-shape', 'the shares must ascend to 1', advice);
  }
  let below = 0;
  return tiers.map((tier, index) => {
    below = index === tiers.length - 1 ? 1 : Number((below + tier.below).toFixed(12));
    return { name: tier.name, below };
  });
}
