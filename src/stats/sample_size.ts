import { normalQuantile } from './normal.ts';

/** What a test is asked to do: find the effect with probability `power` at a two-sided level `alpha` (0.8 and 0.05). */
export interface TestDemand {
  readonly power?: number;
  readonly alpha?: number;
}

/** Accounts that a comparison of two shares needs, per group and in all. */
export interface AccountsNeeded {
  readonly exposed: number;
  readonly unexposed: number;
  readonly total: number;
}

/**
 * How many events would settle a hazard ratio, whichever group they are in? A whole number, rounded up.
 *
 * Throws for a hazard ratio that is 1 or not positive, and for shares that are not strictly between 0 and 1.
 *
 * Source: Schoenfeld 1983.
 */
export function eventsNeeded(
  { hazardRatio, exposedShare }: { readonly hazardRatio: number; readonly exposedShare: number },
  demand: TestDemand = {},
): number {
  if (!(hazardRatio > 0 && hazardRatio !== 1 && Number.isFinite(hazardRatio))) {
    throw new Error(`a hazard ratio to find is positive and not 1; got ${hazardRatio}`);
  }
  checkShare('the exposed share', exposedShare);
  const { forAlpha, forPower } = quantiles(demand);
  return Math.ceil((forAlpha + forPower) ** 2 / (exposedShare * (1 - exposedShare) * Math.log(hazardRatio) ** 2));
}

/**
 * How many accounts give that many events, where each has the event with probability `eventShare` while it is watched?
 *
 * Throws for a share that is not strictly between 0 and 1.
 */
export function accountsForEvents(events: number, eventShare: number): number {
  checkShare('the share with the event', eventShare);
  return Math.ceil(events / eventShare);
}

/**
 * How many accounts would settle a difference between two shares (such as retention of exposed and unexposed)?
 *
 * `exposedShare` of all accounts are exposed. Throws for equal shares, and shares not strictly between 0 and 1.
 *
 * Source: Fleiss, Tytun and Ury 1980 without the continuity correction; for equal groups as R `power.prop.test`.
 */
export function accountsNeeded(
  shares: { readonly exposed: number; readonly unexposed: number; readonly exposedShare: number },
  demand: TestDemand = {},
): AccountsNeeded {
  const { exposed, unexposed, exposedShare } = shares;
  checkShare('the share of the exposed', exposed);
  checkShare('the share of the unexposed', unexposed);
  checkShare('the exposed share', exposedShare);
  if (exposed === unexposed) throw new Error('the shares to tell apart differ');
  const { forAlpha, forPower } = quantiles(demand);
  const ratio = (1 - exposedShare) / exposedShare;
  const pooled = exposedShare * exposed + (1 - exposedShare) * unexposed;
  const underNone = Math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio));
  const underEffect = Math.sqrt(exposed * (1 - exposed) + (unexposed * (1 - unexposed)) / ratio);
  const size = ((forAlpha * underNone + forPower * underEffect) / (exposed - unexposed)) ** 2;
  const [inExposed, inUnexposed] = [Math.ceil(size), Math.ceil(size * ratio)];
  return { exposed: inExposed, unexposed: inUnexposed, total: inExposed + inUnexposed };
}

function quantiles({ power = 0.8, alpha = 0.05 }: TestDemand) {
  checkShare('power', power);
  checkShare('alpha', alpha);
  return { forAlpha: normalQuantile(1 - alpha / 2), forPower: normalQuantile(power) };
}

function checkShare(name: string, share: number): void {
  if (!(share > 0 && share < 1)) throw new Error(`${name} lies between 0 and 1; got ${share}`);
}
