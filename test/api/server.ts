import { setTimeout as sleep } from 'node:timers/promises';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import { AnswerBook } from '../../src/activation/book.ts';
import { guideOf } from '../../src/activation/guide.ts';
import { accountRoutes } from '../../src/api/accounts.ts';
import { experienceRoutes } from '../../src/api/experience.ts';
import { ofrepRoutes } from '../../src/api/ofrep.ts';
import { answerErrors } from '../../src/api/problem.ts';
import type { ReadSide } from '../../src/api/read-side.ts';
import { MoveStream, type StreamSide, streamRoutes } from '../../src/api/stream.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { Failure } from '../../src/model/failure.ts';
import { AS_OF, defaultModel } from '../activation/entry.ts';

/** The key that a test server lets read, and one that may only write. */
export const READ_KEY = 'read-key';
export const WRITE_KEY = 'write-key';

/** A wait that ends early when the signal is raised. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
}

/** How a test server differs from the usual one. */
export interface ServerOptions extends Partial<ReadSide> {
  readonly ledger?: Ledger;
  readonly stream?: Partial<StreamSide>;
  readonly port?: number;
  /** Requests a minute. */
  readonly most?: number;
}

/** A server that listens on the loopback. */
export interface Listening {
  readonly url: string;
  readonly port: number;
  readonly book: AnswerBook;
  readonly stream: MoveStream | null;
  readonly close: () => Promise<void>;
}

/** Opens a server with the read side and nothing else, on a port of its own. */
export async function listen(options: ServerOptions = {}): Promise<Listening> {
  const server = Fastify({ routerOptions: { maxParamLength: 1_000 } });
  answerErrors(server, () => undefined);
  if (options.most !== undefined) await server.register(rateLimit, { max: options.most, timeWindow: '1 minute' });
  const book = options.book ?? new AnswerBook();
  const guide = guideOf(defaultModel(), []);
  const side: ReadSide = {
    book,
    guide: () => guide,
    isReady: () => true,
    authorise: async ({ headers }) => {
      const key = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? headers['x-api-key'];
      if (key === WRITE_KEY) throw new Failure('not-allowed', 'This key may only write.');
      if (key !== READ_KEY) throw new Failure('no-key', 'This needs a read key.');
    },
    ...options,
  };
  await server.register(ofrepRoutes, side);
  await server.register(experienceRoutes, side);
  await server.register(accountRoutes, { ...side, arrivals: async () => ARRIVALS, clock: () => AS_OF });
  const stream = await addStream(server, side, options);
  await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const { port } = server.server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, port, book, stream, close: () => server.close() };
}

async function addStream(server: FastifyInstance, { authorise }: ReadSide, { ledger, stream = {} }: ServerOptions) {
  if (ledger === undefined) return null;
  const moves = new MoveStream({ ledger, pause, pollMillis: 20, ...stream });
  await server.register(streamRoutes, { authorise, stream: moves });
  return moves;
}

/** Arrivals that every test server tells. */
export const ARRIVALS = [
  { table: 'events', source: 'tracking', receivedAt: new Date(AS_OF).toISOString(), happenedAt: null },
] as const;

/** A request with the read key. */
export function read(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, headers: { authorization: `Bearer ${READ_KEY}`, ...init.headers } });
}

/** A POST of JSON with the read key; text is sent as it is. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return read(url, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } });
}
