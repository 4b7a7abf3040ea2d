import type { FastifyInstance } from 'fastify';

const LOOK_MILLIS = 100;

/**
 * Ends a server: it takes no more, and what was asked before is answered.
 *
 * The library hangs up once on whoever keeps a line without asking. A line whose answer was on its way at that moment would
 * be kept open after it for as long as the server keeps lines, 72 seconds, so it is looked again until all are gone. Whoever
 * has not taken its answer when the patience is over is hung up on.
 */
export async function endServer(app: FastifyInstance, patienceMillis: number): Promise<void> {
  const looking = setInterval(() => app.server.closeIdleConnections(), LOOK_MILLIS);
  const losing = setTimeout(() => app.server.closeAllConnections(), patienceMillis);
  try {
    await app.close();
  } finally {
    clearInterval(looking);
    clearTimeout(losing);
  }
}
