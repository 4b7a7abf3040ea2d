import { z } from 'zod';
import type { Readiness } from '../readiness.ts';
import { type Route, route } from '../route.ts';
import { readinessBody } from '../schema/readiness.ts';

/** What the routes of health look at. */
export interface HealthSide {
  readonly readiness: () => Promise<Readiness>;
}

/** Whether the process lives, and whether it can answer. */
export const HEALTH_ROUTES: readonly Route<HealthSide>[] = [
  route({
    name: 'health.live',
    method: 'GET',
    path: '/healthz',
    group: 'operation',
    summary: 'Whether the process lives',
    may: 'anything',
    load: 'none',
    answers: { 200: z.object({ status: z.literal('ok') }) },
    refuses: [],
    handle: async () => ({ status: 'ok' as const }),
  }),
  route({
    name: 'health.ready',
    method: 'GET',
    path: '/readyz',
    group: 'operation',
    summary: 'Whether answers can be had, and what keeps them: engines, disk, accounts not computed yet, being stopped',
    may: 'anything',
    load: 'none',
    answers: { 200: readinessBody, 503: readinessBody },
    refuses: [],
    handle: async ({ reply }, { readiness: read }: HealthSide) => {
      const found = await read();
      return reply.code(found.status === 'ready' ? 200 : 503).send(found);
    },
  }),
];
