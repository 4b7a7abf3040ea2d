import { z } from 'zod';
import { Failure } from '../../model/failure.ts';
import { accountDossier } from '../../pipeline/dossier.ts';
import type { AccountExplanation } from '../../pipeline/explain.ts';
import { listOverrides } from '../../pipeline/override.ts';
import { accountTimeline } from '../../pipeline/timeline.ts';
import { readInstant } from '../instant.ts';
import { PAGING, pageOf } from '../page.ts';
import { sendNotReady } from '../problem.ts';
import type { ReadSide, RecomputedSide } from '../read-side.ts';
import { type Route, route } from '../route.ts';
import { explanationBody } from '../schema/account.ts';
import { dossierBody, timelineBody } from '../schema/dossier.ts';
import { signalRow } from '../schema/signal.ts';
import { usersBody } from '../schema/user.ts';
import { dayOrInstant, ofIdentifier } from '../schema/words.ts';
import { itemThen } from './account-list.ts';
import { signalRowOf, signalsOf } from './signals.ts';
import { userItemOf } from './users.ts';

const asOfQuery = z.strictObject({
  asOf: dayOrInstant.optional().meta({ description: 'A day; absent: the end of what the behavioural sources cover' }),
});

const beforeQuery = z.strictObject({ asOf: dayOrInstant.optional().meta({ description: 'Before this; absent: now' }) });

/** What is known of one account, part by part. */
export const ACCOUNT_PART_ROUTES: readonly Route<ReadSide & RecomputedSide>[] = [
  route({
    name: 'accounts.explain',
    method: 'GET',
    path: '/api/v1/accounts/:id/explain',
    group: 'accounts',
    summary: 'Why an account is where it is, what changed last, and what would move it',
    may: 'answers.read',
    load: 'heavy',
    params: ofIdentifier,
    query: asOfQuery.extend({
      part: z.enum(['all', 'now']).default('all').meta({
        description: '`now`: without what changed last and what would move it, at once where asOf is the account’s own',
      }),
    }),
    answers: { 200: explanationBody },
    refuses: ['unknown-account', 'bad-as-of', 'no-as-of'],
    handle: async ({ params: { id }, query }, { recomputed, clock }: RecomputedSide) => {
      const asOf = readInstant(query.asOf, clock());
      return explanationOf(
        await (query.part === 'now' ? recomputed.explainBriefly(id, asOf) : recomputed.explain(id, asOf)),
      );
    },
  }),
  route({
    name: 'accounts.signals',
    method: 'GET',
    path: '/api/v1/accounts/:id/signals',
    group: 'accounts',
    summary: 'Every signal of one account as of a day, and why each null is null',
    may: 'answers.read',
    load: 'heavy',
    params: ofIdentifier,
    query: asOfQuery,
    answers: { 200: signalRow },
    refuses: ['unknown-account', 'bad-as-of', 'no-as-of'],
    handle: async ({ params: { id }, query }, { recomputed, clock }: RecomputedSide) => {
      const asOf = readInstant(query.asOf, clock());
      const [row] = await recomputed.ask((engines) =>
        signalsOf(engines, { entity: 'account', asOf, accountId: id, limit: 1 }),
      );
      if (row === undefined) throw new Failure('unknown-account', `There is no account ${id} on that day.`);
      return signalRowOf(row);
    },
  }),
  route({
    name: 'accounts.timeline',
    method: 'GET',
    path: '/api/v1/accounts/:id/timeline',
    group: 'accounts',
    summary: 'What happened to an account, what was said of it and what people decided, the latest first',
    may: 'answers.read',
    load: 'read',
    params: ofIdentifier,
    query: beforeQuery,
    answers: { 200: timelineBody },
    refuses: ['bad-as-of'],
    handle: async ({ params: { id }, query }, { engines, clock }: RecomputedSide) => {
      const entries = await accountTimeline(engines, id, readInstant(query.asOf, clock()) ?? clock());
      return { entries: entries.map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() })) };
    },
  }),
  route({
    name: 'accounts.dossier',
    method: 'GET',
    path: '/api/v1/accounts/:id/dossier',
    group: 'accounts',
    summary: 'What the sources file about an account: contracts, tickets, answers, needs with quotes, sponsors',
    may: 'answers.read',
    load: 'read',
    params: ofIdentifier,
    query: beforeQuery,
    answers: { 200: dossierBody },
    refuses: ['bad-as-of'],
    handle: async ({ params: { id }, query, reply }, { engines, clock }: RecomputedSide) => {
      const at = readInstant(query.asOf, clock()) ?? clock();
      const [dossier, [override = null]] = await Promise.all([
        accountDossier(engines, id, at),
        listOverrides(engines.ledger, new Date(at), id),
      ]);
      return reply.send({ ...dossier, override });
    },
  }),
  route({
    name: 'accounts.users',
    method: 'GET',
    path: '/api/v1/accounts/:id/users',
    group: 'accounts',
    summary: 'The users of one account, as is said now',
    may: 'answers.read',
    load: 'read',
    params: ofIdentifier,
    query: z.strictObject(PAGING),
    answers: { 200: usersBody },
    refuses: ['unknown-account', 'bad-cursor', 'not-ready'],
    handle: async ({ params: { id }, query, reply }, { book, guide, isReady }: ReadSide) => {
      if (!isReady()) return sendNotReady(reply);
      const account = book.account(id);
      if (account === null) throw new Failure('unknown-account', `There is no account ${id}.`);
      const users = book.users(id).map((user) => userItemOf(id, user, guide()));
      const { rows, next } = pageOf(users, query, ({ userId }) => [userId]);
      return { asOf: new Date(account.asOf).toISOString(), total: users.length, users: rows, next };
    },
  }),
];

/** An explanation under the names of the API. */
function explanationOf({ account, ...rest }: AccountExplanation) {
  return { account: itemThen(account), ...rest };
}
