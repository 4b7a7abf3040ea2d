import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sendProblem } from '../problem.ts';
import { type Route, route } from '../route.ts';
import type { MoveStream } from '../stream.ts';

/** What the route of the stream works with. */
export interface StreamSide {
  readonly stream: MoveStream;
}

/** Moves as they are recorded; readers are ended when the server closes. */
export const STREAM_ROUTES: readonly Route<StreamSide>[] = [
  route({
    name: 'moves.stream',
    method: 'GET',
    path: '/api/v1/stream',
    group: 'product',
    summary: 'Moves as they are recorded, as server-sent events; resumes after Last-Event-ID, or after ?after=',
    may: 'answers.read',
    load: 'read',
    query: z.strictObject({
      after: z
        .int()
        .min(0)
        .optional()
        .meta({ description: 'Number of the last move that is known; absent: from now on' }),
    }),
    answers: {
      200: {
        description: 'Events `move`, their `id` the number of the move, their data a Move',
        type: 'text/event-stream',
      },
    },
    refuses: ['too-many'],
    handle: async ({ query, request, reply }, { stream }: StreamSide) => {
      const after = resumeAfter(request, query.after ?? null);
      if (after === 'unreadable') {
        return sendProblem(reply, 'bad-request', {
          detail: 'Last-Event-ID is not the number of a move.',
          next: 'Send the id of the last event as it came, or leave the header out to begin with now.',
        });
      }
      if (!stream.hasRoom) {
        reply.header('retry-after', 5);
        return sendProblem(reply, 'too-many', { detail: 'As many streams are open as this server keeps.' });
      }
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value);
      }
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        // Kept open, the connection would keep a closing server from ending.
        connection: 'close',
      });
      await stream.join(reply.raw, after);
      return reply;
    },
  }),
];

function resumeAfter(request: FastifyRequest, after: number | null): number | null | 'unreadable' {
  const given = request.headers['last-event-id'];
  if (given === undefined || given === '') return after;
  const id = Number(given);
  return typeof given === 'string' && /^\d+$/.test(given) && Number.isSafeInteger(id) ? id : 'unreadable';
}
