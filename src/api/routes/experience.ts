import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { experienceOf, type Told } from '../../activation/experience.ts';
import type { ExperienceBody } from '../contract.ts';
import { sendTagged } from '../etag.ts';
import { sendNotReady, sendProblem } from '../problem.ts';
import type { ReadSide } from '../read-side.ts';
import { type Route, route } from '../route.ts';
import { experienceBody } from '../schema/experience.ts';
import { identifier } from '../schema/words.ts';

type Refused = Exclude<Told, { kind: 'told' }>;

/** One call, from memory (X10). */
export const EXPERIENCE_ROUTES: readonly Route<ReadSide>[] = [
  route({
    name: 'users.experience',
    method: 'GET',
    path: '/api/v1/users/:id/experience',
    group: 'product',
    summary: 'What the product shows one user now, and what it does not',
    may: 'answers.read',
    load: 'answer',
    params: z.object({ id: identifier.meta({ examples: ['ada'] }) }),
    query: z.strictObject({
      account: identifier.optional().meta({ description: 'Account in which the user works, where there are several' }),
    }),
    answers: { 200: experienceBody },
    refuses: ['account-needed', 'unknown-user', 'not-ready'],
    handle: async ({ params: { id: userId }, query, request, reply }, { book, guide, isReady }: ReadSide) => {
      if (!isReady()) return sendNotReady(reply);
      const accountId = query.account ?? null;
      const told = experienceOf(book, guide(), { userId, accountId });
      if (told.kind !== 'told') return refuse(reply, told, userId, accountId);
      const body: ExperienceBody = told.experience;
      return sendTagged(request, reply, { body, said: { ...body, asOf: '' }, asOf: body.asOf });
    },
  }),
];

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
