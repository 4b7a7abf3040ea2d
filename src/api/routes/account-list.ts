import { z } from 'zod';
import type { AccountAnswer } from '../../activation/answer.ts';
import { type AccountChoice, chooseAccounts, countValues } from '../../activation/choose.ts';
import type { AccountRow } from '../../pipeline/accounts.ts';
import { camel } from '../camel.ts';
import type { AccountItem } from '../contract.ts';
import { readInstant } from '../instant.ts';
import { PAGING, type Place, pageOf } from '../page.ts';
import { sendNotReady } from '../problem.ts';
import type { ReadSide, RecomputedSide } from '../read-side.ts';
import { type Route, route } from '../route.ts';
import { accountsBody } from '../schema/account.ts';
import { dayOrInstant } from '../schema/words.ts';

const DIMENSIONS = [
  'segment',
  'home',
  'cohort',
  'lifecycle',
  'direction',
  'relationship',
  'valueTier',
  'job',
  'archetype',
  'csm',
  'eligible',
  'isOverridden',
  'isHeld',
] as const;
const ORDERED = [
  ...['accountId', 'name', 'segment', 'since', 'home', 'cohort', 'lifecycle', 'direction', 'archetype', 'valueTier'],
  ...['job', 'csm', 'relationship', 'arr', 'valueScore', 'score', 'health', 'stepsReached'],
] as const;
const SORT = new RegExp(`^-?(?:${ORDERED.join('|')})$`);
const MOST_ORDERS = 4;
const values = z
  .array(z.string().max(200))
  .max(50)
  .optional()
  .meta({ description: 'One of these; repeat it for several, leave it empty for unknown' });

const query = z.strictObject({
  ...PAGING,
  search: z.string().max(200).optional().meta({ description: 'Part of the id or the name' }),
  asOf: dayOrInstant.optional().meta({
    description: "A day: what today's facts say about it, recomputed. Absent: what is said now, from memory",
  }),
  ...(Object.fromEntries(DIMENSIONS.map((name) => [name, values])) as Record<
    (typeof DIMENSIONS)[number],
    typeof values
  >),
  filter: z
    .array(
      z
        .string()
        .regex(/^[^:]+:/)
        .max(300),
    )
    .max(20)
    .optional()
    .meta({ description: '`name:value` of any other field, band or firmographic', examples: [['industry:fintech']] }),
  facets: z.array(z.string().max(100)).max(20).optional().meta({
    description: 'Fields of which to count the values, each among all that was asked for but for the field itself',
  }),
  sort: z
    .array(z.string().regex(SORT))
    .max(MOST_ORDERS)
    .optional()
    .meta({
      description: `By what it is ordered, the first before the second: ${ORDERED.join(', ')}; with a minus from the most; the unknown last. Absent: accountId`,
      examples: [['segment', '-arr']],
    }),
});

type Query = z.infer<typeof query>;

/** What chooses accounts of a list, without its pages and its order. */
export const ACCOUNT_CHOICE = query.omit({
  ...{ limit: true, cursor: true, asOf: true, facets: true, sort: true },
}).shape;

/** What a request chooses accounts by. */
export function choiceOf(asked: Partial<Query>): AccountChoice {
  return { search: asked.search ?? null, where: wanted(asked) };
}

/** Lists of accounts. */
export const ACCOUNT_LIST_ROUTES: readonly Route<ReadSide & RecomputedSide>[] = [
  route({
    name: 'accounts.list',
    method: 'GET',
    path: '/api/v1/accounts',
    group: 'accounts',
    summary: 'Accounts by any dimension, now or as of a day',
    description:
      'Without asOf from memory, as everything that the product is told. With asOf as `bellwether accounts --as-of` prints them; ' +
      'what was said on that day is another question: GET /api/v1/recorded.',
    may: 'answers.read',
    load: 'read',
    query,
    answers: { 200: accountsBody },
    refuses: ['bad-cursor', 'bad-as-of', 'not-ready'],
    handle: async ({ query: asked, reply }, { book, isReady, recomputed, clock }: ReadSide & RecomputedSide) => {
      const asOf = readInstant(asked.asOf, clock());
      if (asOf === null && !isReady()) return sendNotReady(reply);
      const all = asOf === null ? [...book.accounts()].map(itemNow) : (await recomputed.accounts(asOf)).map(itemThen);
      const choice = choiceOf(asked);
      const chosen = chooseAccounts(all, choice);
      const orders = asked.sort ?? [];
      const fields = orders.map((each) => each.replace(/^-/, '') as keyof AccountItem);
      const placeIn = (item: AccountItem): Place => [...fields.map((field) => placeable(item[field])), item.accountId];
      const descending = orders.map((each) => each.startsWith('-'));
      const { rows, next } = pageOf(chosen, asked, placeIn, descending);
      const said = asOf ?? book.asOf;
      return {
        asOf: said === null ? null : new Date(said).toISOString(),
        total: chosen.length,
        accounts: rows,
        facets: countValues(all, choice, asked.facets ?? []),
        next,
      };
    },
  }),
];

const placeable = (value: unknown): string | number | null =>
  typeof value === 'string' || typeof value === 'number' ? value : null;

function wanted(asked: Partial<Query>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const name of DIMENSIONS) {
    const given = asked[name];
    if (given !== undefined) found.set(name, given);
  }
  for (const each of asked.filter ?? []) {
    const at = each.indexOf(':');
    const name = each.slice(0, at);
    found.set(name, [...(found.get(name) ?? []), each.slice(at + 1)]);
  }
  return found;
}

/** An account of the book as an item of a list. */
export function itemNow({ suppressed: _, asOf, since, ...account }: AccountAnswer): AccountItem {
  return {
    ...account,
    asOf: new Date(asOf).toISOString(),
    since: since === null ? null : new Date(since).toISOString(),
  };
}

/** A recomputed account as an item of a list. */
export function itemThen(row: AccountRow): AccountItem {
  const { overridden: isOverridden, ...account } = camel(row);
  return { ...account, isOverridden };
}
