import type { FastifyInstance } from 'fastify';
import type { Engines } from '../pipeline/engines.ts';
import { decideHold, openHolds } from '../pipeline/hold.ts';
import type { Authorise } from './authorise.ts';

/** What the routes of holds work with. */
export interface HoldsOptions {
  readonly engines: Engines;
  readonly authorise: Authorise;
  readonly clock: () => number;
  /** Told after a decision, so that what is said follows at once. */
  readonly onDecided: () => void;
}

const TEXTS = { type: 'array', items: { type: 'string', maxLength: 200 }, maxItems: 100 } as const;
const DECISION = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: { reason: { type: 'string', maxLength: 2_000 }, causes: TEXTS, segments: TEXTS },
} as const;
const HOLD = {
  type: 'object',
  required: ['id', 'action'],
  properties: { id: { type: 'integer', minimum: 1 }, action: { enum: ['release', 'discard'] } },
} as const;

type Decision = {
  Params: { id: number; action: 'release' | 'discard' };
  Body: { reason?: string; causes?: string[]; segments?: string[] } | undefined;
};

/** Moves that the circuit breaker keeps back: listed, and released or discarded by an administrator (D16). */
export async function holdRoutes(app: FastifyInstance, options: HoldsOptions): Promise<void> {
  const { engines, authorise, clock, onDecided } = options;
  app.get('/api/v1/holds', { onRequest: authorise('read') }, async () => ({ holds: await openHolds(engines) }));
  app.post<Decision>(
    '/api/v1/holds/:id/:action',
    { onRequest: authorise('admin'), schema: { params: HOLD, body: DECISION } },
    async (request) => {
      const { id: holdId, action } = request.params;
      const { reason = '', causes, segments } = request.body ?? {};
      const by = request.bearer?.name ?? '';
      const decided = await decideHold(engines, {
        ...{ holdId, action, by, reason, causes, segments },
        now: new Date(clock()),
      });
      onDecided();
      return decided;
    },
  );
}
