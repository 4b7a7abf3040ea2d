import type { Record as Recorded } from '../segment/move.ts';
import type { Gated } from './gate.ts';
import type { Before, Standing } from './movement.ts';
import type { Recording } from './recorded.ts';

/** What a recording is made of: standings, accounts that are gone, what was recorded before, and what passed the gate. */
export interface Recordable {
  readonly all: readonly Standing[];
  readonly gone: readonly Recorded[];
  readonly before: Before;
  readonly gated: Gated;
}

/**
 * The moves, assignments and hold to record. An account whose move is held or was discarded keeps its recorded segment,
 * and is marked while the move waits for a person; its raw answer and its dwell are recorded as they are.
 */
export function recordable({
  all,
  gone,
  before,
  gated,
}: Recordable): Pick<Recording, 'moves' | 'assignments' | 'hold'> {
  const { held, waiting, passing, holding, reason } = gated;
  const assignments = all.map(({ answer, assignment }) => {
    const isKept = held.has(answer.accountId);
    const kept = isKept ? before.get(answer.accountId) : undefined;
    return {
      accountId: answer.accountId,
      segment: isKept ? (kept?.segment ?? null) : assignment.segment,
      home: answer.home,
      raw: answer.raw,
      since: isKept ? (kept?.since ?? null) : assignment.since,
      isOverridden: assignment.isOverridden,
      waiting: assignment.waiting,
      isHeld: waiting.has(answer.accountId),
    };
  });
  const left = gone.map((account) => {
    const isKept = held.has(account.accountId);
    const nowhere = { segment: null, home: null, raw: null, since: null, isOverridden: false };
    return { ...account, ...(isKept ? {} : nowhere), waiting: null, isHeld: waiting.has(account.accountId) };
  });
  return {
    moves: passing,
    assignments: [...assignments, ...left],
    hold: reason === null || holding.length === 0 ? null : { reason, moves: holding },
  };
}
