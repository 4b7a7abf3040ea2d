import type { AccountAnswer } from '../../activation/answer.ts';
import type { AccountBody, ArrivalBody } from '../contract.ts';
import { sendTagged } from '../etag.ts';
import { sendNotReady, sendProblem } from '../problem.ts';
import type { AccountSide } from '../read-side.ts';
import { type Route, route } from '../route.ts';
import { accountBody } from '../schema/account.ts';
import { ofIdentifier } from '../schema/words.ts';

/** Routes of accounts. */
export const ACCOUNT_ROUTES: readonly Route<AccountSide>[] = [
  route({
    name: 'accounts.get',
    method: 'GET',
    path: '/api/v1/accounts/:id',
    group: 'accounts',
    summary: 'What is said of one account now, which inputs are missing, and when each last came in',
    may: 'answers.read',
    load: 'answer',
    params: ofIdentifier,
    answers: { 200: accountBody },
    refuses: ['unknown-account', 'not-ready'],
    handle: async ({ params: { id }, request, reply }, { book, isReady, arrivals }: AccountSide) => {
      if (!isReady()) return sendNotReady(reply);
      const account = book.account(id);
      if (account === null) return sendProblem(reply, 'unknown-account', { detail: `There is no account ${id}.` });
      const body = bodyOf(account, book.users(id).length, await arrivals());
      return sendTagged(request, reply, { body, said: { ...body, asOf: '', inputs: [] }, asOf: body.asOf });
    },
  }),
];

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
