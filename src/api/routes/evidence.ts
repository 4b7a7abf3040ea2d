import { z } from 'zod';
import { Failure } from '../../model/failure.ts';
import { QUESTIONS } from '../../pipeline/asked.ts';
import type { Engines } from '../../pipeline/engines.ts';
import type { EvidenceKeeper } from '../../pipeline/evidence-keeper.ts';
import { sendTagged } from '../etag.ts';
import { readInstant } from '../instant.ts';
import { sendProblem } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { comingEvidence, evidenceBody, questionsBody } from '../schema/evidence.ts';
import { dayOrInstant } from '../schema/words.ts';

/** What the routes of evidence work with. */
export interface EvidenceSide {
  readonly evidence: EvidenceKeeper;
  readonly engines: Engines;
  readonly clock: () => number;
}

const RETRY_SECONDS = 5;

/** Whether any of it is true. */
export const EVIDENCE_ROUTES: readonly Route<EvidenceSide>[] = [
  route({
    name: 'evidence.list',
    method: 'GET',
    path: '/api/v1/evidence',
    group: 'evidence',
    summary: 'What may be asked about the evidence',
    may: 'evidence.read',
    load: 'read',
    answers: { 200: questionsBody },
    refuses: [],
    handle: async () => ({ questions: QUESTIONS.map(({ name, asks }) => ({ name, asks })) }),
  }),
  route({
    name: 'evidence.get',
    method: 'GET',
    path: '/api/v1/evidence/:question',
    group: 'evidence',
    summary: 'An answer about the evidence, computed when it is first asked for',
    description:
      'Answers 202 while it is computed, which takes from seconds to minutes; it is kept for everybody, and computed anew when it is a day old. ' +
      'What is asked is what `bellwether evidence` asks without options.',
    may: 'evidence.read',
    load: 'read',
    params: z.object({
      question: z
        .string()
        .max(100)
        .meta({ examples: ['ground'] }),
    }),
    query: z.strictObject({
      asOf: dayOrInstant.optional().meta({ description: 'Look back from this day; absent: the end of the data' }),
    }),
    answers: { 200: evidenceBody, 202: comingEvidence },
    refuses: ['unknown-question', 'bad-as-of', 'no-evidence'],
    handle: async ({ params, query, request, reply }, { evidence, engines, clock }: EvidenceSide) => {
      const { question } = params;
      if (!QUESTIONS.some(({ name }) => name === question)) {
        const known = QUESTIONS.map(({ name }) => name).join(', ');
        throw new Failure('unknown-question', `There is no question ${question.slice(0, 40)}; there are ${known}.`);
      }
      const standing = await evidence.ask({ question, asOf: readInstant(query.asOf, clock()) });
      if (standing.kind === 'failed') return sendProblem(reply, 'no-evidence', { detail: standing.message });
      if (standing.kind === 'coming') {
        reply.code(202).header('location', request.url).header('retry-after', RETRY_SECONDS);
        return reply.send({ question, state: 'computing', askedAt: standing.askedAt });
      }
      const { answer, asOf, computedAt } = standing.answer;
      const { isStale } = standing;
      const modelVersion = engines.model.version;
      const body = { question, asOf, modelVersion, computedAt, isStale, answer: JSON.parse(answer) as unknown };
      return sendTagged(request, reply, { body, said: { question, asOf, modelVersion, answer }, asOf });
    },
  }),
];
