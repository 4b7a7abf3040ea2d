import { Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A fault of a request that its sender can mend, with the status to answer. */
export class BadRequest extends Error {
  readonly statusCode: number;
  readonly code: string;

  constructor(code: string, message: string, statusCode = 400) {
    super(message);
    this.code = code;
    this.statusCode = statusCode;
  }
}

/**
 * Reads bodies as JSON whatever their type says, since browsers send `text/plain` to spare themselves a question; gzip is
 * taken apart up to the route's limit and not a byte further.
 */
export function readJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(body.toString('utf8')) as unknown);
    } catch {
      done(new BadRequest('json', 'The body is no JSON.'));
    }
  });
  app.addHook('preParsing', async (request, _reply, payload) => {
    const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
    if (encoding === 'identity' || encoding === '') return payload;
    if (encoding !== 'gzip')
      throw new BadRequest('encoding', `Content-Encoding ${encoding} is not read here; send gzip or none.`, 415);
    const { bodyLimit } = request.routeOptions;
    // What was sent is shorter than what it unpacks to; the length of the header is not the body's any more.
    delete request.headers['content-length'];
    const gunzip = createGunzip();
    const limited = limit(bodyLimit ?? app.initialConfig.bodyLimit ?? 1_048_576, request);
    payload.on('error', (error) => limited.destroy(error));
    gunzip.on('error', () => limited.destroy(new BadRequest('gzip', 'The body says that it is gzip, and is not.')));
    return payload.pipe(gunzip).pipe(limited);
  });
}

function limit(most: number, request: FastifyRequest): Transform & { receivedEncodedLength: number } {
  let seen = 0;
  const transform = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > most) {
        request.raw.unpipe();
        done(new BadRequest('too-large', `The body unpacks to more than ${most} bytes.`));
      } else done(null, chunk);
    },
  });
  return Object.assign(transform, { receivedEncodedLength: 0 });
}
