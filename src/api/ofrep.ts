import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Experience, experienceOf, type Told } from '../activation/experience.ts';
import { FLAGS, type Flag, flagNamed } from '../activation/flag.ts';
import { AS_OF_HEADER, sendTagged } from './etag.ts';
import { refusalOf } from './experience.ts';
import { readError, sendNotReady } from './problem.ts';
import type { ReadSide } from './read-side.ts';

/** The part of an evaluation context that is read here; whatever else is in it is left alone. */
interface Context {
  readonly targetingKey?: string;
  readonly account?: string;
  readonly accountId?: string;
  readonly groupId?: string;
}

interface Route {
  Params: { key?: string };
  Body: { context?: Context } | null;
}

type ErrorCode = 'PARSE_ERROR' | 'TARGETING_KEY_MISSING' | 'INVALID_CONTEXT' | 'GENERAL' | 'FLAG_NOT_FOUND';

const id = { type: 'string' } as const;
const BODY = {
  type: 'object',
  required: ['context'],
  properties: {
    context: {
      type: 'object',
      description:
        'targetingKey is the id of the user; account (or accountId, or groupId) that of the account in which',
      properties: { targetingKey: id, account: id, accountId: id, groupId: id },
      additionalProperties: true,
    },
  },
} as const;

const FAILURE = {
  type: 'object',
  properties: { key: { type: 'string' }, errorCode: { type: 'string' }, errorDetails: { type: 'string' } },
} as const;

const METADATA = { type: 'object', additionalProperties: true } as const;

const EVALUATION = {
  type: 'object',
  required: ['key', 'reason'],
  properties: {
    key: { type: 'string' },
    value: {},
    reason: { type: 'string', enum: ['TARGETING_MATCH', 'UNKNOWN'] },
    metadata: METADATA,
  },
} as const;

const ONE = {
  summary: 'One flag for one user (OFREP 0.3.0)',
  params: { type: 'object', properties: { key: { type: 'string' } } },
  body: BODY,
  response: { 200: EVALUATION, 400: FAILURE, 404: FAILURE },
} as const;

const ALL = {
  summary: 'All flags for one user (OFREP 0.3.0)',
  body: BODY,
  response: {
    200: { type: 'object', properties: { flags: { type: 'array', items: EVALUATION }, metadata: METADATA } },
    400: FAILURE,
  },
} as const;

/**
 * OFREP 0.3.0: what OpenFeature SDKs ask, answered from memory.
 *
 * A user who is not known yet is no error: every flag is answered without a value, so that the default in the code of the
 * product is used. The same holds for a flag of which nothing is known.
 */
export async function ofrepRoutes(server: FastifyInstance, side: ReadSide) {
  const { isReady, authorise } = side;
  await server.register(async (scope) => {
    scope.setErrorHandler(answerFailure);
    scope.post<Route>(
      '/ofrep/v1/evaluate/flags/:key',
      { schema: ONE, onRequest: authorise },
      async (request, reply) => {
        if (!isReady()) return sendNotReady(reply);
        const flag = flagNamed(request.params.key ?? '');
        if (flag === null) {
          const listed = FLAGS.map(({ key }) => key).join(', ');
          const errorDetails = `There is no flag ${request.params.key}; there are ${listed}.`;
          return fail(request, reply, { status: 404, errorCode: 'FLAG_NOT_FOUND', errorDetails });
        }
        const told = ask(side, request, reply);
        if (told === null) return reply;
        if (told.kind === 'told') reply.header(AS_OF_HEADER, told.experience.asOf);
        return evaluation(flag, told);
      },
    );
    scope.post<Route>('/ofrep/v1/evaluate/flags', { schema: ALL, onRequest: authorise }, async (request, reply) => {
      if (!isReady()) return sendNotReady(reply);
      const told = ask(side, request, reply);
      if (told === null) return reply;
      const flags = FLAGS.map((flag) => evaluation(flag, told, false));
      if (told.kind !== 'told')
        return sendTagged(request, reply, { body: { flags, metadata: {} }, said: flags, asOf: null });
      const metadata = metadataOf(told.experience);
      const said = { flags, account: metadata.account };
      return sendTagged(request, reply, { body: { flags, metadata }, said, asOf: metadata.asOf });
    });
  });
}

type Answered = Extract<Told, { kind: 'told' | 'unknown-user' | 'not-in-account' }>;

/** The experience that a request asks for; null where it was refused, and answered so. */
function ask({ book, guide }: ReadSide, request: FastifyRequest<Route>, reply: FastifyReply): Answered | null {
  const { targetingKey = '', account, accountId, groupId } = request.body?.context ?? {};
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
function answerFailure(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, detail } = readError(error);
  if (code === 'internal') {
    request.log.error(error);
    return fail(request, reply, { status: 500, errorCode: 'GENERAL', errorDetails: detail });
  }
  if (code !== 'bad-request') throw error;
  const errorCode = error.validation === undefined ? 'PARSE_ERROR' : 'INVALID_CONTEXT';
  return fail(request, reply, { status: 400, errorCode, errorDetails: detail });
}
