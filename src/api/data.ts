import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { whole } from '../warehouse/values.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Authorise } from './authorise.ts';
import type { Feed, FeedEntry } from './feed.ts';

/** What the routes about arriving data work with. */
export interface DataOptions {
  readonly feed: Feed;
  readonly warehouse: Warehouse;
  readonly planned: ReadonlySet<string>;
  readonly authorise: Authorise;
  readonly clock: () => number;
}

const DAY_MS = 86_400_000;
const UNPLANNED_DAYS = 30;
const MOST_NAMES = 500;
/** Entries that a slow watcher may be behind before it is let go; it asks for the latest again. */
const MOST_BEHIND = 2_000;

const eventSchema = z.object({ event: z.string(), events: whole, users: whole, last: z.string() });

/** The live debugger: the latest calls and a stream of them; and events that the taxonomy does not name, by how often. */
export async function dataRoutes(app: FastifyInstance, options: DataOptions): Promise<void> {
  const { feed, warehouse, planned, authorise, clock } = options;
  const onRequest = authorise('read');
  app.get('/api/v1/data/calls', { onRequest }, async () => ({ calls: feed.latest() }));
  app.get('/api/v1/data/calls/stream', { onRequest }, (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const write = (entry: FeedEntry): void => {
      if (reply.raw.writableLength > MOST_BEHIND * 500) reply.raw.destroy();
      else reply.raw.write(`id: ${entry.id}\nevent: call\ndata: ${JSON.stringify(entry)}\n\n`);
    };
    for (const entry of feed.latest()) write(entry);
    const forget = feed.follow(write);
    request.raw.once('close', forget);
  });
  app.get('/api/v1/taxonomy/unplanned', { onRequest }, async () => {
    const since = clock() - UNPLANNED_DAYS * DAY_MS;
    const rows = await warehouse.rows(
      `SELECT toString(event) AS event, count() AS events, uniqExact(user_id) AS users, toString(max(time)) AS last
       FROM ${warehouse.database}.events WHERE time >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND event NOT IN {planned:Array(String)}
       GROUP BY event ORDER BY events DESC, event LIMIT ${MOST_NAMES}`,
      eventSchema,
      { parameters: { since, planned: [...planned] } },
    );
    return { days: UNPLANNED_DAYS, events: rows };
  });
}
