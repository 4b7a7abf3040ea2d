import { z } from 'zod';
import type { Engines } from '../../pipeline/engines.ts';
import { heldCoverage, listImports, listQuarantine } from '../../pipeline/import-history.ts';
import type { LiveState } from '../../pipeline/live-options.ts';
import type { ArrivalBody } from '../contract.ts';
import { cutPage, PAGING, placeOf } from '../page.ts';
import { type Route, route } from '../route.ts';
import { freshnessBody, importsBody, quarantineBody } from '../schema/data.ts';

/** What the routes about what came in work with. */
export interface FreshnessSide {
  readonly engines: Engines;
  readonly arrivals: () => Promise<readonly ArrivalBody[]>;
  readonly live: { readonly state: LiveState };
  readonly clock: () => number;
}

const word = z.string().max(200).optional();
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** How fresh everything is, and what became of what was sent. */
export const FRESHNESS_ROUTES: readonly Route<FreshnessSide>[] = [
  route({
    name: 'freshness.get',
    method: 'GET',
    path: '/api/v1/freshness',
    group: 'data',
    summary: 'When each input was last heard of, what each source covers, and how far the answers are',
    may: 'data.read',
    load: 'read',
    isTagged: false,
    answers: { 200: freshnessBody },
    refuses: [],
    handle: async (_, { engines, arrivals, live, clock }: FreshnessSide) => {
      const { asOf, sweptAt, waiting } = live.state;
      const [inputs, coverage] = await Promise.all([arrivals(), heldCoverage(engines)]);
      const now = new Date(clock()).toISOString();
      return { now, answersAsOf: iso(asOf), sweptAt: iso(sweptAt), waiting, inputs, coverage };
    },
  }),
  route({
    name: 'imports.list',
    method: 'GET',
    path: '/api/v1/imports',
    group: 'data',
    summary: 'Imports with their reports, the latest first',
    may: 'imports.read',
    load: 'read',
    query: z.strictObject(PAGING),
    answers: { 200: importsBody },
    refuses: ['bad-cursor'],
    handle: async ({ query: { limit, cursor } }, { engines }: FreshnessSide) => {
      const [before] = placeOf(cursor, 1) ?? [null];
      const read = await listImports(engines, {
        before: before === null ? null : Date.parse(String(before)) || 0,
        limit: limit + 1,
      });
      const { rows, next } = cutPage(
        read,
        limit,
        ({ startedAt }) => [startedAt],
        (row) => row,
      );
      return { imports: rows, next };
    },
  }),
  route({
    name: 'quarantine.list',
    method: 'GET',
    path: '/api/v1/quarantine',
    group: 'data',
    summary: 'Rows and calls that were refused, with what was sent and why',
    may: 'data.read',
    load: 'read',
    query: z.strictObject({ ...PAGING, table: word, source: word, reason: word }),
    answers: { 200: quarantineBody },
    refuses: ['bad-cursor'],
    handle: async ({ query: { limit, cursor, ...chosen } }, { engines }: FreshnessSide) => {
      const place = placeOf(cursor, 4)?.map(String);
      const [table = '', file = '', line = '', field = ''] = place ?? [];
      const after = place === undefined ? null : ([table, file, /^\d{1,19}$/.test(line) ? line : '0', field] as const);
      const read = await listQuarantine(engines, { ...chosen, after, limit: limit + 1 });
      const placeIn = (row: (typeof read)[number]) => [row.table, row.file, row.line, row.field];
      const page = cutPage(read, limit, placeIn, (row) => row);
      return { rows: page.rows, next: page.next };
    },
  }),
];
