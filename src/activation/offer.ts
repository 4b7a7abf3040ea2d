import type { FeatureArea } from '../definition/model.ts';

/** What the users of a tier are shown: of feature areas, and of the steps to first value. */
export interface Offer {
  readonly tier: string;
  /** Areas that may be suggested; null: none ever. */
  readonly features: ((area: FeatureArea) => boolean) | null;
  /** Why nothing new is suggested, where it never is. */
  readonly why: string | null;
  /** Which step is pointed at: the next one at once, or only one at which they have stopped. */
  readonly step: 'next' | 'stalled';
}

/**
 * One record for each tier that is shown anything (R131 to R133); a tier of the model's own is shown nothing new.
 *
 * Average users: core and secondary areas. Power users: advanced ones and integrations. New users finish their steps
 * first. At-risk and dormant users are shown where they stopped, and nothing new.
 */
const OFFERS: readonly Offer[] = [
  { tier: 'power', features: (area) => area.isAdvanced || area.isIntegration, why: null, step: 'stalled' },
  {
    tier: 'average',
    features: (area) => !area.isAdvanced && (!area.isIntegration || area.isCore),
    why: null,
    step: 'stalled',
  },
  { tier: 'new', features: null, why: 'new users take the steps to first value before anything else', step: 'next' },
  {
    tier: 'at_risk',
    features: null,
    why: 'at-risk users are helped where they stopped, and shown nothing new',
    step: 'stalled',
  },
  {
    tier: 'dormant',
    features: null,
    why: 'dormant users come back to what they know, and are shown nothing new',
    step: 'stalled',
  },
];

/** The offer of a tier; a tier that is unknown, or of the model's own, is offered nothing, with the reason. */
export function offerOf(tier: string | null): Offer {
  const why = tier === null ? 'the tier of the user is unknown' : `nothing is known to suit users of the tier ${tier}`;
  return OFFERS.find((offer) => offer.tier === tier) ?? { tier: tier ?? '', features: null, why, step: 'stalled' };
}
