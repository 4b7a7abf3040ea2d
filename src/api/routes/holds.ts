import type { Engines } from '../../pipeline/engines.ts';
import { decideHold, openHolds } from '../../pipeline/hold.ts';
import { type Route, route } from '../route.ts';
import { decidedHoldBody, holdDecision, holdsBody, holdToDecide } from '../schema/hold.ts';

/** What the routes of holds work with. */
export interface HoldsSide {
  readonly engines: Engines;
  readonly clock: () => number;
  /** Told after a decision, so that what is said follows at once. */
  readonly onDecided: () => void;
}

/** Moves that the circuit breaker keeps back: listed, and released or discarded by an editor (D16). */
export const HOLD_ROUTES: readonly Route<HoldsSide>[] = [
  route({
    name: 'holds.list',
    method: 'GET',
    path: '/api/v1/holds',
    group: 'segments',
    summary: 'Moves that the circuit breaker keeps back until a person looks',
    may: 'answers.read',
    load: 'read',
    answers: { 200: holdsBody },
    refuses: [],
    handle: async (_, { engines }: HoldsSide) => ({ holds: await openHolds(engines) }),
  }),
  route({
    name: 'holds.decide',
    method: 'POST',
    path: '/api/v1/holds/:id/:action',
    group: 'segments',
    summary: 'Releases held moves, all or by cause or segment, or discards them with a reason',
    may: 'holds.decide',
    load: 'write',
    changes: ({ params: { id, action } }) => `${action} hold ${id}`,
    params: holdToDecide,
    body: holdDecision,
    answers: { 200: decidedHoldBody },
    refuses: ['no-hold', 'no-reason'],
    handle: async ({ params: { id: holdId, action }, body, actor }, { engines, clock, onDecided }: HoldsSide) => {
      const { reason = '', causes, segments } = body ?? {};
      const by = actor?.name ?? '';
      const now = new Date(clock());
      const decided = await decideHold(engines, { holdId, action, by, reason, causes, segments, now });
      onDecided();
      return decided;
    },
  }),
];
