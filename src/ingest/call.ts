import type { Arrival } from './arrival.ts';
import { CALL_KINDS, type CallKind } from './call-kind.ts';
import { CALL_LIMITS, type CallParts, type CallRefusal, EARLIEST, idOf, instantOf } from './call-parts.ts';
import { isRecord } from './flat-map.ts';

/** What surrounds a call: when it came, what the request says for all of its calls, and what the model says. */
export interface CallSurroundings {
  readonly receivedAt: number;
  /** The sender's clock when it sent the request; anything that is no instant: not told. */
  readonly sentAt: unknown;
  /** Context of the batch, over which the call's own lies. */
  readonly context: unknown;
  /** Kind of the call where the address names it; null: the call says it. */
  readonly kind: string | null;
  /** Property of an event that names its account; null: none does. */
  readonly accountProperty: string | null;
  /** A message id for a call that has none. */
  readonly newId: () => string;
}

/** A call as read: whose it is, and what it states. Instants in milliseconds; empty text is missing. */
export interface Call {
  readonly kind: string;
  readonly messageId: string;
  readonly time: number;
  readonly userId: string;
  readonly accountId: string;
  /** What named the account; null: nothing in the call does. */
  readonly namedBy: 'context' | 'property' | 'call' | null;
  /** Name of the event that it states; null: none. */
  readonly event: string | null;
  readonly arrivals: readonly Arrival[];
}

/** A call that was read, or the first thing that is wrong with it. */
export type CallReading = { readonly call: Call } | { readonly refusal: CallRefusal };

const refuse = (reason: CallRefusal['reason'], field: string, message: string): CallReading => ({
  refusal: { reason, field, message },
});

/**
 * Reads one call of the tracking API. Pure: the moment and new ids come in.
 *
 * The time of a call is the sender's, corrected by how far the sender's clock was off when it sent the request; nothing
 * happens after it arrived. An id may be a number. Anything else of the wrong shape is refused with its field, and the
 * other calls of the request are read on.
 */
export function readCall(raw: unknown, surroundings: CallSurroundings): CallReading {
  if (!isRecord(raw)) return refuse('shape', '', 'a call is a JSON object');
  const name = surroundings.kind ?? raw['type'];
  const kind = CALL_KINDS.find((candidate) => candidate.name === name);
  if (kind === undefined) {
    return refuse('value', 'type', `type is one of ${CALL_KINDS.map((each) => each.name).join(', ')}`);
  }
  const ids = readIds(raw);
  if ('refusal' in ids) return ids;
  const { userId, anonymousId, messageId } = ids;
  if (userId === '' && anonymousId === '')
    return refuse('missing', 'userId', 'a call needs a userId or an anonymousId');
  const time = timeOf(raw, surroundings);
  if (time === null) {
    const message = 'timestamp is an ISO 8601 instant from the year 2000 on, such as 2026-03-01T12:00:00Z';
    return refuse('time', 'timestamp', message);
  }
  const context = contextOf(raw, surroundings.context);
  return stateCall(kind, {
    body: raw,
    userId,
    anonymousId,
    messageId: messageId === '' ? surroundings.newId() : messageId,
    time,
    receivedAt: surroundings.receivedAt,
    contextAccount: accountIn(context),
    accountProperty: surroundings.accountProperty,
  });
}

function stateCall(kind: CallKind, parts: CallParts): CallReading {
  const read = kind.read(parts);
  if ('refusal' in read) return read;
  const { messageId, time, userId, anonymousId } = parts;
  const actor = userId === '' ? anonymousId : userId;
  return { call: { kind: kind.name, messageId, time, userId: actor, ...read.statement } };
}

function contextOf(raw: Record<string, unknown>, shared: unknown): Record<string, unknown> {
  const own = isRecord(raw['context']) ? raw['context'] : {};
  return isRecord(shared) ? { ...shared, ...own } : own;
}

/** Account that a context names; what cannot be the id of one names none. */
function accountIn(context: Record<string, unknown>): string {
  const id = idOf(context['groupId']) ?? '';
  return id.length > CALL_LIMITS.idLength ? '' : id;
}

function readIds(
  raw: Record<string, unknown>,
): { userId: string; anonymousId: string; messageId: string } | { readonly refusal: CallRefusal } {
  const read: Record<string, string> = {};
  for (const field of ['userId', 'anonymousId', 'messageId']) {
    const id = idOf(raw[field]);
    const most = field === 'messageId' ? CALL_LIMITS.messageIdLength : CALL_LIMITS.idLength;
    if (id === null) return { refusal: { reason: 'value', field, message: `${field} is text or a number` } };
    if (id.length > most)
      return { refusal: { reason: 'too-large', field, message: `${field} is longer than ${most}` } };
    read[field] = id;
  }
  return { userId: read['userId'] ?? '', anonymousId: read['anonymousId'] ?? '', messageId: read['messageId'] ?? '' };
}

function timeOf(raw: Record<string, unknown>, { receivedAt, sentAt }: CallSurroundings): number | null {
  // What the caller said when it happened; SDKs that stamp every call by themselves do so beside it.
  const told = raw['timestamp'] ?? raw['originalTimestamp'];
  if (told === undefined || told === null || told === '') return receivedAt;
  const original = instantOf(told);
  if (original === null) return null;
  const sent = instantOf(raw['sentAt'] ?? sentAt);
  const corrected = sent === null ? original : receivedAt - (sent - original);
  return corrected < EARLIEST ? null : Math.min(corrected, receivedAt);
}
