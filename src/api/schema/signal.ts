import { z } from 'zod';
import { nextCursor } from '../page.ts';
import { instant, maybeText } from './words.ts';

/** One line of the catalogue of signals. */
const signalEntry = z
  .object({
    name: z.string(),
    entity: z.enum(['account', 'user']),
    unit: z.string(),
    type: z.string(),
    inputs: z.array(z.string()),
    meaning: z.string(),
    requirement: z.string(),
  })
  .meta({ id: 'Signal', description: 'What conditions may name' });

/** The catalogue. */
export const catalogueBody = z.object({ signals: z.array(signalEntry) });

const value = z.union([z.string(), z.number(), z.null()]);

/** The signals of an account, or of a user, as of an instant. */
export const signalRow = z
  .object({
    accountId: z.string(),
    userId: z.string().optional(),
    asOf: instant,
    signals: z.record(z.string(), value),
    nulls: z.record(z.string(), z.string()).meta({ description: 'Why each null is null' }),
    assumed: z.array(z.string()).optional(),
    cohort: maybeText.optional(),
    lifecycle: maybeText.optional(),
    direction: maybeText.optional(),
    relationship: maybeText.optional(),
    archetype: maybeText.optional(),
    valueTier: maybeText.optional(),
    eligible: z.boolean().nullable().optional(),
    tier: maybeText.optional(),
    features: z
      .array(z.string())
      .optional()
      .meta({ description: 'Feature areas used in the last 60 days; users only' }),
  })
  .meta({ id: 'SignalRow', description: 'The signals of an account, or of a user in it, as of an instant' });

/** A page of rows. */
export const signalRowsBody = z.object({ rows: z.array(signalRow), next: nextCursor });
