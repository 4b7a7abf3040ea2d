import { z } from 'zod';
import type { UserAnswer } from '../../activation/answer.ts';
import type { Guide } from '../../activation/guide.ts';
import { resolveAsOf } from '../../pipeline/run.ts';
import { listUsers, type UserRow } from '../../pipeline/users.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { camel } from '../camel.ts';
import type { PastUserBody, UserItem } from '../contract.ts';
import { readInstant } from '../instant.ts';
import { cutPage, PAGING, pageOf, placeOf } from '../page.ts';
import { sendNotReady } from '../problem.ts';
import type { ReadSide, RecomputedSide } from '../read-side.ts';
import { type Route, route } from '../route.ts';
import { pastUsersBody, usersBody } from '../schema/user.ts';
import { dayOrInstant, identifier } from '../schema/words.ts';

const word = z.string().max(200);
const MOST_SEGMENTS = 50;

/** What chooses users of a list. */
export const USER_CHOICE = {
  search: word.optional().meta({ description: "Part of the user's id, or of the id or name of the account" }),
  tier: word.optional(),
  stalledStep: word.optional().meta({ description: 'Users who stall at this step of user_sequence' }),
  notUsing: word.optional().meta({ description: 'Users who have not used this feature area in the last 60 days' }),
  using: word.optional(),
  segment: z
    .array(word)
    .max(MOST_SEGMENTS)
    .optional()
    .meta({ description: 'Users of accounts in one of these segments' }),
  usesAny: z.literal('1').optional().meta({ description: 'Users who have used some feature area in the last 60 days' }),
};

/** What a request chooses users by. */
export interface UserChoice {
  readonly search?: string | undefined;
  readonly tier?: string | undefined;
  readonly stalledStep?: string | undefined;
  readonly notUsing?: string | undefined;
  readonly using?: string | undefined;
  readonly segment?: readonly string[] | undefined;
  readonly usesAny?: '1' | undefined;
  readonly account?: string | undefined;
}

/** The users of the book that are asked for. */
export function chooseUsers({ book, guide }: Pick<ReadSide, 'book' | 'guide'>, choice: UserChoice): UserItem[] {
  const { tier, stalledStep, notUsing, using, segment, usesAny, account, search = '' } = choice;
  const part = search.toLowerCase();
  const found: UserItem[] = [];
  const accounts = account === undefined ? book.accounts() : [book.account(account)];
  for (const of of accounts) {
    if (of === null || segment?.includes(of.segment ?? '') === false) continue;
    const isNamed = `${of.accountId} ${of.name ?? ''}`.toLowerCase().includes(part);
    for (const answer of book.users(of.accountId)) {
      if (tier !== undefined && answer.tier !== tier) continue;
      if (stalledStep !== undefined && answer.stalledStep !== stalledStep) continue;
      if (usesAny !== undefined && answer.used.length === 0) continue;
      if (!isNamed && !answer.userId.toLowerCase().includes(part)) continue;
      const user = { ...userItemOf(of.accountId, answer, guide()), accountName: of.name };
      if (notUsing !== undefined && user.features.includes(notUsing)) continue;
      if (using === undefined || user.features.includes(using)) found.push(user);
    }
  }
  return found;
}

/** How many of some users are in each tier, stall at each step, and use each area. */
function countUsers(users: readonly UserItem[]) {
  const counts = {
    tier: new Map<string, number>(),
    stalledStep: new Map<string, number>(),
    using: new Map<string, number>(),
  };
  const add = (into: Map<string, number>, name: string): void => void into.set(name, (into.get(name) ?? 0) + 1);
  for (const { tier, stalledStep, features } of users) {
    add(counts.tier, tier ?? '');
    if (stalledStep !== null) add(counts.stalledStep, stalledStep);
    for (const feature of features) add(counts.using, feature);
  }
  return {
    tier: Object.fromEntries(counts.tier),
    stalledStep: Object.fromEntries(counts.stalledStep),
    using: Object.fromEntries(counts.using),
  };
}

/** Users across accounts. */
export const USER_ROUTES: readonly Route<ReadSide & RecomputedSide>[] = [
  route({
    name: 'users.list',
    method: 'GET',
    path: '/api/v1/users',
    group: 'users',
    summary:
      'Users across accounts by tier, the step at which they stall, and what they do not use yet, as is said now',
    may: 'answers.read',
    load: 'read',
    query: z.strictObject({
      ...PAGING,
      ...USER_CHOICE,
      account: identifier.optional(),
    }),
    answers: { 200: usersBody },
    refuses: ['bad-cursor', 'not-ready'],
    handle: async ({ query, reply }, { book, guide, isReady }: ReadSide) => {
      if (!isReady()) return sendNotReady(reply);
      const found = chooseUsers({ book, guide }, query);
      const { rows, next } = pageOf(found, query, ({ accountId, userId }) => [accountId, userId]);
      const asOf = book.asOf === null ? null : new Date(book.asOf).toISOString();
      return { asOf, total: found.length, users: rows, counts: countUsers(found), next };
    },
  }),
  route({
    name: 'users.as_of',
    method: 'GET',
    path: '/api/v1/users/as-of',
    group: 'users',
    summary: "What today's facts say of users as of a day: tier, stalled step and the measures behind them",
    may: 'answers.read',
    load: 'heavy',
    query: z.strictObject({
      ...PAGING,
      asOf: dayOrInstant.optional().meta({ description: 'Absent: the end of what the behavioural sources cover' }),
      account: identifier.optional(),
      tier: word.optional(),
      stalledStep: word.optional(),
    }),
    answers: { 200: pastUsersBody },
    refuses: ['bad-cursor', 'bad-as-of', 'no-as-of'],
    handle: async ({ query }, { recomputed, clock }: RecomputedSide) => {
      const given = readInstant(query.asOf, clock());
      const after = placeOf(query.cursor, 2);
      const { account: accountId, tier, stalledStep: stalledAt, limit } = query;
      const rows = await recomputed.ask(async (engines) => {
        const asOf = await resolveAsOf(engines, given);
        const workspace = { ...engines, catalogue: SIGNAL_CATALOGUE };
        const found: PastUserBody[] = [];
        for await (const row of listUsers(workspace, { asOf, run: engines.run, accountId, tier, stalledAt })) {
          const user = pastUserOf(row);
          if (after !== null && !isAfter(user, after)) continue;
          found.push(user);
          if (found.length > limit) break;
        }
        return found;
      });
      const page = cutPage(
        rows,
        limit,
        (row) => [row.accountId, row.userId],
        (row) => row,
      );
      return { users: page.rows, next: page.next };
    },
  }),
];

/** Whether a row comes after a place in the order of accounts and users. */
export function isAfter(
  row: { readonly accountId: string; readonly userId?: string | undefined },
  [accountId, userId]: readonly unknown[],
): boolean {
  if (row.accountId !== accountId) return row.accountId > String(accountId);
  return (row.userId ?? '') > String(userId ?? '');
}

/** A user of the book as an item of a list. */
export function userItemOf(accountId: string, { used, ...user }: UserAnswer, { areas }: Guide): UserItem {
  return { ...user, accountId, features: used.flatMap((place) => areas[place]?.name ?? []) };
}

/** A recomputed user under the names of the API. */
const pastUserOf = (row: UserRow): PastUserBody => camel(row) as unknown as PastUserBody;
