import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AnswerBook } from '../../activation/book.ts';
import type { Model } from '../../definition/model.ts';
import type { Arrival } from '../../ingest/arrival.ts';
import { type Call, readCall } from '../../ingest/call.ts';
import { CALL_DEPTH, CALL_LIMITS, type CallRefusal } from '../../ingest/call-parts.ts';
import { isRecord } from '../../ingest/flat-map.ts';
import type { Landing } from '../../ingest/landing.ts';
import type { RefusedCall } from '../../ingest/refused-call.ts';
import { isSuppressedCall, SUPPRESSED } from '../../ingest/suppressed-call.ts';
import type { SuppressionList } from '../../ingest/suppression.ts';
import { Failure } from '../../model/failure.ts';
import type { Feed } from '../feed.ts';
import type { KeyRing } from '../key.ts';
import type { Metrics } from '../metrics.ts';
import { readJsonBody } from '../request-body.ts';
import { type Door, type Route, route } from '../route.ts';

/** Most of one request, as SDKs know it. */
const REQUEST_BYTES = 500 * 1024;
const TOO_LARGE = `A request is at most ${REQUEST_BYTES} bytes, unpacked. Send fewer calls at once.`;
const BATCH_CALLS = 2_500;
const RETRY_SECONDS = '1';
const DAY_MS = 86_400_000;

/** What the tracking API works with. */
export interface TrackingSide {
  readonly tracking: Model['tracking'];
  /** Names of the events that the model speaks of. */
  readonly planned: ReadonlySet<string>;
  readonly book: AnswerBook;
  readonly keys: KeyRing;
  readonly landing: Landing<Arrival>;
  readonly quarantine: Landing<RefusedCall>;
  readonly feed: Feed;
  /** Who was erased and must not come back. */
  readonly suppressed: () => SuppressionList;
  readonly metrics: Pick<Metrics, 'landed'>;
  readonly clock: () => number;
  /** Told after rows are on disk. */
  readonly onLanded: () => void;
}

/** Addresses of single calls: the word of the protocol, and the letter that browsers use. */
const SINGLE: Readonly<Record<string, string>> = {
  track: 'track',
  identify: 'identify',
  group: 'group',
  page: 'page',
  screen: 'screen',
  alias: 'alias',
  t: 'track',
  i: 'identify',
  g: 'group',
  p: 'page',
  s: 'screen',
  a: 'alias',
};

/** Bodies as SDKs send them: JSON whatever its type says, and gzip. */
const TRACKING_DOOR: Door = {
  name: 'tracking',
  reads: ['application/json', 'text/plain'],
  prepare: (app) => {
    readJsonBody(app);
    // The protocol knows one status for what cannot be taken as it is.
    app.addHook('onError', async (_request, _reply, error) => {
      if ('statusCode' in error && error.statusCode === 413)
        Object.assign(error, { statusCode: 400, message: TOO_LARGE });
    });
  },
};

const refusal = z.object({ field: z.string(), reason: z.string(), message: z.string() });
const taken = z.object({
  success: z.literal(true),
  accepted: z.int().optional(),
  refused: z.int().optional(),
  refusals: z.array(refusal).optional().meta({ description: 'At most twenty of the calls that were refused, and why' }),
});
const notTaken = z.object({ success: z.literal(false), code: z.string(), message: z.string() });

const call = z.looseObject({}).meta({
  id: 'Call',
  description: 'A call of the Segment protocol; what is in it is checked call by call, and refused call by call',
  examples: [{ userId: 'ada', event: 'report_created', context: { groupId: 'acme' } }],
});
const batch = z.looseObject({ batch: z.array(call) }).meta({
  id: 'Batch',
  description: `At most ${BATCH_CALLS} calls`,
  examples: [{ batch: [{ type: 'track', userId: 'ada', event: 'report_created', context: { groupId: 'acme' } }] }],
});

const DESCRIPTION = `200 means that what was accepted is on disk. A call that cannot be read is refused into the quarantine and named in the
answer, and its neighbours are accepted. 400: no JSON, or too large. 401: no write key. 429 with Retry-After: more arrives than can be
written. 503: the warehouse does not answer; what was sent is to be sent again.`;

function sending(path: string, summary: string, body: z.ZodType, split: (body: Body) => readonly Raw[] | null) {
  return route({
    name: `events.${path}`,
    method: 'POST',
    path: `/v1/${path}`,
    group: 'tracking',
    summary,
    description: DESCRIPTION,
    may: 'events.send',
    load: 'none',
    door: TRACKING_DOOR,
    bodyLimit: REQUEST_BYTES,
    changes: null,
    isBodyUnchecked: true,
    body,
    answers: { 200: taken, 400: notTaken, 401: notTaken, 429: notTaken, 503: notTaken },
    refuses: [],
    handle: ({ request, reply }, side: TrackingSide) => take(request, reply, side, split),
  });
}

/** The tracking API, as SDKs of Segment's protocol speak it: they change their host and nothing else. */
export const TRACKING_ROUTES: readonly Route<TrackingSide>[] = [
  ...Object.entries(SINGLE).map(([path, kind]) =>
    sending(path, `One call of kind ${kind}`, call, (body) => [{ raw: body, kind }]),
  ),
  ...['batch', 'import', 'b'].map((path) =>
    sending(path, 'Calls of any kind, many at once', batch, (body) => {
      const calls = body['batch'];
      return Array.isArray(calls) ? calls.map((raw: unknown) => ({ raw, kind: null })) : null;
    }),
  ),
];

type Raw = { readonly raw: unknown; readonly kind: string | null };
type Body = Readonly<Record<string, unknown>>;

async function take(
  request: FastifyRequest,
  reply: FastifyReply,
  options: TrackingSide,
  split: (body: Body) => readonly Raw[] | null,
) {
  const { body } = request;
  const bearer = await options.keys.find(writeKeyOf(request, body));
  if (bearer === null || bearer.scope === 'read') {
    return reply
      .code(401)
      .send(problem('unauthorised', 'Send a write key: as user name of Basic auth, or as writeKey.'));
  }
  const raws = isRecord(body) ? split(body) : null;
  if (raws === null || !isRecord(body)) {
    return reply.code(400).send(problem('shape', 'The body is a JSON object; of a batch it has a list called batch.'));
  }
  const receivedAt = options.clock();
  const { bytes } = request.bodySize;
  const { calls, refused, erased } = readCalls(raws, body, request.bodySize, receivedAt, options);
  try {
    await Promise.all([
      options.landing.land(
        calls.flatMap(({ arrivals }) => arrivals),
        receivedAt,
        bytes,
      ),
      options.quarantine.land(refused, receivedAt, bytes),
    ]);
  } catch (error) {
    return sendLater(reply, error);
  }
  const counts = { accepted: calls.length, refused: refused.length, erased };
  options.metrics.landed(counts, (options.clock() - receivedAt) / 1000);
  options.onLanded();
  tell(options, receivedAt, calls, refused);
  const refusals = [...refused.map(({ refusal }) => refusal), ...Array.from({ length: erased }, () => SUPPRESSED)];
  if (refusals.length === 0) return { success: true } as const;
  const shown = refusals.slice(0, 20);
  return { success: true as const, accepted: calls.length, refused: refusals.length, refusals: shown };
}

const problem = (code: string, message: string) => ({ success: false, code, message });

function sendLater(reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof Failure) || !error.isRetryable) throw error;
  const isBusy = error.code === 'busy';
  void reply.header('retry-after', RETRY_SECONDS).header('x-ratelimit-reset', RETRY_SECONDS);
  return reply.code(isBusy ? 429 : 503).send(problem(error.code, error.message));
}

function writeKeyOf(request: FastifyRequest, body: unknown): string {
  const header = request.headers.authorization ?? '';
  const [, scheme = '', credentials = ''] = /^(\w+)\s+(\S+)$/.exec(header) ?? [];
  if (scheme.toLowerCase() === 'basic') {
    return Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? '';
  }
  if (scheme.toLowerCase() === 'bearer') return credentials;
  const own = isRecord(body) ? body['writeKey'] : undefined;
  return typeof own === 'string' ? own : '';
}

function readCalls(
  raws: readonly Raw[],
  body: Body,
  { bytes, depth }: FastifyRequest['bodySize'],
  receivedAt: number,
  { tracking, suppressed }: TrackingSide,
): { calls: readonly Call[]; refused: readonly RefusedCall[]; erased: number } {
  const list = suppressed();
  let erased = 0;
  const calls: Call[] = [];
  const refused: RefusedCall[] = [];
  const isBatch = raws.length !== 1 || raws[0]?.raw !== body;
  const around = {
    receivedAt,
    sentAt: body['sentAt'],
    context: isBatch ? body['context'] : undefined,
    accountProperty: tracking.accountProperty,
    newId: () => `server-${randomUUID()}`,
  };
  for (const { raw, kind } of raws.slice(0, BATCH_CALLS)) {
    if (depth > CALL_DEPTH && isDeeper(raw, CALL_DEPTH)) {
      refused.push({ refusal: tooLarge('', `a call has at most ${CALL_DEPTH} levels of nesting`), raw: null });
      continue;
    }
    // A request that is small as a whole holds no large call.
    if (bytes > CALL_LIMITS.bytes && sizeOf(raw) > CALL_LIMITS.bytes) {
      refused.push({ refusal: tooLarge('', `a call is at most ${CALL_LIMITS.bytes} bytes`), raw: withoutKey(raw) });
      continue;
    }
    const reading = readCall(raw, { ...around, kind });
    if (isSuppressedCall(list, raw, 'call' in reading ? reading.call.arrivals : [])) {
      erased += 1;
      continue;
    }
    if ('call' in reading) calls.push(reading.call);
    else refused.push({ refusal: reading.refusal, raw: withoutKey(raw) });
  }
  const beyond = tooLarge('batch', `a batch holds at most ${BATCH_CALLS} calls`);
  for (const { raw } of raws.slice(BATCH_CALLS)) refused.push({ refusal: beyond, raw: withoutKey(raw) });
  return { calls, refused, erased };
}

const tooLarge = (field: string, message: string): CallRefusal => ({ reason: 'too-large', field, message });

/** Whether a value has more levels of nesting; in steps, since what is too deep for a stack is what it looks for. */
function isDeeper(value: unknown, most: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= most; depth += 1) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
    if (level.length === 0) return false;
  }
  return true;
}

const sizeOf = (raw: unknown): number => Buffer.byteLength(JSON.stringify(raw) ?? '');

/** A call as it may be kept and shown: a write key in it is nobody's to read. */
function withoutKey(raw: unknown): unknown {
  return isRecord(raw) && 'writeKey' in raw ? { ...raw, writeKey: '***' } : raw;
}

function tell(
  { feed, book, planned }: TrackingSide,
  receivedAt: number,
  calls: readonly Call[],
  refused: readonly RefusedCall[],
): void {
  const at = new Date(receivedAt).toISOString();
  const today = Math.floor(receivedAt / DAY_MS) * DAY_MS;
  for (const call of calls) {
    const [only, ...others] = call.accountId === '' ? book.accountsOf(call.userId) : [];
    const own = only !== undefined && others.length === 0 ? only : null;
    feed.add({
      receivedAt: at,
      kind: call.kind,
      event: call.event,
      messageId: call.messageId,
      userId: call.userId,
      accountId: call.accountId === '' ? own : call.accountId,
      attributedBy: call.namedBy ?? (own === null ? null : 'only account of the user'),
      isPlanned: call.event === null ? null : planned.has(call.event),
      isLate: call.time < today,
      refused: null,
    });
  }
  for (const { refusal, raw } of refused) {
    const said = isRecord(raw) ? raw : {};
    const text = (name: string): string | null => (typeof said[name] === 'string' ? said[name].slice(0, 200) : null);
    feed.add({
      receivedAt: at,
      kind: text('type') ?? 'unknown',
      event: text('event'),
      messageId: text('messageId'),
      userId: text('userId') ?? text('anonymousId'),
      accountId: null,
      attributedBy: null,
      isPlanned: null,
      isLate: false,
      refused: refusal,
    });
  }
}
