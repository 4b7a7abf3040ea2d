import { z } from 'zod';

/** Whether answers can be had, and what keeps them. */
export const readinessBody = z
  .object({
    status: z.enum(['ready', 'filling', 'unready', 'draining']),
    reasons: z.array(z.string()).meta({ description: 'What keeps it from being ready' }),
    isSweeper: z.boolean().meta({ description: 'Whether this process computes; the others follow what it wrote' }),
    isFilled: z.boolean(),
    progress: z.object({ done: z.int(), all: z.int() }).nullable().meta({
      description:
        'Days before now that the first computation has done, of those that it needs; null: it is over, or not begun by this process',
    }),
    asOf: z.int().nullable(),
    sweptAt: z.int().nullable(),
    waiting: z.int().meta({ description: 'Accounts that wait to be computed' }),
  })
  .meta({ id: 'Readiness', description: 'Whether answers can be had' });
