import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import { Failure } from '../model/failure.ts';
import type { ProblemBody } from './contract.ts';

/** A kind of refusal: its code, what it is called, and what to do next where the refusal itself does not say. */
interface ProblemKind<Code extends string = string> {
  readonly code: Code;
  readonly status: number;
  readonly title: string;
  readonly next: string;
}

/** Every kind of refusal, one record each; of one status the general one comes before those that only a route has. */
const LISTED = [
  { code: 'bad-request', status: 400, title: 'The request cannot be read', next: 'Correct it as the detail says.' },
  {
    code: 'account-needed',
    status: 400,
    title: 'The user belongs to several accounts',
    next: 'Name the account in which the user works: `?account=`.',
  },
  {
    code: 'no-key',
    status: 401,
    title: 'Nobody known',
    next: 'Sign in, or send a key: `Authorization: Bearer <key>`.',
  },
  {
    code: 'not-allowed',
    status: 403,
    title: 'This is not allowed to you',
    next: 'Use a key or a role that may do it, as the detail says.',
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
  {
    code: 'unknown-question',
    status: 404,
    title: 'No such question',
    next: '`GET /api/v1/evidence` lists what there is.',
  },
  {
    code: 'no-evidence',
    status: 409,
    title: 'It could not be answered',
    next: 'Correct it as the detail says, and ask again after a minute.',
  },
  {
    code: 'unknown-version',
    status: 404,
    title: 'No such version',
    next: '`GET /api/v1/model/versions` lists what there is.',
  },
  { code: 'no-hold', status: 404, title: 'No such hold', next: '`GET /api/v1/holds` lists what is open.' },
  {
    code: 'no-user',
    status: 404,
    title: 'Nothing is held of this user',
    next: 'Check the id as the events or the files spell it.',
  },
  {
    code: 'backup-runs',
    status: 409,
    title: 'A copy is being made',
    next: 'Wait until it is done: `GET /api/v1/backups`.',
  },
  { code: 'no-backup-folder', status: 409, title: 'No folder for copies', next: 'Use `bellwether backup --to`.' },
  {
    code: 'no-override',
    status: 404,
    title: 'No override is in force',
    next: '`GET /api/v1/overrides` lists those that are.',
  },
  { code: 'unknown-view', status: 404, title: 'No such view', next: '`GET /api/v1/views` lists those that you saved.' },
  { code: 'too-many-views', status: 409, title: 'Too many views', next: 'Remove one that you no longer use.' },
  { code: 'no-segment', status: 400, title: 'No such segment', next: '`GET /api/v1/model` has the segments.' },
  {
    code: 'changed-meanwhile',
    status: 412,
    title: 'It was changed meanwhile',
    next: 'Read it again, and decide anew: `If-Match` is the ETag of what you saw.',
  },
  {
    code: 'nothing-changed',
    status: 409,
    title: 'There is nothing to publish',
    next: 'Change the text first.',
  },
  {
    code: 'key-reused',
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    next: 'Take a new key for every request that is another.',
  },
  {
    code: 'model-refused',
    status: 422,
    title: 'The model has errors',
    next: '`POST /api/v1/model/check` tells each with line and column. Correct them, and publish again.',
  },
  {
    code: 'still-running',
    status: 409,
    title: 'The same request is under way',
    next: 'Wait, and send it again with the same key.',
  },
  {
    code: 'answered-once',
    status: 409,
    title: 'It was done, and its answer is not told twice',
    next: 'It held a secret. Undo what was made, and make it anew.',
  },
  { code: 'no-reason', status: 400, title: 'A reason is needed', next: 'Say why, in `reason`.' },
  { code: 'bad-cursor', status: 400, title: 'No cursor of this list', next: 'Begin again without a cursor.' },
  {
    code: 'bad-as-of',
    status: 400,
    title: 'No day that can be asked about',
    next: 'Write a day as 2026-03-01, or an instant as 2026-03-01T12:00:00Z.',
  },
  {
    code: 'no-as-of',
    status: 409,
    title: 'There are no facts yet to tell the day from',
    next: 'Import data or send events first, or name a day: `?asOf=2026-03-01`.',
  },
  {
    code: 'bad-mapping',
    status: 400,
    title: 'The file cannot be read this way',
    next: 'Send `source` before the file: the name of a source of the model, or a mapping as one has it, in JSON.',
  },
  {
    code: 'unknown-row',
    status: 404,
    title: 'No refused row is there',
    next: '`GET /api/v1/quarantine` lists the rows that wait, with file and line.',
  },
  {
    code: 'bad-row',
    status: 409,
    title: 'The row cannot be put right here',
    next: 'Correct it at its source, and import that again.',
  },
  {
    code: 'import-runs',
    status: 409,
    title: 'Another import is under way',
    next: 'Send it again when that has ended: `GET /api/v1/imports`.',
  },
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
  {
    code: 'foreign-page',
    status: 403,
    title: 'The request comes from a page elsewhere',
    next: 'Send it from a page of this server, or with a key. Behind a proxy the server must know its own address: BELLWETHER_ORIGIN.',
  },
  {
    code: 'sign-in-refused',
    status: 401,
    title: 'Not signed in',
    next: 'Check the address and the password, or ask for a link to a new one.',
  },
  {
    code: 'sign-in-locked',
    status: 429,
    title: 'Too many sign-ins failed',
    next: 'Wait as long as Retry-After says, or ask for a link to a new password.',
  },
  {
    code: 'weak-password',
    status: 400,
    title: 'The password is easy to guess',
    next: 'Choose another: a few words in a row make a good one.',
  },
  { code: 'wrong-password', status: 400, title: 'Another password is yours', next: 'Send the one you sign in with.' },
  {
    code: 'no-password',
    status: 409,
    title: 'You sign in without a password',
    next: 'Ask for a link to set one, if you want one.',
  },
  {
    code: 'spent-link',
    status: 403,
    title: 'This link is not good any more',
    next: 'Ask for another one.',
  },
  { code: 'bad-email', status: 400, title: 'This is no e-mail address', next: 'Write it like name@example.com.' },
  { code: 'known-operator', status: 409, title: 'The address is an operator’s already', next: 'They may sign in.' },
  { code: 'unknown-operator', status: 404, title: 'No such operator', next: '`GET /api/v1/people` lists everybody.' },
  {
    code: 'last-admin',
    status: 409,
    title: 'Somebody must administer',
    next: 'Make somebody else an administrator first.',
  },
  {
    code: 'unknown-invitation',
    status: 404,
    title: 'No such invitation',
    next: '`GET /api/v1/invitations` lists what is open.',
  },
  { code: 'unknown-session', status: 404, title: 'No such session', next: 'It may have ended already.' },
  {
    code: 'provider-away',
    status: 503,
    title: 'The provider does not answer',
    next: 'Try again in a moment, or sign in with a password.',
  },
  { code: 'no-oidc', status: 404, title: 'No provider to sign in with', next: 'Sign in with a password.' },
] as const satisfies readonly ProblemKind[];

/** Code of a kind of refusal. */
export type ProblemCode = (typeof LISTED)[number]['code'];

const PROBLEMS: readonly ProblemKind<ProblemCode>[] = LISTED;

/** Status and title of a kind of refusal. */
export function problemKind(code: ProblemCode): ProblemKind<ProblemCode> {
  const kind = PROBLEMS.find((one) => one.code === code);
  if (kind === undefined) throw new Error(`there is no kind of refusal called ${code}`);
  return kind;
}

const INTERNAL = problemKind('internal');

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
    const isLater = status === 503 || status === 429;
    if (isLater && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_SECONDS);
    return sendProblem(reply, code, { detail });
  });
  app.setNotFoundHandler(answerUnknownPath);
}

/** Answers what cannot even be given to a route: an address that is none. */
export function answerUnreadable(error: FastifyError, reply: FastifyReply): void {
  void sendProblem(reply, 'bad-request', { detail: error.message });
}

/** Parts of a request as Fastify names them, in words. */
const PARTS: Readonly<Record<string, string>> = {
  querystring: 'query',
  body: 'body',
  params: 'path',
  headers: 'headers',
};

/** What is wrong with a part of a request by its schema, with the name of the field that it is about. */
export function sayMisfit(errors: readonly FastifySchemaValidationError[], part: string): Error {
  const where = PARTS[part] ?? part;
  const said = errors.map(({ keyword, params, instancePath, message = 'is not as it should be' }) => {
    const { additionalProperty: stray, allowedValues: allowed } = params;
    if (keyword === 'additionalProperties') return `there is no \`${String(stray)}\` in the ${where}`;
    const field =
      instancePath === '' ? `the ${where}` : `\`${instancePath.slice(1).replaceAll('/', '.')}\` of the ${where}`;
    return `${field} ${message}${Array.isArray(allowed) ? `: ${allowed.map(String).join(', ')}` : ''}`;
  });
  const text = said.join('; ');
  return new Error(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
}

/** Code and detail of an error, as a problem tells them. */
export function readError(error: FastifyError | Failure | Error): { readonly code: string; readonly detail: string } {
  if (error instanceof Failure) {
    // What an engine refuses it repeats: a statement, a value that somebody sent, the name of a table.
    const isEngine = /^(?:warehouse|ledger)-/.test(error.code);
    return { code: kindOf(error), detail: isEngine ? `A database could not do it (${error.code}).` : error.message };
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
