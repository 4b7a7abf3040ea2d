import { createServer } from 'node:net';

/**
 * A TCP port of the loopback that nobody listens on at this moment.
 *
 * Why: the engines cannot report a port that they chose themselves. Between this answer and their start somebody else
 * may take it; the supervisor then tries again with another.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}
