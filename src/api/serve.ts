import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { AnswerBook } from '../activation/book.ts';
import { arrivalRow } from '../ingest/arrival.ts';
import { Landing } from '../ingest/landing.ts';
import { quarantineRow } from '../ingest/refused-call.ts';
import { replaceable, type ServedEngines } from '../pipeline/engines.ts';
import { EvidenceKeeper } from '../pipeline/evidence-keeper.ts';
import { GuideKeeper } from '../pipeline/guide-keeper.ts';
import { LiveLoop } from '../pipeline/live.ts';
import type { LiveEvents } from '../pipeline/live-options.ts';
import type { Retention } from '../pipeline/retention.ts';
import { endServer } from './ending.ts';
import { KeyRing } from './key.ts';
import { type Log, NO_LOG } from './log.ts';
import type { PeopleConfiguration, PrintedLink } from './people-side.ts';
import { judgeReadiness } from './readiness.ts';
import type { Limits } from './register.ts';
import { isUnattended } from './routes/setup.ts';
import { buildServer } from './server.ts';
import { createSetupToken } from './setup-link.ts';
import { MoveStream } from './stream.ts';
import { watch } from './watching.ts';

/** How a service runs. */
export interface ServiceOptions extends LiveEvents {
  readonly engines: ServedEngines;
  readonly clock: () => number;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly isDry: boolean;
  /** Folder of the workspace's data. */
  readonly dataFolder: string;
  /** The file that what is published is written into as well; absent: none. */
  readonly modelPath?: string;
  /** Most bytes of a file that is sent up; absent: two gigabytes. */
  readonly uploadBytes?: number;
  /** Folder of the web app as it was built; absent: no pages are served. */
  readonly pagesFolder?: string;
  /** Origins of pages that may ask for answers by themselves. */
  readonly origins?: readonly string[];
  /** How people sign in. */
  readonly people: PeopleConfiguration;
  /** Proxies whose word on where a request comes from is taken. */
  readonly trustedProxies?: readonly string[];
  /** Most of what one asker may ask in a minute, where it is other than usual. */
  readonly limits?: Partial<Limits>;
  /** Told of a link for somebody where no mail is sent. */
  readonly onLink?: (link: PrintedLink) => void;
  readonly log?: Log;
  readonly isMetricsOpen?: boolean;
  /** How long raw rows are kept; absent: for ever. */
  readonly retention?: Retention;
  /** Whether the evidence that pages show is computed once a day without being asked for; absent: it is not. */
  readonly isEvidenceAhead?: boolean;
  /** Folder in which copies are made; absent: none can be asked for. */
  readonly backupFolder?: string;
  /** Folder in which the embedded engines write; absent: they are servers. */
  readonly folder?: string;
  /** How long it says that it is not ready before it takes no more requests. */
  readonly drainMillis?: number;
  readonly onFailure: (error: unknown) => void;
}

/** A service that runs. */
export interface Service {
  /** Where it listens: `http://127.0.0.1:8321`. */
  readonly address: string;
  /** The one-time link to set it up with; null: somebody administers it already. */
  readonly setup: string | null;
  readonly book: AnswerBook;
  readonly loop: LiveLoop;
  readonly app: FastifyInstance;
  /** Ends it: it says that it is not ready, then no new request, what was accepted is answered and on disk, the round under way is done. */
  readonly close: () => Promise<void>;
}

/** Waits until the time is over or the signal is raised. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** How long an answer that is on its way is waited for at the end. */
const ENDING_MILLIS = 30_000;

/** What is configured of requests and of what is kept, where it is other than usual. */
function allowedBy({ limits, uploadBytes, retention }: ServiceOptions) {
  return {
    ...(limits === undefined ? {} : { limits }),
    ...(uploadBytes === undefined ? {} : { uploadBytes }),
    ...(retention === undefined ? {} : { retention }),
  };
}

/** Work that goes on after its request was answered, until it has ended. */
function workUnderWay(onFailure: (error: unknown) => void) {
  const underWay = new Set<Promise<void>>();
  return {
    add: (work: Promise<unknown>): void => {
      const watched: Promise<void> = work.then(() => undefined, onFailure).finally(() => underWay.delete(watched));
      underWay.add(watched);
    },
    ended: async (): Promise<void> => {
      await Promise.all(underWay);
    },
  };
}

/** What the routes are told of the loop. */
function liveSide(loop: LiveLoop) {
  return {
    get state() {
      return loop.state;
    },
    nudge: () => loop.nudge(),
    present: loop.present,
  };
}

/** Starts everything that is live over open engines: landing, loop and server. The engines stay the caller's to close. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { clock, log = NO_LOG } = options;
  const { engines, replace } = replaceable(options.engines);
  const { warehouse, ledger, run } = engines;
  const book = new AnswerBook();
  const common = { warehouse, clock, pause: (milliseconds: number) => sleep(milliseconds) };
  const landing = new Landing({ ...common, process: run, table: 'arrivals', write: arrivalRow });
  const quarantine = new Landing({ ...common, process: `${run}-refused`, table: 'quarantine', write: quarantineRow });
  let isDraining = false;
  const watching = watch({
    ...options,
    engines,
    log,
    folder: options.folder ?? null,
    state: () => loop.state,
    waiting: () => landing.waiting + quarantine.waiting,
  });
  const { metrics, standing, onFailure } = watching;
  const stream = new MoveStream({ ledger, pause, onFailure });
  const keeper = new GuideKeeper({ engines, clock, onFailure });
  const evidence = new EvidenceKeeper({ engines, clock, onFailure });
  const loop = new LiveLoop({
    ...options,
    ...watching,
    book,
    pause,
    onRefreshed: (refreshed) => {
      if (refreshed.moves.length > 0) stream.nudge();
      if (refreshed.kind === 'sweep') keeper.look(loop.state.isSweeper);
      if (refreshed.kind === 'sweep' && loop.state.isSweeper && options.isEvidenceAhead) evidence.lookAhead();
      watching.onRefreshed(refreshed);
    },
    onAdopted: (adopted) => {
      replace(adopted);
      keeper.follow();
      log.info('adopted', { version: adopted.model.version });
      options.onAdopted?.(adopted);
    },
  });
  const work = workUnderWay(onFailure);
  const { origins = [], isMetricsOpen = false, dataFolder } = options;
  const { backupFolder = null, pagesFolder = null, modelPath = null } = options;
  const parts = {
    ...{ engines, book, landing, quarantine, clock, stream, evidence, live: liveSide(loop) },
    ...{ origins, dataFolder, pagesFolder, modelPath },
    ...{ log, metrics, isMetricsOpen, backupFolder, onWork: work.add },
    guide: () => keeper.guide,
    suppressed: () => loop.suppressions.current,
    readiness: async () => judgeReadiness(loop.state, await standing(), isDraining),
  };
  const app = await buildServer({ ...parts, ...allowedBy(options), ...peopleParts(options), onInternal: onFailure });
  const close = async (): Promise<void> => {
    isDraining = true;
    log.info('draining', {});
    await sleep(options.drainMillis ?? 0);
    await endServer(app, ENDING_MILLIS);
    await Promise.all([landing.close(), quarantine.close()]);
    await work.ended();
    await loop.stop();
    await Promise.all([keeper.stop(), evidence.stop()]);
    log.info('stopped', {});
  };
  try {
    return { ...(await listenAt(app, loop, options)), book, loop, app, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Listens, and begins to work; where nobody administers it yet, with a link to set it up. */
async function listenAt(
  app: FastifyInstance,
  loop: LiveLoop,
  { engines: { ledger }, clock, host, port, people }: ServiceOptions,
): Promise<Pick<Service, 'address' | 'setup'>> {
  await loop.suppressions.look();
  const address = await app.listen({ host, port });
  const isFirst = await isUnattended(ledger, new KeyRing(ledger, clock));
  const token = isFirst ? await createSetupToken(ledger, new Date(clock())) : null;
  loop.start();
  return { address, setup: token === null ? null : `${people.origin ?? address}/setup#${token}` };
}

function peopleParts({ people, trustedProxies = [], limits = {}, onLink = () => undefined }: ServiceOptions) {
  return { people, trustedProxies, limits, onLink };
}
