import type { FastifyInstance } from 'fastify';
import type { AccountAnswer } from '../activation/answer.ts';
import type { AccountBody, ArrivalBody } from './contract.ts';
import { sendTagged } from './etag.ts';
import { PROBLEM_SCHEMA, sendNotReady, sendProblem } from './problem.ts';
import type { ReadSide } from './read-side.ts';
import { ACCOUNT_SCHEMA } from './schema.ts';

/** What the route of accounts needs besides memory. */
export interface AccountSide extends ReadSide {
  /** The last arrival of every input; asked at most once a minute. */
  readonly arrivals: () => Promise<readonly ArrivalBody[]>;
  /** Milliseconds. */
  readonly clock: () => number;
}

const SCHEMA = {
  summary: 'What is said of one account now, which inputs are missing, and when each last came in',
  params: { type: 'object', required: ['id'], properties: { id: { type: 'string', minLength: 1 } } },
  response: { 200: ACCOUNT_SCHEMA, 404: PROBLEM_SCHEMA, 503: PROBLEM_SCHEMA },
} as const;

/** `GET /api/v1/accounts/{id}`. */
export async function accountRoutes(server: FastifyInstance, side: AccountSide) {
  const { book, isReady, authorise } = side;
  const inputs = kept(side);
  server.get<{ Params: { id: string } }>(
    '/api/v1/accounts/:id',
    { schema: SCHEMA, onRequest: authorise },
    async (request, reply) => {
      if (!isReady()) return sendNotReady(reply);
      const { id } = request.params;
      const account = book.account(id);
      if (account === null) return sendProblem(reply, 'unknown-account', { detail: `There is no account ${id}.` });
      const body = bodyOf(account, book.users(id).length, await inputs());
      return sendTagged(request, reply, { body, said: { ...body, asOf: '', inputs: [] }, asOf: body.asOf });
    },
  );
}

const KEPT_MILLIS = 60_000;

/** The arrivals as read within the last minute; askers who come at once share one reading. */
function kept({ arrivals, clock }: AccountSide): () => Promise<readonly ArrivalBody[]> {
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<readonly ArrivalBody[]> | null = null;
  return () => {
    if (reading !== null && Math.abs(clock() - readAt) < KEPT_MILLIS) return reading;
    readAt = clock();
    const mine = arrivals();
    reading = mine;
    mine.catch(() => {
      if (reading === mine) reading = null;
    });
    return mine;
  };
}

function bodyOf(account: AccountAnswer, users: number, inputs: readonly ArrivalBody[]): AccountBody {
  const { since, asOf } = account;
  return {
    ...account,
    asOf: new Date(asOf).toISOString(),
    since: since === null ? null : new Date(since).toISOString(),
    users,
    inputs,
  };
}
