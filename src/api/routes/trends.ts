import { z } from 'zod';
import { Failure } from '../../model/failure.ts';
import { resolveAsOf } from '../../pipeline/run.ts';
import { readTrends, TREND_WEEKS, trendable, trendInstants } from '../../pipeline/trend.ts';
import { readInstant } from '../instant.ts';
import type { RecomputedSide } from '../read-side.ts';
import { type Route, route } from '../route.ts';
import { trendsBody } from '../schema/trend.ts';
import { dayOrInstant, identifier } from '../schema/words.ts';

const MOST_ACCOUNTS = 100;
const MOST_SIGNALS = 12;
const MOST_WEEKS = 52;

/** Signals of accounts over time. */
export const TREND_ROUTES: readonly Route<RecomputedSide>[] = [
  route({
    name: 'trends.get',
    method: 'GET',
    path: '/api/v1/trends',
    group: 'accounts',
    summary: "Signals of some accounts week by week, beside what was usual for each in its own past, by today's facts",
    may: 'answers.read',
    load: 'heavy',
    query: z.strictObject({
      account: z.array(identifier).min(1).max(MOST_ACCOUNTS).meta({ description: 'Repeat it for several' }),
      signal: z
        .array(z.string().max(100))
        .max(MOST_SIGNALS)
        .optional()
        .meta({
          description: 'Names of account signals that are numbers; absent: active_users_7d',
          examples: [['active_users_7d']],
        }),
      asOf: dayOrInstant.optional().meta({ description: 'The last instant; absent: the end of what is covered' }),
      weeks: z.int().min(4).max(MOST_WEEKS).default(TREND_WEEKS),
    }),
    answers: { 200: trendsBody },
    refuses: ['bad-as-of', 'no-as-of'],
    handle: async ({ query }, { recomputed, engines, clock }: RecomputedSide) => {
      const { account: accountIds, signal: signals = ['active_users_7d'], weeks } = query;
      const known = trendable(engines);
      const strange = signals.find((name) => !known.has(name));
      if (strange !== undefined) {
        throw new Failure(
          'bad-request',
          `${strange} is no account signal that is a number. GET /api/v1/signals lists them.`,
        );
      }
      const given = readInstant(query.asOf, clock());
      const asked = { accountIds: [...new Set(accountIds)], signals, weeks };
      return recomputed.recall(JSON.stringify(['trends', given, asked]), async (own) => {
        const asOf = await resolveAsOf(own, given);
        const trends = await readTrends(own, { ...asked, asOf });
        const shown = trendInstants(asOf, weeks).slice(weeks);
        return { asOfs: shown.map((at) => new Date(at).toISOString()), trends };
      });
    },
  }),
];
