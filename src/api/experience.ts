import type { FastifyInstance, FastifyReply } from 'fastify';
import { experienceOf, type Told } from '../activation/experience.ts';
import type { ExperienceBody } from './contract.ts';
import { sendTagged } from './etag.ts';
import { PROBLEM_SCHEMA, sendNotReady, sendProblem } from './problem.ts';
import type { ReadSide } from './read-side.ts';
import { EXPERIENCE_SCHEMA } from './schema.ts';

type Refused = Exclude<Told, { kind: 'told' }>;

interface Route {
  Params: { id: string };
  Querystring: { account?: string };
}

const SCHEMA = {
  summary: 'What the product shows one user now, and what it does not',
  params: { type: 'object', required: ['id'], properties: { id: { type: 'string', minLength: 1 } } },
  querystring: { type: 'object', properties: { account: { type: 'string', minLength: 1 } } },
  response: { 200: EXPERIENCE_SCHEMA, 400: PROBLEM_SCHEMA, 404: PROBLEM_SCHEMA, 503: PROBLEM_SCHEMA },
} as const;

/** `GET /api/v1/users/{id}/experience`: one call, from memory (X10). Needs a server whose path parameters may be long. */
export async function experienceRoutes(server: FastifyInstance, { book, guide, isReady, authorise }: ReadSide) {
  server.get<Route>(
    '/api/v1/users/:id/experience',
    { schema: SCHEMA, onRequest: authorise },
    async (request, reply) => {
      if (!isReady()) return sendNotReady(reply);
      const userId = request.params.id;
      const accountId = request.query.account ?? null;
      const told = experienceOf(book, guide(), { userId, accountId });
      if (told.kind !== 'told') return refuse(reply, told, userId, accountId);
      const body: ExperienceBody = told.experience;
      return sendTagged(request, reply, { body, said: { ...body, asOf: '' }, asOf: body.asOf });
    },
  );
}

/** Accounts named in a refusal, at most. */
const MOST_NAMED = 20;

const REFUSALS: Readonly<
  Record<Refused['kind'], { code: string; says: (user: string, account: string | null) => string }>
> = {
  'unknown-user': { code: 'unknown-user', says: (user) => `Nobody is known by the id ${user}.` },
  'not-in-account': {
    code: 'unknown-user',
    says: (user, account) => `The user ${user} is not known in the account ${account}.`,
  },
  'account-needed': { code: 'account-needed', says: (user) => `The user ${user} belongs to several accounts.` },
};

/** What a question that has no answer is told: code of the problem, detail, and the accounts to choose from. */
export function refusalOf(told: Refused, userId: string, accountId: string | null) {
  const { code, says } = REFUSALS[told.kind];
  const accounts = 'accounts' in told ? { accounts: told.accounts.slice(0, MOST_NAMED) } : {};
  return { code, detail: says(userId, accountId), ...accounts };
}

function refuse(reply: FastifyReply, told: Refused, userId: string, accountId: string | null): FastifyReply {
  const { code, ...parts } = refusalOf(told, userId, accountId);
  return sendProblem(reply, code, parts);
}
