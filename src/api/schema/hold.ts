import { z } from 'zod';
import { instant, maybeText } from './words.ts';

const heldMove = z
  .object({
    account_id: z.string(),
    at: z.string(),
    from_segment: maybeText,
    to_segment: maybeText,
    home: maybeText,
    cause: z.string(),
  })
  .meta({ id: 'HeldMove', description: 'A move that waits' });

/** Moves that the circuit breaker keeps back. */
const holdBody = z
  .object({ holdId: z.int(), reason: z.string(), openedAt: instant, moves: z.array(heldMove) })
  .meta({ id: 'Hold', description: 'Moves that the circuit breaker keeps back, and why' });

/** The holds that wait for a person. */
export const holdsBody = z.object({ holds: z.array(holdBody) });

const texts = z.array(z.string().max(200)).max(100);

/** Which hold, and what to do with it. */
export const holdToDecide = z.object({ id: z.int().min(1), action: z.enum(['release', 'discard']) });

/** Why, and for a release which of its moves. */
export const holdDecision = z
  .strictObject({
    reason: z.string().max(2_000).optional(),
    causes: texts.optional().meta({ description: 'Release only moves by these causes' }),
    segments: texts.optional().meta({ description: 'Release only moves to these segments' }),
  })
  .nullish()
  .meta({ id: 'HoldDecision', examples: [{ reason: 'The import of Monday was repeated; these moves are real.' }] });

/** How many moves were released, and how many stay held. */
export const decidedHoldBody = z.object({ released: z.int(), left: z.int() });
