import { z } from 'zod';
import { unknownInput } from './account.ts';
import { instant, maybeNumber, maybeText } from './words.ts';

const nextFeature = z.object({
  feature: z.string(),
  basis: z.enum(['segment', 'overall', 'peers']),
  segment: maybeText,
  difference: maybeNumber,
  interval: z.tuple([z.number(), z.number()]).nullable(),
  share: maybeNumber,
  peers: maybeNumber,
  job: maybeText,
  reason: z.string(),
});

const doNotShow = z.object({
  features: z.array(z.object({ feature: z.string(), because: z.enum(['suppressed', 'finished']) })),
  steps: z.array(z.string()),
  newFeatures: z.boolean(),
});

/** What the product shows a user, and what it does not. */
export const experienceBody = z
  .object({
    userId: z.string(),
    account: z.object({ id: z.string(), name: maybeText }),
    asOf: instant.meta({ description: 'Instant of which all of it is true' }),
    segment: maybeText.meta({ description: 'Null: in none, or unknown' }),
    home: maybeText.meta({ description: 'The segment that it would have without At-Risk' }),
    tier: maybeText,
    cohort: maybeText,
    lifecycle: maybeText,
    archetype: maybeText,
    valueTier: maybeText,
    stalledStep: maybeText,
    nextStep: z.object({ step: z.string(), position: z.int(), of: z.int() }).nullable(),
    nextFeatures: z.object({ features: z.array(nextFeature), whyNone: maybeText }),
    doNotShow,
    isOverridden: z.boolean(),
    isHeld: z
      .boolean()
      .meta({ description: 'Whether a move of the account waits for a person; what is said is what was before it' }),
    unknown: z.array(unknownInput),
  })
  .meta({ id: 'Experience', description: 'What the product shows a user, and what it does not' });
