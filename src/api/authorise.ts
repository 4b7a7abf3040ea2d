import type { FastifyRequest } from 'fastify';
import { Failure } from '../model/failure.ts';
import { type Action, type Actor, accessTo, mayDo, whoMay } from './access.ts';
import type { KeyRing } from './key.ts';

/**
 * Tells who a request comes from; null: it carries nothing of the kind that is looked for. `isUse: false` looks whether it
 * still holds, and counts as no use.
 */
export type Recognise = (request: FastifyRequest, how?: { readonly isUse: boolean }) => Promise<Actor | null>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null where a route is open to everybody, and before it was asked for. */
    actor: Actor | null;
  }
}

/** The key of a request: a Bearer token, or `X-API-Key`. */
function keyOf(request: FastifyRequest): string {
  const [, token] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const own = request.headers['x-api-key'];
  return token ?? (typeof own === 'string' ? own : '');
}

/** Recognises machines by their key. */
export function recogniseKeys(keys: Pick<KeyRing, 'find'>): Recognise {
  return async (request) => {
    const key = keyOf(request);
    const bearer = key === '' ? null : await keys.find(key);
    if (bearer === null) return null;
    return { kind: 'key', id: String(bearer.keyId), name: bearer.name, scope: bearer.scope };
  };
}

/** Lets a request pass that may do what the action says: 401 from nobody known, 403 from somebody who may not. */
export function authoriseBy(recognisers: readonly Recognise[], action: Action) {
  return async (request: FastifyRequest): Promise<void> => {
    if (accessTo(action).isOpen === true) return;
    for (const recognise of recognisers) request.actor ??= await recognise(request);
    if (request.actor === null) {
      throw new Failure('no-key', 'Sign in, or send a key as `Authorization: Bearer KEY` or `X-API-Key: KEY`.');
    }
    if (mayDo(action, request.actor)) return;
    throw new Failure('not-allowed', `This needs ${whoMay(action)}; yours is ${rankOf(request.actor)}.`);
  };
}

const rankOf = (actor: Actor): string => (actor.kind === 'key' ? `a key of scope ${actor.scope}` : actor.role);

/** Recognises whoever asks for metrics from this machine itself, and not through a proxy on it. */
export function recogniseLoopback(): Recognise {
  return async ({ ip, headers, routeOptions }) => {
    const isOurs = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(ip);
    const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => name in headers);
    if (!isOurs || isForwarded || routeOptions.config.record?.may !== 'metrics.read') return null;
    return { kind: 'key', id: 'loopback', name: 'this machine', scope: 'read' };
  };
}
