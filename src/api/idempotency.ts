import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Ledger } from '../ledger/ledger.ts';
import { Failure } from '../model/failure.ts';

const HOURS = 24;
/** A request that began this long ago and was never answered died with its process; the next may try again. */
const DEAD_SECONDS = 600;
const MOST_LENGTH = 255;

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the answer to this request is kept; null: it is not. */
    kept: KeptRequest | null;
  }
}

/** A request whose answer is kept, by who sent it. */
interface KeptRequest {
  readonly actor: string;
  readonly key: string;
}

const rowSchema = z.object({
  request: z.string(),
  status: z.number().nullable(),
  content_type: z.string().nullable(),
  answer: z.string().nullable(),
});

/**
 * Requests that may be sent again: with the same Idempotency-Key one is done once, and answered the same for 24 hours.
 *
 * Refuses `key-reused` where the key came with another request, and `still-running` while the first is under way. What
 * failed on our side, or was refused as too much, is forgotten, so that it can be tried again. An answer with a secret is not kept: who asks
 * again learns that it was done (`answered-once`).
 */
export class IdempotentRequests {
  readonly #ledger: Ledger;
  readonly #clock: () => number;

  constructor(ledger: Ledger, clock: () => number) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * Looks whether a request was sent before: true where it was answered here with what was said then. `taken`: a word for a
   * body that was taken otherwise than as JSON.
   */
  async replay(request: FastifyRequest, reply: FastifyReply, taken = ''): Promise<boolean> {
    const key = request.headers['idempotency-key'];
    if (key === undefined || request.actor === null) return false;
    if (typeof key !== 'string' || key === '' || key.length > MOST_LENGTH) {
      throw new Failure('bad-request', `An Idempotency-Key has 1 to ${MOST_LENGTH} characters.`);
    }
    const kept = { actor: `${request.actor.kind} ${request.actor.id}`, key };
    const asked = fingerprint(request, taken);
    if (await this.#begin(kept, asked)) {
      request.kept = kept;
      return false;
    }
    const [row] = await this.#ledger.query(
      'SELECT request, status, content_type, answer FROM idempotent_requests WHERE actor = $1 AND key = $2',
      [kept.actor, kept.key],
      rowSchema,
    );
    if (row !== undefined && row.request !== asked) {
      throw new Failure('key-reused', 'This Idempotency-Key came with another request before.');
    }
    if (row?.status == null) throw new Failure('still-running', 'The request with this Idempotency-Key is under way.');
    if (row.answer === null) throw new Failure('answered-once', 'This was done already.');
    if (row.content_type !== null) reply.header('content-type', row.content_type);
    reply.code(row.status).header('idempotent-replayed', 'true');
    // Text as it was written: nothing is to be serialised again.
    reply.serializer((text: string) => text);
    await reply.send(row.answer);
    return true;
  }

  async #begin({ actor, key }: KeptRequest, asked: string): Promise<boolean> {
    const now = this.#clock();
    const ago = (seconds: number) => new Date(now - seconds * 1_000);
    await this.#ledger.command(
      'DELETE FROM idempotent_requests WHERE begun_at < $1 OR (actor = $2 AND key = $3 AND status IS NULL AND begun_at < $4)',
      [ago(HOURS * 3_600), actor, key, ago(DEAD_SECONDS)],
    );
    const begun = await this.#ledger.command(
      'INSERT INTO idempotent_requests (actor, key, request, begun_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [actor, key, asked, new Date(now)],
    );
    return begun === 1;
  }

  /** Keeps what a request is answered with, or forgets it where it may be tried again. */
  async keep(request: FastifyRequest, reply: FastifyReply, payload: unknown, isSecret: boolean): Promise<void> {
    const { kept } = request;
    if (kept === null) return;
    const { statusCode } = reply;
    if (statusCode >= 500 || statusCode === 429 || (typeof payload !== 'string' && payload != null)) {
      await this.#ledger.command('DELETE FROM idempotent_requests WHERE actor = $1 AND key = $2', [
        kept.actor,
        kept.key,
      ]);
      return;
    }
    const type = reply.getHeader('content-type');
    await this.#ledger.command(
      'UPDATE idempotent_requests SET status = $3, content_type = $4, answer = $5 WHERE actor = $1 AND key = $2',
      [kept.actor, kept.key, statusCode, typeof type === 'string' ? type : null, isSecret ? null : (payload ?? '')],
    );
  }
}

function fingerprint({ method, url, body, headers }: FastifyRequest, taken: string): string {
  const said = JSON.stringify([method, url, body ?? null, headers['if-match'] ?? null, taken]);
  return createHash('sha256').update(said).digest('base64url');
}
