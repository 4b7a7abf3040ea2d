import type { FastifyInstance } from 'fastify';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/**
 * Counts and logs every answered request, by its route and never by what it asked: addresses hold ids, bodies hold events,
 * headers hold keys. Each answer bears the number of its request, by which the log is searched.
 */
export function observe(app: FastifyInstance, log: Log, metrics: Metrics): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { record } = request.routeOptions.config;
    const seconds = reply.elapsedTime / 1000;
    const status = reply.statusCode;
    metrics.answered(record?.group ?? 'none', status, seconds);
    const write = status >= 500 ? log.error : status >= 400 ? log.info : log.debug;
    write('request', {
      request: request.id,
      route: record?.name ?? 'none',
      method: request.method,
      status,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      by: request.actor === null ? 'nobody' : request.actor.kind,
    });
  });
}
