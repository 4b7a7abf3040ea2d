import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { AnswerBook } from '../activation/book.ts';
import type { Guide } from '../activation/guide.ts';
import type { Arrival } from '../ingest/arrival.ts';
import type { Landing } from '../ingest/landing.ts';
import type { RefusedCall } from '../ingest/refused-call.ts';
import type { Engines } from '../pipeline/engines.ts';
import { lastArrivals } from '../pipeline/last-arrivals.ts';
import type { LiveState } from '../pipeline/live.ts';
import { accountRoutes } from './accounts.ts';
import { authoriseBy } from './authorise.ts';
import { allowOrigins } from './cross-origin.ts';
import { dataRoutes } from './data.ts';
import { experienceRoutes } from './experience.ts';
import { Feed } from './feed.ts';
import { holdRoutes } from './holds.ts';
import { KeyRing } from './key.ts';
import { keyRoutes } from './keys.ts';
import { ofrepRoutes } from './ofrep.ts';
import { plannedEvents } from './planned-events.ts';
import { answerErrors } from './problem.ts';
import type { ReadSide } from './read-side.ts';
import { setup } from './setup.ts';
import { type MoveStream, streamRoutes } from './stream.ts';
import { tracking } from './tracking.ts';

/** What a server is made of. */
export interface ServerOptions {
  readonly engines: Engines;
  readonly book: AnswerBook;
  readonly landing: Landing<Arrival>;
  readonly quarantine: Landing<RefusedCall>;
  readonly clock: () => number;
  readonly live: { readonly state: LiveState; readonly nudge: () => void };
  readonly stream: MoveStream;
  /** Origins of pages that may ask for answers by themselves; none: only servers may. */
  readonly origins: readonly string[];
  readonly guide: () => Guide;
  /** Where a fault of ours is told. */
  readonly onInternal: (error: unknown) => void;
  readonly logger?: FastifyBaseLogger;
}

/** Requests that may be open at a time, so that bodies on their way stay within memory. */
const MOST_CONNECTIONS = 2_000;
const REQUEST_SECONDS = 30;
/** Tries of a set-up link from one address. */
const SETUP_TRIES_PER_MINUTE = 10;

/** A server over an open workspace: every route, not yet listening. `close` waits until what was accepted is answered. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { engines, clock, live, onInternal, logger } = options;
  const app: FastifyInstance = Fastify({
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
    requestTimeout: REQUEST_SECONDS * 1_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 512 },
    trustProxy: false,
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  app.decorateRequest('bearer', null);
  answerErrors(app, onInternal);
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: { 'style-src': ["'self'", "'unsafe-inline'"], 'upgrade-insecure-requests': null },
    },
  });
  await allowOrigins(app, options.origins);
  const keys = new KeyRing(engines.ledger, clock);
  const feed = new Feed();
  const authorise = authoriseBy(keys);
  await writeSide(app, options, keys, feed);
  await app.register(async (scope) => {
    await scope.register(rateLimit, { max: SETUP_TRIES_PER_MINUTE, timeWindow: 60_000 });
    await setup(scope, { ledger: engines.ledger, keys, clock });
  });
  await keyRoutes(app, { keys, authorise });
  const planned = plannedEvents(engines.model);
  await dataRoutes(app, { feed, warehouse: engines.warehouse, planned, authorise, clock });
  await holdRoutes(app, { engines, authorise, clock, onDecided: live.nudge });
  await readSide(app, options, authorise('read'));
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const { state } = live;
    return reply.code(state.isFilled ? 200 : 503).send({ status: state.isFilled ? 'ready' : 'filling', ...state });
  });
  app.addHook('onClose', () => keys.noteUse());
  return app;
}

async function writeSide(
  app: FastifyInstance,
  { engines, book, landing, quarantine, clock, live }: ServerOptions,
  keys: KeyRing,
  feed: Feed,
): Promise<void> {
  await app.register(async (open) => {
    await tracking(open, { model: engines.model, book, keys, landing, quarantine, feed, clock, onLanded: live.nudge });
  });
}

async function readSide(
  app: FastifyInstance,
  { engines, book, guide, clock, live, stream }: ServerOptions,
  authorise: ReadSide['authorise'],
): Promise<void> {
  const side: ReadSide = { book, guide, isReady: () => live.state.isFilled, authorise };
  await ofrepRoutes(app, side);
  await experienceRoutes(app, side);
  await accountRoutes(app, { ...side, arrivals: () => lastArrivals(engines), clock });
  await streamRoutes(app, { authorise, stream });
}
