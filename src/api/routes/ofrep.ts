import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Experience, experienceOf, type Told } from '../../activation/experience.ts';
import { FLAGS, type Flag, flagNamed } from '../../activation/flag.ts';
import { AS_OF_HEADER, sendTagged } from '../etag.ts';
import { readError, sendNotReady } from '../problem.ts';
import type { ReadSide } from '../read-side.ts';
import { type Route, route } from '../route.ts';
import { refusalOf } from './experience.ts';

const id = z.string().optional();
const context = z.looseObject({ targetingKey: id, account: id, accountId: id, groupId: id }).meta({
  description: 'targetingKey is the id of the user; account (or accountId, or groupId) that of the account in which',
});

/** A question about flags; whatever else is in it is left alone. */
const question = z.looseObject({ context }).meta({
  id: 'EvaluationContext',
  examples: [{ context: { targetingKey: 'ada', account: 'acme' } }],
});

type Context = z.infer<typeof context>;
type ErrorCode = 'PARSE_ERROR' | 'TARGETING_KEY_MISSING' | 'INVALID_CONTEXT' | 'GENERAL' | 'FLAG_NOT_FOUND';

const failure = z
  .object({ key: z.string().optional(), errorCode: z.string(), errorDetails: z.string() })
  .meta({ id: 'EvaluationFailure', description: 'Why a flag could not be evaluated (OFREP 0.3.0)' });
const metadata = z.record(z.string(), z.unknown());
const evaluated = z
  .object({
    key: z.string(),
    value: z.unknown().optional(),
    reason: z.enum(['TARGETING_MATCH', 'UNKNOWN']),
    metadata: metadata.optional(),
  })
  .meta({ id: 'Evaluation', description: 'One flag for one user; without a value the default of the product is used' });

const COMMON = {
  method: 'POST',
  group: 'product',
  may: 'answers.read',
  load: 'answer',
  changes: null,
  body: question,
  refuses: ['not-ready'],
  refuseBy: answerFailure,
} as const;

/**
 * OFREP 0.3.0: what OpenFeature SDKs ask, answered from memory.
 *
 * A user who is not known yet is no error: every flag is answered without a value, so that the default in the code of the
 * product is used. The same holds for a flag of which nothing is known.
 */
export const OFREP_ROUTES: readonly Route<ReadSide>[] = [
  route({
    ...COMMON,
    name: 'flags.evaluate',
    path: '/ofrep/v1/evaluate/flags/:key',
    summary: 'One flag for one user (OFREP 0.3.0)',
    params: z.object({ key: z.string().meta({ examples: ['segment'] }) }),
    answers: { 200: evaluated, 400: failure, 404: failure, 500: failure },
    handle: async ({ params, body, request, reply }, side: ReadSide) => {
      if (!side.isReady()) return sendNotReady(reply);
      const flag = flagNamed(params.key);
      if (flag === null) {
        const listed = FLAGS.map(({ key }) => key).join(', ');
        const errorDetails = `There is no flag ${params.key}; there are ${listed}.`;
        return fail(request, reply, { status: 404, errorCode: 'FLAG_NOT_FOUND', errorDetails });
      }
      const told = ask(side, body.context, request, reply);
      if (told === null) return reply;
      if (told.kind === 'told') reply.header(AS_OF_HEADER, told.experience.asOf);
      return reply.send(evaluation(flag, told));
    },
  }),
  route({
    ...COMMON,
    name: 'flags.evaluate_all',
    path: '/ofrep/v1/evaluate/flags',
    summary: 'All flags for one user (OFREP 0.3.0)',
    answers: { 200: z.object({ flags: z.array(evaluated), metadata }), 400: failure, 500: failure },
    isTagged: true,
    handle: async ({ body: { context: given }, request, reply }, side: ReadSide) => {
      if (!side.isReady()) return sendNotReady(reply);
      const told = ask(side, given, request, reply);
      if (told === null) return reply;
      const flags = FLAGS.map((flag) => evaluation(flag, told, false));
      if (told.kind !== 'told')
        return sendTagged(request, reply, { body: { flags, metadata: {} }, said: flags, asOf: null });
      const about = metadataOf(told.experience);
      const said = { flags, account: about.account };
      return sendTagged(request, reply, { body: { flags, metadata: about }, said, asOf: about.asOf });
    },
  }),
];

type Answered = Extract<Told, { kind: 'told' | 'unknown-user' | 'not-in-account' }>;

/** The experience that a request asks for; null where it was refused, and answered so. */
function ask(
  { book, guide }: ReadSide,
  { targetingKey = '', account, accountId, groupId }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Answered | null {
  if (targetingKey === '') {
    const errorDetails = 'context.targetingKey is the id of the user, and it is missing.';
    fail(request, reply, { status: 400, errorCode: 'TARGETING_KEY_MISSING', errorDetails });
    return null;
  }
  const named = [account, accountId, groupId].find((one) => one !== undefined && one !== '') ?? null;
  const told = experienceOf(book, guide(), { userId: targetingKey, accountId: named });
  if (told.kind !== 'account-needed') return told;
  const { detail, accounts = [] } = refusalOf(told, targetingKey, named);
  const errorDetails = `${detail} Name one as context.account: ${accounts.join(', ')}.`;
  fail(request, reply, { status: 400, errorCode: 'INVALID_CONTEXT', errorDetails });
  return null;
}

function evaluation({ key, read }: Flag, told: Answered, hasMetadata = true) {
  if (told.kind !== 'told') {
    const why = told.kind === 'unknown-user' ? 'the user is not known' : 'the user is not known in this account';
    return { key, reason: 'UNKNOWN', metadata: { why } };
  }
  const answer = read(told.experience);
  const metadata = hasMetadata ? metadataOf(told.experience) : null;
  if (answer.kind === 'absent') return { key, reason: 'UNKNOWN', metadata: { ...metadata, why: answer.why } };
  return { key, value: answer.value, reason: 'TARGETING_MATCH', ...(metadata === null ? {} : { metadata }) };
}

function metadataOf({ asOf, account, isHeld, isOverridden }: Experience) {
  return { account: account.id, asOf, held: isHeld, overridden: isOverridden };
}

interface Refused {
  readonly status: number;
  readonly errorCode: ErrorCode;
  readonly errorDetails: string;
}

function fail(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, errorCode, errorDetails }: Refused,
): FastifyReply {
  const { key } = request.params as { key?: string };
  return reply.code(status).send({ ...(key === undefined ? {} : { key }), errorCode, errorDetails });
}

/** Refusals as OFREP words them; what it leaves to HTTP (401, 403, 429) is a problem as everywhere. */
function answerFailure(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, detail } = readError(error);
  if (code === 'internal') {
    request.log.error(error);
    return fail(request, reply, { status: 500, errorCode: 'GENERAL', errorDetails: detail });
  }
  if (code !== 'bad-request') throw error;
  const errorCode = (error as FastifyError).validation === undefined ? 'PARSE_ERROR' : 'INVALID_CONTEXT';
  return fail(request, reply, { status: 400, errorCode, errorDetails: detail });
}
