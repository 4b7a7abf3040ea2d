import { z } from 'zod';

/** A refusal (RFC 9457); kinds add members of their own. */
export const problemBody = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    next: z.string().meta({ description: 'What to do next' }),
    accounts: z.array(z.string()).optional().meta({ description: 'Accounts to choose from, where one must be named' }),
  })
  .meta({ id: 'Problem', description: 'A refusal (RFC 9457), with what to do next' });
