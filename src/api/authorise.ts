import type { FastifyRequest } from 'fastify';
import { Failure } from '../model/failure.ts';
import type { Bearer, KeyRing, Scope } from './key.ts';

/** Refuses a request that comes without a key of one of the scopes; an administrator's key opens everything. */
export type Authorise = (...scopes: readonly Scope[]) => (request: FastifyRequest) => Promise<void>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose key the request came with; null before it was asked for. */
    bearer: Bearer | null;
  }
}

/** The key of a request: a Bearer token, or `X-API-Key`. */
function keyOf(request: FastifyRequest): string {
  const [, token] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const own = request.headers['x-api-key'];
  return token ?? (typeof own === 'string' ? own : '');
}

/** Asks every request for a key: 401 without one that is known, 403 where its scope is another. */
export function authoriseBy(keys: KeyRing): Authorise {
  return (...scopes) =>
    async (request) => {
      const bearer = await keys.find(keyOf(request));
      if (bearer === null) {
        throw new Failure('no-key', 'Send a key as `Authorization: Bearer KEY` or `X-API-Key: KEY`.');
      }
      if (bearer.scope !== 'admin' && !scopes.includes(bearer.scope)) {
        throw new Failure('not-allowed', `This needs a key of scope ${scopes.join(' or ')}; yours is ${bearer.scope}.`);
      }
      request.bearer = bearer;
    };
}
