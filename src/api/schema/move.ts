import { z } from 'zod';
import { instant, maybeText } from './words.ts';

/** One recorded change of assignment. */
export const moveBody = z
  .object({
    moveId: z.int(),
    accountId: z.string(),
    at: instant,
    from: maybeText,
    to: maybeText,
    home: maybeText,
    cause: z.string(),
    recordedAt: instant,
    modelVersion: z.string(),
  })
  .meta({ id: 'Move', description: 'One recorded change of assignment' });
