import { existsSync } from 'node:fs';
import { join } from 'node:path';
import compress from '@fastify/compress';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Paths that belong to machines: what is not found there is told as a problem, never as a page. */
const MACHINES = /^\/(?:api|v1|ofrep|assets|healthz|readyz|metrics)(?:\/|$)/;

/** Whether the web app was built into a folder. */
export function arePagesBuilt(folder: string): boolean {
  return existsSync(join(folder, 'index.html'));
}

/**
 * Serves the web app from a folder that was built: its files under `/assets`, which never change, and its one document at every
 * other address that a browser asks for as a page. Where the folder is missing, there are no pages.
 *
 * It holds no data: what a page shows, it asks for by the routes, as whoever is signed in.
 */
export async function servePages(app: FastifyInstance, folder: string): Promise<void> {
  if (!arePagesBuilt(folder)) return;
  await app.register(async (scope) => {
    await scope.register(compress, { encodings: ['br', 'gzip'] });
    await scope.register(fastifyStatic, { root: folder, serve: false });
    const asset = { schema: { hide: true } };
    scope.get<{ Params: { file: string } }>('/assets/:file', asset, (request, reply) =>
      reply.sendFile(join('assets', request.params.file), { immutable: true, maxAge: '365d' }),
    );
    scope.get('/mark.svg', asset, (_request, reply) => reply.sendFile('mark.svg'));
    scope.get('/', asset, sendDocument);
    scope.get('/*', asset, (request, reply) => (isPage(request) ? sendDocument(request, reply) : reply.callNotFound()));
  });
}

function isPage({ url, headers }: FastifyRequest): boolean {
  return !MACHINES.test(url) && headers.accept?.includes('text/html') === true;
}

/** Asked for anew each time, so that a new version is seen at once. */
function sendDocument(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false });
}
