import { z } from 'zod';
import { instant } from './words.ts';

/** What may be asked about the evidence. */
export const questionsBody = z.object({
  questions: z.array(z.object({ name: z.string(), asks: z.string() })),
});

/** An answer about the evidence. */
export const evidenceBody = z
  .object({
    question: z.string(),
    asOf: instant.nullable().meta({ description: 'The day of which it is true' }),
    modelVersion: z.string(),
    computedAt: instant.nullable(),
    isStale: z.boolean().meta({ description: 'Whether it is more than a day old, and being computed anew' }),
    answer: z.unknown().meta({ description: 'As `bellwether evidence ... --json` prints it' }),
  })
  .meta({ id: 'Evidence', description: 'An answer about the evidence, as it was computed' });

/** An answer that is on its way. */
export const comingEvidence = z.object({ question: z.string(), state: z.literal('computing'), askedAt: instant }).meta({
  id: 'ComingEvidence',
  description: 'It is being computed: ask again at Location, after Retry-After seconds',
});
