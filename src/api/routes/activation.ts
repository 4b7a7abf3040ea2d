import { z } from 'zod';
import { readInstant } from '../instant.ts';
import type { RecomputedSide } from '../read-side.ts';
import { type Route, route } from '../route.ts';
import { activationBody } from '../schema/activation.ts';
import { dayOrInstant } from '../schema/words.ts';

/** Activation. */
export const ACTIVATION_ROUTES: readonly Route<RecomputedSide>[] = [
  route({
    name: 'activation.get',
    method: 'GET',
    path: '/api/v1/activation',
    group: 'users',
    summary:
      'Where users and accounts stall on their way to first value, where workflows stop, and what segments and tiers use',
    may: 'answers.read',
    load: 'heavy',
    query: z.strictObject({
      asOf: dayOrInstant.optional().meta({ description: 'Absent: the end of what the behavioural sources cover' }),
    }),
    answers: { 200: activationBody },
    refuses: ['bad-as-of', 'no-as-of'],
    handle: async ({ query }, { recomputed, clock }: RecomputedSide) =>
      recomputed.activation(readInstant(query.asOf, clock())),
  }),
];
