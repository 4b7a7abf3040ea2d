import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../model/failure.ts';
import type { ProblemBody } from './contract.ts';

/** A kind of refusal: its code, what it is called, and what to do next where the refusal itself does not say. */
interface ProblemKind {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly next: string;
}

/** Every kind of refusal, one record each. */
const PROBLEMS: readonly ProblemKind[] = [
  { code: 'bad-request', status: 400, title: 'The request cannot be read', next: 'Correct it as the detail says.' },
  {
    code: 'account-needed',
    status: 400,
    title: 'The user belongs to several accounts',
    next: 'Name the account in which the user works: `?account=`.',
  },
  { code: 'no-key', status: 401, title: 'No valid key', next: 'Send a key: `Authorization: Bearer <key>`.' },
  {
    code: 'not-allowed',
    status: 403,
    title: 'The key may not do this',
    next: 'Use a key with the scope that is needed.',
  },
  {
    code: 'unknown-user',
    status: 404,
    title: 'No such user',
    next: 'Check the id. A user is known once an event, an identify call or an import has named it with an account, and accounts were computed after that.',
  },
  {
    code: 'unknown-account',
    status: 404,
    title: 'No such account',
    next: 'Check the id. An account is known once a fact has named it, and accounts were computed after that.',
  },
  {
    code: 'setup-link',
    status: 403,
    title: 'This link is not good any more',
    next: 'Start the server again to get another, while nobody administers it.',
  },
  { code: 'unknown-key', status: 404, title: 'No such key', next: '`GET /api/v1/keys` lists what there is.' },
  { code: 'no-hold', status: 404, title: 'No such hold', next: '`GET /api/v1/holds` lists what is open.' },
  { code: 'no-reason', status: 400, title: 'A reason is needed', next: 'Say why, in `reason`.' },
  { code: 'no-name', status: 400, title: 'A name is needed', next: 'Say who uses it, in `name`.' },
  { code: 'not-found', status: 404, title: 'Nothing is here', next: 'Check the method and the path.' },
  { code: 'too-large', status: 413, title: 'The request is too large', next: 'Send less at once.' },
  {
    code: 'wrong-type',
    status: 415,
    title: 'Not a type that is read here',
    next: 'Send JSON: `content-type: application/json`.',
  },
  { code: 'too-many', status: 429, title: 'Too many requests', next: 'Wait as long as Retry-After says.' },
  {
    code: 'internal',
    status: 500,
    title: 'It failed on our side',
    next: 'Try again; if it stays, look into the log of the server.',
  },
  {
    code: 'not-ready',
    status: 503,
    title: 'Not ready yet',
    next: 'Wait as long as Retry-After says: accounts are still being computed.',
  },
];

const INTERNAL = PROBLEMS.find(({ code }) => code === 'internal') as ProblemKind;

/** What a refusal says besides its kind. */
interface ProblemParts {
  readonly detail: string;
  readonly next?: string;
  readonly accounts?: readonly string[];
}

/** A refusal as a body; a code that is not listed is an internal failure. */
function problem(code: string, { detail, next, accounts }: ProblemParts): ProblemBody {
  const kind = PROBLEMS.find((one) => one.code === code) ?? INTERNAL;
  return {
    type: `urn:bellwether:problem:${kind.code}`,
    title: kind.title,
    status: kind.status,
    detail,
    next: next ?? kind.next,
    ...(accounts === undefined ? {} : { accounts }),
  };
}

/** Answers with a refusal. */
export function sendProblem(reply: FastifyReply, code: string, parts: ProblemParts): FastifyReply {
  const body = problem(code, parts);
  return reply.code(body.status).type('application/problem+json').send(JSON.stringify(body));
}

/** Seconds after which to ask again while nothing has been computed yet. */
const RETRY_SECONDS = 2;

/** Answers that the book is not filled yet, so that nobody takes "not yet" for "unknown". */
export function sendNotReady(reply: FastifyReply): FastifyReply {
  reply.header('retry-after', RETRY_SECONDS);
  return sendProblem(reply, 'not-ready', { detail: 'Accounts have not been computed since the start.' });
}

/**
 * The one place in which an error becomes an answer, for every route of a server.
 *
 * A `Failure` says what to do itself and keeps its code; of what was not foreseen only that it happened is told, and
 * `onInternal` hears the rest.
 */
export function answerErrors(app: FastifyInstance, onInternal: (error: unknown) => void): void {
  app.setErrorHandler<FastifyError | Failure | Error>((error, _request, reply) => {
    const { code, detail } = readError(error);
    const { status } = problem(code, { detail });
    if (status === 500) onInternal(error);
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    if (status === 503) reply.header('retry-after', RETRY_SECONDS);
    return sendProblem(reply, code, { detail });
  });
  app.setNotFoundHandler(answerUnknownPath);
}

/** Code and detail of an error, as a problem tells them. */
export function readError(error: FastifyError | Failure | Error): { readonly code: string; readonly detail: string } {
  if (error instanceof Failure) {
    return { code: kindOf(error), detail: error.message };
  }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : INTERNAL.status;
  if (status < 400 || status >= 500) return { code: INTERNAL.code, detail: 'The request could not be answered.' };
  return { code: codeOf(status), detail: error.message };
}

/** A failure that has no kind of its own: what may succeed later is not ready, what an engine says is ours to mend. */
function kindOf({ code, isRetryable }: Failure): string {
  if (PROBLEMS.some((one) => one.code === code)) return code;
  if (isRetryable) return 'not-ready';
  return /^(?:warehouse|ledger)-/.test(code) ? 'internal' : 'bad-request';
}

/** The kind of what Fastify and its plug-ins refuse, by status. */
function codeOf(status: number): string {
  if (status === 404) return 'not-found';
  return PROBLEMS.find((one) => one.status === status)?.code ?? 'bad-request';
}

/** Answers a path that does not exist. */
function answerUnknownPath(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, 'not-found', { detail: `There is no ${request.method} ${request.url.split('?')[0]}.` });
}

/** JSON schema of a refusal. */
export const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'A refusal (RFC 9457), with what to do next',
  required: ['type', 'title', 'status', 'detail', 'next'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    next: { type: 'string' },
    accounts: { type: 'array', items: { type: 'string' } },
  },
} as const;
