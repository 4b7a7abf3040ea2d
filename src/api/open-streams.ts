import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Recognise } from './authorise.ts';
import { isJson } from './route.ts';

const LOOK_MILLIS = 5_000;

/** Whether a request is answered by a stream that stays open. */
function isStreamed(request: FastifyRequest): boolean {
  const answers = Object.values(request.routeOptions.config.record?.answers ?? {});
  return answers.some((answer) => !isJson(answer) && answer.type === 'text/event-stream');
}

/**
 * Looks every five seconds whether whoever opened a stream may still have it, and cuts it where their key was revoked or their
 * session ended. That a stream is open is no use of a session: it ends by itself all the same. A server that closes cuts all.
 */
export function watchStreams(app: FastifyInstance, recognisers: readonly Recognise[]): void {
  const open = new Map<FastifyRequest, () => void>();
  const look = async (request: FastifyRequest): Promise<void> => {
    const { actor } = request;
    for (const recognise of recognisers) {
      const found = await recognise(request, { isUse: false });
      if (found !== null && found.kind === actor?.kind && found.id === actor.id) return;
    }
    open.get(request)?.();
  };
  app.addHook('preHandler', async (request, reply) => {
    if (!isStreamed(request)) return;
    const timer = setInterval(() => {
      // What cannot be looked up now is looked up again.
      look(request).catch(() => undefined);
    }, LOOK_MILLIS);
    timer.unref();
    open.set(request, () => reply.raw.destroy());
    reply.raw.once('close', () => {
      clearInterval(timer);
      open.delete(request);
    });
  });
  app.addHook('preClose', async () => {
    for (const end of open.values()) end();
  });
}
