import { Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A fault of a request that its sender can mend, with the status to answer. */
class BadRequest extends Error {
  readonly statusCode: number;
  readonly code: string;

  constructor(code: string, message: string, statusCode = 400) {
    super(message);
    this.code = code;
    this.statusCode = statusCode;
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it was unpacked: its bytes, and its levels of nesting. */
    bodySize: { readonly bytes: number; readonly depth: number };
  }
}

/**
 * Reads bodies as JSON whatever their type says, since browsers send `text/plain` to spare themselves a question; gzip is
 * taken apart up to the route's limit and not a byte further.
 */
export function readJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.decorateRequest('bodySize');
  app.addHook('onRequest', async (request) => {
    request.bodySize = { bytes: 0, depth: 0 };
  });
  app.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      request.bodySize = { bytes: body.length, depth: depthOf(body) };
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
    // Without either of the two a request passes for one without a body.
    request.headers['transfer-encoding'] = 'chunked';
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

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Levels of nesting of a text of JSON, read from its brackets alone. */
function depthOf(json: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let isText = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index];
    if (isText) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return deepest;
}
