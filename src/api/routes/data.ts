import { z } from 'zod';
import { whole } from '../../warehouse/values.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { Feed, FeedEntry } from '../feed.ts';
import { type Route, route } from '../route.ts';
import { callsBody, unplannedBody } from '../schema/data.ts';

/** What the routes about arriving data work with. */
export interface DataSide {
  readonly feed: Feed;
  readonly warehouse: Warehouse;
  readonly planned: ReadonlySet<string>;
  readonly clock: () => number;
}

const DAY_MS = 86_400_000;
const UNPLANNED_DAYS = 30;
const MOST_NAMES = 500;
/** Entries that a slow watcher may be behind before it is let go; it asks for the latest again. */
const MOST_BEHIND = 2_000;

const eventSchema = z.object({ event: z.string(), events: whole, users: whole, last: z.string() });

/** The live debugger: the latest calls and a stream of them; and events that the taxonomy does not name, by how often. */
export const DATA_ROUTES: readonly Route<DataSide>[] = [
  route({
    name: 'calls.list',
    method: 'GET',
    path: '/api/v1/data/calls',
    group: 'data',
    summary: 'The latest calls of the tracking API that this process took or refused, oldest first',
    may: 'data.read',
    load: 'read',
    answers: { 200: callsBody },
    refuses: [],
    handle: async (_, { feed }: DataSide) => ({ calls: feed.latest() }),
  }),
  route({
    name: 'calls.stream',
    method: 'GET',
    path: '/api/v1/data/calls/stream',
    group: 'data',
    summary: 'The latest calls, and each further one as it comes, as server-sent events',
    may: 'data.read',
    load: 'read',
    answers: { 200: { description: 'Events `call`; their data is a call', type: 'text/event-stream' } },
    refuses: [],
    handle: async ({ reply }, { feed }: DataSide) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      const write = (entry: FeedEntry): void => {
        if (reply.raw.writableLength > MOST_BEHIND * 500) reply.raw.destroy();
        else reply.raw.write(`id: ${entry.id}\nevent: call\ndata: ${JSON.stringify(entry)}\n\n`);
      };
      reply.raw.flushHeaders();
      for (const entry of feed.latest()) write(entry);
      reply.raw.once('close', feed.follow(write));
      return reply;
    },
  }),
  route({
    name: 'taxonomy.unplanned',
    method: 'GET',
    path: '/api/v1/taxonomy/unplanned',
    group: 'data',
    summary: `Events of the last ${UNPLANNED_DAYS} days that the taxonomy does not name, by how often`,
    may: 'data.read',
    load: 'read',
    answers: { 200: unplannedBody },
    refuses: [],
    handle: async (_, { warehouse, planned, clock }: DataSide) => {
      const since = clock() - UNPLANNED_DAYS * DAY_MS;
      const rows = await warehouse.rows(
        `SELECT toString(event) AS event, count() AS events, uniqExact(user_id) AS users, toString(max(time)) AS last
       FROM ${warehouse.database}.events WHERE time >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND event NOT IN {planned:Array(String)}
       GROUP BY event ORDER BY events DESC, event LIMIT ${MOST_NAMES}`,
        eventSchema,
        { parameters: { since, planned: [...planned] } },
      );
      return { days: UNPLANNED_DAYS, events: rows };
    },
  }),
];
