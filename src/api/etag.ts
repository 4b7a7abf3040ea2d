import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A weak entity tag of what an answer says. */
function etagOf(text: string): string {
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** Whether the asker has this already; tags are compared weakly, as `If-None-Match` asks. */
function isKnown(request: FastifyRequest, etag: string): boolean {
  const given = request.headers['if-none-match'];
  if (given === undefined) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return given.trim() === '*' || given.split(',').some((tag) => bare(tag) === bare(etag));
}

/**
 * Sends any answer under a tag of its own words, where it has none yet, or 304 where the asker has them already: what pages ask
 * again and again is computed, and not sent. What says that it is kept nowhere is left alone.
 */
export async function tagAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  const isKept = reply.getHeader('cache-control') !== 'no-store';
  if (reply.statusCode !== 200 || typeof payload !== 'string' || !isKept) return payload;
  const own = reply.getHeader('etag');
  const etag = typeof own === 'string' ? own : etagOf(payload);
  reply.header('etag', etag);
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache');
  if (!isKnown(request, etag)) return payload;
  reply.code(304).removeHeader('content-type').removeHeader('content-length');
  return '';
}

/** Header with the instant of which an answer is true: a 304 has no body to say it. */
export const AS_OF_HEADER = 'bellwether-as-of';

/**
 * Sends JSON under the tag of what it says, or 304 where the asker has that already.
 *
 * The instant is no part of the tag: time alone changes no answer. It is in the header either way.
 */
export function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, said, asOf }: { readonly body: object; readonly said: object; readonly asOf: string | null },
): FastifyReply {
  const etag = etagOf(JSON.stringify(said));
  reply.header('etag', etag).header('cache-control', 'private, no-cache');
  if (asOf !== null) reply.header(AS_OF_HEADER, asOf);
  return isKnown(request, etag) ? reply.code(304).send() : reply.send(body);
}
