import type { FastifyError, FastifyInstance } from 'fastify';
import { Failure } from '../model/failure.ts';

/** A fault that is told to who asked (RFC 9457): a status, a stable code, and what to do next. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  /** Further members of the answer. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, detail: string, members: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.members = members;
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorised',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported type',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
};

/** A fault as `application/problem+json`. */
export function problemBody(status: number, code: string, detail: string, members: object = {}): object {
  return { type: `urn:bellwether:problem:${code}`, title: TITLES[status] ?? 'Error', status, detail, code, ...members };
}

/** What `Failure`s mean to who asked; others are ours to mend. */
const STATUSES: readonly (readonly [RegExp, number])[] = [
  [/^(?:no-|unknown-)/, 404],
  [/^(?:warehouse|ledger|landing)-/, 503],
  [/^(?:busy|role-lost)$/, 503],
];

/**
 * Answers every fault as problem+json. What the sender can mend keeps its words; what is ours to mend is logged and told as
 * `internal` without them.
 */
export function answerProblems(app: FastifyInstance, onInternal: (error: unknown) => void): void {
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const [status, code, detail, members] = readError(error);
    if (status >= 500) onInternal(error);
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    if (status === 503) void reply.header('retry-after', '1');
    return reply
      .code(status)
      .type('application/problem+json')
      .send(problemBody(status, code, detail, members));
  });
  app.setNotFoundHandler((request, reply) => {
    const detail = `There is nothing at ${request.method} ${request.url.split('?')[0] ?? ''}.`;
    return reply
      .code(404)
      .type('application/problem+json')
      .send(problemBody(404, 'not-found', detail));
  });
}

function readError(error: FastifyError): readonly [number, string, string, object] {
  if (error instanceof Problem) return [error.status, error.code, error.message, error.members];
  if (error instanceof Failure) {
    const status = STATUSES.find(([pattern]) => pattern.test(error.code))?.[1] ?? 400;
    return [status, error.code, error.message, {}];
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) return [500, 'internal', 'Something went wrong here; it was written to the log.', {}];
  const code = error.code?.toLowerCase().replaceAll('_', '-') ?? 'bad-request';
  return [status, code, error.message, {}];
}
