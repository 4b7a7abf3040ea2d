import { z } from 'zod';
import type { Entity } from '../../model/signal.ts';
import type { Engines } from '../../pipeline/engines.ts';
import { resolveAsOf } from '../../pipeline/run.ts';
import { readSignals, type SignalRow, signalEntries } from '../../pipeline/signals.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { camel } from '../camel.ts';
import type { SignalRowBody } from '../contract.ts';
import { readInstant } from '../instant.ts';
import { cutPage, PAGING, placeOf } from '../page.ts';
import type { RecomputedSide } from '../read-side.ts';
import { type Route, route } from '../route.ts';
import { catalogueBody, signalRowsBody } from '../schema/signal.ts';
import { dayOrInstant, identifier } from '../schema/words.ts';
import { isAfter } from './users.ts';

/** Signals: what there are, and their values as of a day. */
export const SIGNAL_ROUTES: readonly Route<RecomputedSide>[] = [
  route({
    name: 'signals.list',
    method: 'GET',
    path: '/api/v1/signals',
    group: 'model',
    summary: 'Every signal that conditions may name, shipped and your own',
    may: 'answers.read',
    load: 'read',
    answers: { 200: catalogueBody },
    refuses: [],
    handle: async (_, { engines }: RecomputedSide) => ({
      signals: signalEntries(engines.model, SIGNAL_CATALOGUE).map(
        ({ name, entity, unit, type, inputs, meaning, requirement }) => ({
          ...{ name, entity, unit, type, inputs, meaning, requirement },
        }),
      ),
    }),
  }),
  route({
    name: 'signals.values',
    method: 'GET',
    path: '/api/v1/signals/values',
    group: 'accounts',
    summary: 'Every signal of every account, or user, as of a day',
    description: 'Every page is measured anew: for all rows at once take GET /api/v1/exports/signals.csv.',
    may: 'answers.read',
    load: 'heavy',
    query: z.strictObject({
      ...PAGING,
      entity: z.enum(['account', 'user']).default('account'),
      asOf: dayOrInstant.optional().meta({ description: 'Absent: the end of what the behavioural sources cover' }),
      account: identifier.optional(),
    }),
    answers: { 200: signalRowsBody },
    refuses: ['bad-cursor', 'bad-as-of', 'no-as-of'],
    handle: async ({ query: { entity, limit, account, ...query } }, { recomputed, clock }: RecomputedSide) => {
      const asOf = readInstant(query.asOf, clock());
      const after = placeOf(query.cursor, 2);
      const asked = { entity, asOf, accountId: account, limit: limit + 1, after };
      const found = await recomputed.ask((engines) => signalsOf(engines, asked));
      const { rows, next } = cutPage(found, limit, (row) => [row.account_id, row.user_id ?? null], signalRowOf);
      return { rows, next };
    },
  }),
];

interface SignalsAsked {
  readonly entity: Entity;
  readonly asOf: number | null;
  readonly accountId?: string | undefined;
  readonly limit: number;
  readonly after?: readonly unknown[] | null;
}

/** Rows of signals as of a day, as `bellwether signals` prints them, after one of them. */
export async function signalsOf(
  engines: Engines,
  { entity, asOf, accountId, limit, after = null }: SignalsAsked,
): Promise<readonly SignalRow[]> {
  const query = { entity, accountId, asOfs: [await resolveAsOf(engines, asOf)], run: engines.run };
  const found: SignalRow[] = [];
  for await (const row of readSignals({ ...engines, catalogue: SIGNAL_CATALOGUE }, query)) {
    if (after !== null && !isAfter({ accountId: row.account_id, userId: row.user_id }, after)) continue;
    found.push(row);
    if (found.length >= limit) break;
  }
  return found;
}

/** A row of signals under the names of the API. */
export const signalRowOf = (row: SignalRow): SignalRowBody => camel(row) as unknown as SignalRowBody;
