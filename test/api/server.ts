import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { AnswerBook } from '../../src/activation/book.ts';
import { guideOf } from '../../src/activation/guide.ts';
import { recogniseKeys } from '../../src/api/authorise.ts';
import type { Bearer } from '../../src/api/key.ts';
import { answerErrors } from '../../src/api/problem.ts';
import type { AccountSide } from '../../src/api/read-side.ts';
import { registerRoutes } from '../../src/api/register.ts';
import { ACCOUNT_ROUTES } from '../../src/api/routes/accounts.ts';
import { EXPERIENCE_ROUTES } from '../../src/api/routes/experience.ts';
import { OFREP_ROUTES } from '../../src/api/routes/ofrep.ts';
import { STREAM_ROUTES } from '../../src/api/routes/stream.ts';
import { MoveStream, type StreamOptions } from '../../src/api/stream.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
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
export interface ServerOptions extends Partial<AccountSide> {
  readonly ledger?: Ledger;
  readonly stream?: Partial<StreamOptions>;
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
  const book = options.book ?? new AnswerBook();
  const guide = guideOf(defaultModel(), []);
  const side = { book, guide: () => guide, isReady: () => true, arrivals: async () => ARRIVALS, ...options };
  const { ledger, most } = options;
  const stream = ledger === undefined ? null : new MoveStream({ ledger, pause, pollMillis: 20, ...options.stream });
  const common = { recognisers: [recogniseKeys({ find: async (key) => BEARERS.get(key) ?? null })] };
  const limits = most === undefined ? {} : { answer: most };
  const routes = [...OFREP_ROUTES, ...EXPERIENCE_ROUTES, ...ACCOUNT_ROUTES];
  if (stream !== null) {
    server.addHook('preClose', () => stream.stop());
    await registerRoutes(server, {
      ...common,
      limits,
      routes: [...routes, ...STREAM_ROUTES],
      needs: { ...side, stream },
    });
  } else await registerRoutes(server, { ...common, limits, routes, needs: side });
  await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const { port } = server.server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, port, book, stream, close: () => server.close() };
}

const BEARERS: ReadonlyMap<string, Bearer> = new Map([
  [READ_KEY, { keyId: 1, name: 'reader', scope: 'read' }],
  [WRITE_KEY, { keyId: 2, name: 'writer', scope: 'write' }],
]);

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
