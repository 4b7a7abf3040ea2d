import { z } from 'zod';
import type { Move } from '../segment/move.ts';
import { breakerReason } from '../segment/move.ts';
import { fallenSources } from './arrival-fall.ts';
import type { Engines } from './engines.ts';
import type { Standing } from './movement.ts';
import { recordedLately } from './recorded.ts';

/** What the gate lets out, and what it keeps back. */
export interface Gated {
  /** Moves to record now. */
  readonly passing: readonly Move[];
  /** Moves for a new hold; those that wait in an open one, or were discarded, are not held again. */
  readonly holding: readonly Move[];
  /** Accounts that keep their recorded segment. */
  readonly held: ReadonlySet<string>;
  /** Those of them whose move waits for a person to look; the others' was discarded. */
  readonly waiting: ReadonlySet<string>;
  /** Why moves are held; null where none is, discarded ones aside. */
  readonly reason: string | null;
}

/** What comes to the gate: moves, and the standings that they follow from. */
export interface GateInput {
  readonly moves: readonly Move[];
  readonly all: readonly Standing[];
  readonly asOf: number;
  readonly now: Date;
  /** Customers of the workspace, where `all` holds only some accounts. */
  readonly customers?: number;
}

/** A gate that nothing came to. */
export const OPEN_GATE: Gated = { passing: [], holding: [], held: new Set(), waiting: new Set(), reason: null };

const holdSchema = z.object({
  status: z.string(),
  reason: z.string(),
  as_of: z.coerce.date(),
  account_id: z.string(),
  to_segment: z.string().nullable(),
});
type HeldMove = z.infer<typeof holdSchema>;

const DAY_MS = 86_400_000;

/**
 * The circuit breaker (D16): lets moves out, or keeps them back for a person to look at.
 *
 * While a hold is open nothing leaves. What a person discarded is not proposed again as long as the raw answers have gone
 * on saying it; once they have said otherwise in between, it is news.
 */
export async function gate(engines: Engines, input: GateInput): Promise<Gated> {
  const known = await engines.ledger.query(
    `SELECT h.status, h.reason, r.as_of, m.account_id, m.to_segment FROM holds h JOIN runs r USING (run_id),
      jsonb_to_recordset(h.moves) AS m(account_id text, to_segment text)
    WHERE h.status = 'open' OR (h.status = 'discarded' AND h.decided_at > $1)`,
    // A discarded move is remembered for as long as an assignment looks back.
    [new Date(input.now.getTime() - engines.model.assignment.windowDays * DAY_MS)],
    holdSchema,
  );
  const accountsOf = (moves: readonly Move[]) => new Set(moves.map(({ accountId }) => accountId));
  const isKnown = (status: string) => (move: Move) =>
    known.some((held) => held.status === status && isKept(move, held, input.all));
  const waiting = input.moves.filter(isKnown('open'));
  const discarded = input.moves.filter(isKnown('discarded')).filter((move) => !waiting.includes(move));
  const fresh = input.moves.filter((move) => !waiting.includes(move) && !discarded.includes(move));
  const open = known.find(({ status }) => status === 'open');
  const reason = open === undefined ? await newReason(engines, input, fresh) : open.reason;
  const held = accountsOf([...waiting, ...discarded]);
  if (reason === null) return { passing: fresh, holding: [], held, waiting: new Set(), reason: null };
  return {
    ...{ passing: [], holding: fresh, reason },
    ...{ held: accountsOf(input.moves), waiting: accountsOf([...waiting, ...fresh]) },
  };
}

async function newReason(
  { warehouse, ledger, model }: Engines,
  { all, asOf, now, customers }: GateInput,
  moves: readonly Move[],
): Promise<string | null> {
  if (moves.length === 0) return null;
  const told = {
    moves,
    recordedLately: await recordedLately(ledger, now),
    customers: customers ?? all.filter(({ answer }) => answer.relationship === 'customer').length,
    fallenSources: await fallenSources({ warehouse }, asOf),
  };
  return breakerReason(told, model.breaker);
}

/** Whether a move is the one that a hold holds, and the raw answers have said nothing else since it was discarded. */
function isKept(move: Move, held: HeldMove, all: readonly Standing[]): boolean {
  if (held.account_id !== move.accountId || held.to_segment !== move.to) return false;
  if (held.status === 'open') return true;
  const since = all.find(({ answer }) => answer.accountId === move.accountId)?.answers ?? [];
  return since.every(({ asOf, raw }) => asOf <= held.as_of.getTime() || raw === move.to);
}
