import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../model/failure.ts';
import type { Asker, Session } from '../people/session.ts';
import type { SignIn } from '../people/sign-in.ts';
import type { Recognise } from './authorise.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The session that a request came with; null: none, or not looked for. */
    session: Session | null;
    /** `set-cookie` headers that its answer carries. */
    cookiesToSet: readonly string[];
  }
}

/** Where a request comes from, as signing in wants to know it. */
export function askerOf(request: FastifyRequest): Asker {
  const { headers, ip: ipAddress } = request;
  return { ipAddress, userAgent: headers['user-agent'] ?? '', cookie: headers.cookie ?? '' };
}

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/**
 * Whether a request comes from a page of this server, by what a browser says of it and no page can make it say:
 * `Sec-Fetch-Site`, and where it says none (no TLS) `Origin`, which must be ours. `unknown`: neither, so it is no browser.
 */
function pageOf(request: FastifyRequest, publicOrigin: string | null): 'own' | 'foreign' | 'unknown' {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined) return site === 'same-origin' ? 'own' : 'foreign';
  if (origin === undefined) return 'unknown';
  const isOurs =
    publicOrigin === null ? URL.canParse(origin) && new URL(origin).host === host : origin === publicOrigin;
  return isOurs ? 'own' : 'foreign';
}

const FOREIGN = 'A page that is not of this server asked for this in the name of whoever is signed in.';

/** Refuses `foreign-page` a request without a session that a page elsewhere sends; what is no browser may come. */
export function refuseForeignPage(request: FastifyRequest, publicOrigin: string | null): void {
  if (pageOf(request, publicOrigin) === 'foreign') throw new Failure('foreign-page', FOREIGN);
}

/**
 * Recognises operators by their session. A request that could change something must show that it comes from a page of this
 * server (`foreign-page` otherwise): the cookie alone proves only that some page sent it. Keys need no such proof.
 */
export function recogniseSessions(signIn: SignIn, publicOrigin: string | null): Recognise {
  return async (request, how = { isUse: true }) => {
    const opened = await signIn.find(askerOf(request), how);
    if (opened === null) return null;
    if (!isSafe(request.method) && pageOf(request, publicOrigin) !== 'own') throw new Failure('foreign-page', FOREIGN);
    const { session, cookies } = opened;
    request.session = session;
    request.cookiesToSet = [...request.cookiesToSet, ...cookies];
    const { operatorId: id, name, email, role } = session;
    return { kind: 'operator', id, name, email, role };
  };
}

/** Lets requests carry sessions, and answers their cookies. What is said to somebody signed in is kept by no cache. */
export function carrySessions(app: FastifyInstance): void {
  app.decorateRequest('session', null);
  app.decorateRequest('cookiesToSet');
  app.addHook('onRequest', async (request) => {
    request.cookiesToSet = [];
  });
  app.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply) => {
    const { cookiesToSet, session } = request;
    if (cookiesToSet !== undefined && cookiesToSet.length > 0) reply.header('set-cookie', cookiesToSet);
    if ((session ?? null) !== null && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'private, no-cache');
  });
}
