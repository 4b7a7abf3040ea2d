import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * Which pages may speak to the server by themselves: every page may send events, since a write key is public there and opens
 * nothing else; those on a named origin may ask for answers; nobody else's page may do anything.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  const sending: FastifyCorsOptions = {
    origin: '*',
    methods: ['POST'],
    allowedHeaders: ['content-type', 'authorization'],
    maxAge: 86_400,
  };
  const asking: FastifyCorsOptions = {
    origin: origins.length === 0 ? false : [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['content-type', 'authorization', 'x-api-key', 'if-none-match', 'last-event-id'],
    exposedHeaders: ['etag', 'bellwether-as-of'],
  };
  await app.register(cors, {
    delegator: (request: FastifyRequest, done: (error: Error | null, options?: FastifyCorsOptions) => void) => {
      done(null, request.url.startsWith('/v1/') ? sending : asking);
    },
  });
}
