import { z } from 'zod';
import { instant } from './words.ts';

/** An override that is in force. */
export const overrideBody = z
  .object({
    overrideId: z.int(),
    accountId: z.string(),
    segment: z.string(),
    reason: z.string(),
    author: z.string(),
    setAt: instant,
    expiresAt: instant,
  })
  .meta({ id: 'Override', description: 'A segment that a person set for an account, why, and until when' });

/** Every override that is in force. */
export const overridesBody = z.object({ overrides: z.array(overrideBody) });

/** A segment to set. */
export const overrideToSet = z
  .strictObject({
    segment: z.string().min(1).max(200),
    reason: z.string().min(1).max(2_000),
    days: z.int().min(1).max(3_650).meta({ description: 'Days until it expires' }),
  })
  .meta({
    id: 'OverrideToSet',
    examples: [{ segment: 'Quiet', reason: 'They told us that they are closing the books.', days: 30 }],
  });

/** What a person wrote down of an account. */
export const noteBody = z
  .object({ accountId: z.string(), time: instant, author: z.string(), kind: z.string(), text: z.string() })
  .meta({ id: 'Note', description: 'What a person wrote down of an account' });

/** Notes of an account, the latest first. */
export const notesBody = z.object({ notes: z.array(noteBody) });

/** A note to write down. */
export const noteToWrite = z
  .strictObject({
    kind: z.enum(['call', 'handover', 'note']).default('note'),
    text: z.string().min(1).max(10_000),
  })
  .meta({ id: 'NoteToWrite', examples: [{ kind: 'call', text: 'Their new sponsor asked for a review in May.' }] });

/** How a CSM feels about an account. */
export const pulseToGive = z
  .strictObject({ pulse: z.enum(['green', 'yellow', 'red']) })
  .meta({ id: 'PulseToGive', examples: [{ pulse: 'yellow' }] });
