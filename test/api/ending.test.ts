import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import { endServer } from '../../src/api/ending.ts';

const LONG_MILLIS = 600_000;

/** A server that keeps lines for long, begins to answer `/slow` at once, and ends the answer when it is told to. */
async function open(): Promise<{ app: FastifyInstance; answer: () => void; ask: () => Promise<IncomingMessage> }> {
  const app = Fastify({ keepAliveTimeout: LONG_MILLIS, forceCloseConnections: 'idle' });
  let answer = (): void => undefined;
  const told = new Promise<void>((resolve) => {
    answer = resolve;
  });
  app.get('/slow', (_, reply) =>
    reply.type('text/plain').send(
      Readable.from(
        (async function* () {
          yield 'begun, ';
          await told;
          yield 'ended';
        })(),
      ),
    ),
  );
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true });
  const ask = async (): Promise<IncomingMessage> => {
    const asking = request(`${address}/slow`, { agent });
    asking.end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    return response;
  };
  return { app, answer, ask };
}

/** Fails where the work takes half a minute: long before the server would let go of a line by itself. */
const soon = <T>(work: Promise<T>): Promise<T> =>
  Promise.race([work, sleep(30_000, undefined, { ref: false }).then(() => Promise.reject(new Error('it hangs')))]);

test('an answer that has begun is sent to its end, and its line is not kept open after that', async () => {
  const { app, answer, ask } = await open();
  const response = await ask();
  const ended = endServer(app, LONG_MILLIS);
  answer();
  expect([response.statusCode, (await response.toArray()).join('')]).toEqual([200, 'begun, ended']);
  await soon(ended);
});

test('an answer that does not end in time is not waited for', async () => {
  const { app, ask } = await open();
  const response = await ask();
  const read = response.toArray().catch((error: NodeJS.ErrnoException) => error.code);
  await soon(endServer(app, 50));
  expect(await read).toBe('ECONNRESET');
});
