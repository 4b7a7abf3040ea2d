import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance } from 'fastify';
import type { AnswerBook } from '../activation/book.ts';
import type { Guide } from '../activation/guide.ts';
import type { Arrival } from '../ingest/arrival.ts';
import type { Landing } from '../ingest/landing.ts';
import type { RefusedCall } from '../ingest/refused-call.ts';
import type { SuppressionList } from '../ingest/suppression.ts';
import type { Engines } from '../pipeline/engines.ts';
import type { EvidenceKeeper } from '../pipeline/evidence-keeper.ts';
import { lastArrivals } from '../pipeline/last-arrivals.ts';
import type { LiveState } from '../pipeline/live-options.ts';
import { plannedEvents } from '../pipeline/planned-events.ts';
import type { Present } from '../pipeline/present.ts';
import { Previewer } from '../pipeline/previewer.ts';
import { Recomputed } from '../pipeline/recomputed.ts';
import type { Retention } from '../pipeline/retention.ts';
import { SpreadKeeper } from '../pipeline/spread-keeper.ts';
import { Turnstile } from '../pipeline/turnstile.ts';
import { auditChanges } from './audit.ts';
import { recogniseKeys, recogniseLoopback } from './authorise.ts';
import { allowOrigins } from './cross-origin.ts';
import { collectDocument } from './document.ts';
import { Feed } from './feed.ts';
import { IdempotentRequests } from './idempotency.ts';
import { kept } from './kept.ts';
import { KeyRing } from './key.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { observe } from './observe.ts';
import { watchStreams } from './open-streams.ts';
import { servePages } from './pages.ts';
import { createPeople, type PeopleConfiguration, type PeopleSide, type PrintedLink } from './people-side.ts';
import { answerErrors, answerUnreadable, sayMisfit } from './problem.ts';
import type { Readiness } from './readiness.ts';
import { type Limits, registerRoutes } from './register.ts';
import { ROUTES, type ServerParts } from './routes.ts';
import { serialiseWhenAsked } from './serialise.ts';
import { carrySessions, recogniseSessions } from './sessions.ts';
import type { MoveStream } from './stream.ts';

/** What a server is made of. */
export interface ServerOptions {
  /** Their model may be replaced at any moment; a request works with the one that it began with. */
  readonly engines: Engines;
  /** The file that what is published is written into as well; null: none. */
  readonly modelPath: string | null;
  readonly book: AnswerBook;
  readonly landing: Landing<Arrival>;
  readonly quarantine: Landing<RefusedCall>;
  /** Who was erased and must not come back. */
  readonly suppressed: () => SuppressionList;
  readonly clock: () => number;
  readonly live: { readonly state: LiveState; readonly nudge: () => void; readonly present: Present };
  readonly stream: MoveStream;
  readonly evidence: EvidenceKeeper;
  /** Folder of the workspace's data: what is sent up and what is exported is written there for a while. */
  readonly dataFolder: string;
  /** Most bytes of a file that is sent up. */
  readonly uploadBytes?: number;
  /** Folder of the web app as it was built; null: no pages are served. */
  readonly pagesFolder: string | null;
  /** Origins of pages that may ask for answers by themselves; none: only servers may. */
  readonly origins: readonly string[];
  readonly guide: () => Guide;
  /** What one asker may ask in a minute, where it is other than usual. */
  readonly limits?: Partial<Limits>;
  /** How people sign in. */
  readonly people: PeopleConfiguration;
  /** Proxies whose word on where a request comes from is taken: addresses or networks; none: nobody's. */
  readonly trustedProxies?: readonly string[];
  /** Told of a link for somebody where no mail is sent. */
  readonly onLink: (link: PrintedLink) => void;
  /** Where a fault of ours is told. */
  readonly onInternal: (error: unknown) => void;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Whether whoever asks from this machine may read metrics without a key. */
  readonly isMetricsOpen: boolean;
  readonly readiness: () => Promise<Readiness>;
  /** Folder in which copies are made; null: nobody told one. */
  readonly backupFolder: string | null;
  /** How long raw rows are kept; absent: for ever. */
  readonly retention?: Retention;
  readonly onWork: (work: Promise<unknown>) => void;
}

/** Requests that may be open at a time, so that bodies on their way stay within memory. */
const MOST_CONNECTIONS = 2_000;
/** A file that is sent up takes its time; headers must come within a minute all the same. */
const REQUEST_SECONDS = 600;
/** Most bytes of a file that is sent up, where the configuration says nothing. */
const UPLOAD_BYTES = 2_000_000_000;
/** Version of what is under `/api/v1`: a later minor adds, and breaks nothing. */
const API_VERSION = '1.0.0';
const ARRIVALS_KEPT_MILLIS = 60_000;

/** A server over an open workspace: every route, not yet listening. `close` waits until what was accepted is answered. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { engines, clock, onInternal, trustedProxies = [] } = options;
  let requests = 0;
  const app: FastifyInstance = Fastify({
    // Fastify's own log tells addresses, and addresses hold ids.
    logger: false,
    genReqId: () => {
      requests += 1;
      return `${engines.run}-${requests.toString(36)}`;
    },
    requestTimeout: REQUEST_SECONDS * 1_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 512 },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    schemaErrorFormatter: (errors, part) => sayMisfit(errors, part),
    frameworkErrors: (error, _request, reply) => answerUnreadable(error, reply),
    // A field that nobody knows is refused: cut quietly, a misspelt filter would answer another question.
    ajv: { customOptions: { removeAdditional: false } },
    schemaController: { compilersFactory: { buildSerializer: serialiseWhenAsked } },
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  answerErrors(app, onInternal);
  observe(app, options.log, options.metrics);
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: { 'style-src': ["'self'", "'unsafe-inline'"], 'upgrade-insecure-requests': null },
    },
  });
  await allowOrigins(app, options.origins);
  const keys = new KeyRing(engines.ledger, clock);
  await collectDocument(app, API_VERSION);
  carrySessions(app);
  auditChanges(app, { ledger: engines.ledger, clock });
  const people = createPeople({
    ...{ clock, ledger: engines.ledger, configuration: options.people, onLink: options.onLink, onFailure: onInternal },
    listeningAt: () => app.listeningOrigin,
  });
  const recognisers = [
    recogniseKeys(keys),
    recogniseSessions(people.signIn, people.publicOrigin),
    ...(options.isMetricsOpen ? [recogniseLoopback()] : []),
  ];
  watchStreams(app, recognisers);
  await registerRoutes(app, {
    routes: ROUTES,
    needs: followingModel({ ...partsOf(options, keys), ...people, document: () => app.swagger() }, engines),
    recognisers,
    clock,
    idempotency: new IdempotentRequests(engines.ledger, clock),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  if (options.pagesFolder !== null) await servePages(app, options.pagesFolder);
  app.addHook('preClose', () => options.stream.stop());
  app.addHook('onClose', () => keys.noteUse());
  return app;
}

function partsOf(options: ServerOptions, keys: KeyRing): Omit<ServerParts, keyof PeopleSide | 'document'> {
  const {
    engines,
    book,
    guide,
    live,
    stream,
    landing,
    quarantine,
    suppressed,
    clock,
    metrics,
    readiness,
    backupFolder,
    onWork,
  } = options;
  const { warehouse } = engines;
  const turnstile = new Turnstile();
  const previewed = { engines, clock, turnstile, answeredAt: () => book.asOf, onFailure: options.onInternal };
  return {
    ...{ warehouse, book, guide, live, stream, landing, quarantine, suppressed, keys },
    ...{ metrics, readiness, backupFolder, onWork, retention: options.retention ?? {} },
    ...ofModel(engines),
    modelPath: options.modelPath,
    previewer: new Previewer(previewed),
    spreads: new SpreadKeeper(previewed),
    feed: new Feed(),
    isReady: () => live.state.isFilled,
    arrivals: kept(ARRIVALS_KEPT_MILLIS, clock, () => lastArrivals(engines)),
    onLanded: live.nudge,
    onDecided: live.nudge,
    onPublished: live.nudge,
    evidence: options.evidence,
    dataFolder: options.dataFolder,
    nextNumber: counter(),
    uploads: new Turnstile(),
    uploadBytes: options.uploadBytes ?? UPLOAD_BYTES,
    recomputed: new Recomputed({ engines, clock, turnstile, present: live.present }),
  };
}

/** The parts that are made of the model. */
function ofModel({ model, modelText, warehouse, ledger, run }: Engines) {
  const engines: Engines = { model, modelText, warehouse, ledger, run };
  return { engines, tracking: model.tracking, planned: plannedEvents(model) };
}

/** Parts of which those made of the model are of the one in force when they are read: whole, whatever comes meanwhile. */
function followingModel<Parts extends ReturnType<typeof ofModel>>(parts: Parts, engines: Engines): Parts {
  let made = ofModel(engines);
  const now = () => {
    if (made.engines.model !== engines.model) made = ofModel(engines);
    return made;
  };
  return Object.defineProperties(parts, {
    engines: { get: () => now().engines },
    tracking: { get: () => now().tracking },
    planned: { get: () => now().planned },
  });
}

function counter(): () => number {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}
