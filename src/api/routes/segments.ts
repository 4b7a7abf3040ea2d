import { z } from 'zod';
import { flowsBy, netOf } from '../../pipeline/flow.ts';
import { segmentStandings } from '../../pipeline/life-cycle.ts';
import { migration, saidOf } from '../../pipeline/migration.ts';
import { mixOf } from '../../pipeline/mix.ts';
import { type MoveRow, pageOfMoves, recordedBefore } from '../../pipeline/moves.ts';
import { summarizeSegments } from '../../pipeline/segments.ts';
import { camel } from '../camel.ts';
import type { MoveBody } from '../contract.ts';
import { readInstant } from '../instant.ts';
import { cutPage, PAGING, placeOf } from '../page.ts';
import type { RecomputedSide } from '../read-side.ts';
import { type Route, route } from '../route.ts';
import { migrationBody, mixBody, standingBody } from '../schema/migration.ts';
import { flowBody, movesBody, recordedBody, segmentsBody } from '../schema/segment.ts';
import { dayOrInstant, identifier, ofIdentifier } from '../schema/words.ts';

const span = {
  since: dayOrInstant.optional().meta({ description: 'From this day on' }),
  until: dayOrInstant.optional().meta({ description: 'Before this day' }),
};
const word = z.string().max(200);
const DAY_MILLIS = 86_400_000;
const days = z
  .int()
  .min(1)
  .max(3_700)
  .default(30)
  .meta({ description: 'Without `since`: so many days before the end' });
const choice = {
  ...PAGING,
  ...span,
  segment: word.optional().meta({ description: 'Out of it, or into it' }),
  from: word.optional(),
  to: word.optional(),
  cause: word.optional(),
};

/** Segments, and the moves between them. */
export const SEGMENT_ROUTES: readonly Route<RecomputedSide>[] = [
  route({
    name: 'segments.list',
    method: 'GET',
    path: '/api/v1/segments',
    group: 'segments',
    summary: 'Each segment: accounts, ARR, the mix inside it, and how it is worked',
    may: 'answers.read',
    load: 'heavy',
    query: z.strictObject({
      asOf: dayOrInstant.optional().meta({ description: 'Absent: the end of what the behavioural sources cover' }),
    }),
    answers: { 200: segmentsBody },
    refuses: ['bad-as-of', 'no-as-of'],
    handle: async ({ query }, { recomputed, engines, clock }: RecomputedSide) => {
      const accounts = await recomputed.accounts(readInstant(query.asOf, clock()));
      return { segments: summarizeSegments(engines.model, accounts).map(camel) };
    },
  }),
  route({
    name: 'segments.standing',
    method: 'GET',
    path: '/api/v1/segments/standing',
    group: 'segments',
    summary:
      'Whether each segment is a hypothesis, validated, operational or stale, what it lacks, and what the evidence says',
    may: 'answers.read',
    load: 'read',
    answers: { 200: standingBody },
    refuses: [],
    handle: async (_, { engines, clock }: RecomputedSide) => ({
      segments: (await segmentStandings(engines, new Date(clock()))).map(camel),
    }),
  }),
  route({
    name: 'segments.mix',
    method: 'GET',
    path: '/api/v1/segments/mix',
    group: 'segments',
    summary: 'The mix of cohorts and segments inside each firmographic band',
    may: 'answers.read',
    load: 'heavy',
    query: z.strictObject({ asOf: dayOrInstant.optional() }),
    answers: { 200: mixBody },
    refuses: ['bad-as-of', 'no-as-of'],
    handle: async ({ query }, { recomputed, engines, clock }: RecomputedSide) => {
      const accounts = await recomputed.accounts(readInstant(query.asOf, clock()));
      const asOf = accounts[0]?.as_of ?? null;
      return { asOf, currency: engines.model.currency, mix: mixOf(engines.model, accounts).map(camel) };
    },
  }),
  route({
    name: 'moves.migration',
    method: 'GET',
    path: '/api/v1/moves/migration',
    group: 'segments',
    summary:
      'Where accounts were at the start of a period and where they are at its end, and who moves toward power or at-risk',
    may: 'answers.read',
    load: 'heavy',
    query: z.strictObject({ ...span, days }),
    answers: { 200: migrationBody },
    refuses: ['bad-as-of', 'no-as-of'],
    handle: async ({ query: { since, until, days: back } }, { recomputed, engines, clock }: RecomputedSide) => {
      const now = clock();
      const end = readInstant(until, now) ?? now;
      const period = { since: readInstant(since, now) ?? end - back * DAY_MILLIS, until: end };
      const found = await migration(engines, saidOf(await recomputed.accounts(null)), period);
      return {
        ...{ since: found.since, until: found.until, currency: engines.model.currency, causes: found.causes },
        flows: found.flows.map(camel),
        segments: found.segments.map(camel),
        towardPower: found.toward_power.map(camel),
        towardAtRisk: found.toward_at_risk.map(camel),
      };
    },
  }),
  route({
    name: 'moves.list',
    method: 'GET',
    path: '/api/v1/moves',
    group: 'segments',
    summary: 'Recorded moves between segments with their causes, in the order in which they happened',
    may: 'answers.read',
    load: 'read',
    query: z.strictObject({ ...choice, account: identifier.optional() }),
    answers: { 200: movesBody },
    refuses: ['bad-cursor', 'bad-as-of'],
    handle: async ({ query: { account, ...query } }, side: RecomputedSide) => movesOf(side, query, account),
  }),
  route({
    name: 'accounts.moves',
    method: 'GET',
    path: '/api/v1/accounts/:id/moves',
    group: 'accounts',
    summary: 'Recorded moves of one account',
    may: 'answers.read',
    load: 'read',
    params: ofIdentifier,
    query: z.strictObject(choice),
    answers: { 200: movesBody },
    refuses: ['bad-cursor', 'bad-as-of'],
    handle: async ({ params: { id }, query }, side: RecomputedSide) => movesOf(side, query, id),
  }),
  route({
    name: 'moves.flow',
    method: 'GET',
    path: '/api/v1/moves/flow',
    group: 'segments',
    summary: 'Recorded moves by period, from where to where, and what each segment gained',
    may: 'answers.read',
    load: 'read',
    query: z.strictObject({ ...span, period: z.enum(['day', 'week', 'month', 'quarter']).default('month') }),
    answers: { 200: flowBody },
    refuses: ['bad-as-of'],
    handle: async ({ query: { period, since, until } }, { engines, clock }: RecomputedSide) => {
      const now = clock();
      const flows = await flowsBy(engines, { period, since: readInstant(since, now), until: readInstant(until, now) });
      return { period, flows, net: netOf(flows) };
    },
  }),
  route({
    name: 'accounts.recorded',
    method: 'GET',
    path: '/api/v1/recorded',
    group: 'segments',
    summary: 'What was said of accounts as of a day, as it was recorded then: never rewritten',
    may: 'answers.read',
    load: 'read',
    query: z.strictObject({
      ...PAGING,
      asOf: dayOrInstant.optional().meta({ description: 'Absent: now' }),
      account: identifier.optional().meta({ description: 'Of this account alone' }),
    }),
    answers: { 200: recordedBody },
    refuses: ['bad-cursor', 'bad-as-of'],
    handle: async ({ query }, { engines, clock }: RecomputedSide) => {
      const asOf = readInstant(query.asOf, clock()) ?? clock();
      const [after] = placeOf(query.cursor, 1) ?? [null];
      const { limit } = query;
      const found = await recordedBefore(engines, {
        asOf,
        accountId: query.account ?? null,
        after: after === null ? null : String(after),
        limit: limit + 1,
      });
      const said = (row: MoveRow) => ({
        accountId: row.account_id,
        segment: row.to,
        home: row.home,
        since: row.at,
        cause: row.cause,
        modelVersion: row.model_version,
      });
      const { rows, next } = cutPage(found, limit, (row) => [row.account_id], said);
      return { asOf: new Date(asOf).toISOString(), accounts: rows, next };
    },
  }),
];

interface MovesAsked {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly segment?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cause?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

async function movesOf({ engines, clock }: RecomputedSide, asked: MovesAsked, accountId: string | undefined) {
  const { since, until, cursor, limit, ...chosen } = asked;
  const now = clock();
  const place = placeOf(cursor, 3);
  const after =
    place === null
      ? null
      : {
          at: new Date(readInstant(String(place[0]), now) ?? 0).toISOString(),
          accountId: String(place[1]),
          moveId: Number(place[2]) || 0,
        };
  const found = await pageOfMoves(engines, {
    ...chosen,
    accountId,
    since: readInstant(since, now) ?? undefined,
    until: readInstant(until, now) ?? undefined,
    after,
    limit: limit + 1,
  });
  const { rows, next } = cutPage(found, limit, (row) => [row.at, row.account_id, row.move_id], moveBodyOf);
  return { moves: rows, next };
}

/** A recorded move under the names of the API. */
function moveBodyOf(row: MoveRow): MoveBody {
  const { runId: _, ...move } = camel(row);
  return move;
}
