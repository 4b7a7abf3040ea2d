import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerBook } from '../../activation/book.ts';
import type { Arrival } from '../../ingest/arrival.ts';
import type { Landing } from '../../ingest/landing.ts';
import { Failure } from '../../model/failure.ts';
import type { Engines } from '../../pipeline/engines.ts';
import { listNotes } from '../../pipeline/notes.ts';
import { endOverride, listOverrides, type Override, setOverride } from '../../pipeline/override.ts';
import type { NoteBody } from '../contract.ts';
import { type Route, route } from '../route.ts';
import {
  noteBody,
  notesBody,
  noteToWrite,
  overrideBody,
  overridesBody,
  overrideToSet,
  pulseToGive,
} from '../schema/decision.ts';
import { ofIdentifier } from '../schema/words.ts';

/** What the routes of people's own words on accounts work with. */
export interface DecisionSide {
  readonly engines: Engines;
  readonly book: AnswerBook;
  readonly isReady: () => boolean;
  readonly landing: Landing<Arrival>;
  readonly clock: () => number;
  readonly onLanded: () => void;
  readonly onDecided: () => void;
}

const OVERRIDE = '/api/v1/accounts/:id/override';

/** Overrides: a person's own word on an account, for a while (D17). */
export const OVERRIDE_ROUTES: readonly Route<DecisionSide>[] = [
  route({
    name: 'overrides.list',
    method: 'GET',
    path: '/api/v1/overrides',
    group: 'accounts',
    summary: 'Every override that is in force',
    may: 'answers.read',
    load: 'read',
    answers: { 200: overridesBody },
    refuses: [],
    handle: async (_, { engines, clock }: DecisionSide) => ({
      overrides: await listOverrides(engines.ledger, new Date(clock())),
    }),
  }),
  route({
    name: 'overrides.get',
    method: 'GET',
    path: OVERRIDE,
    group: 'accounts',
    summary: 'The override of an account that is in force',
    may: 'answers.read',
    load: 'read',
    params: ofIdentifier,
    answers: { 200: overrideBody },
    headers: { etag: 'Send it as If-Match with a change, so that nobody else’s is lost' },
    refuses: ['no-override'],
    handle: async ({ params: { id }, reply }, { engines, clock }: DecisionSide) => {
      const [found] = await listOverrides(engines.ledger, new Date(clock()), id);
      if (found === undefined) throw new Failure('no-override', `No override is in force for ${id}.`);
      return reply.header('etag', tagOf(found.overrideId)).send(found);
    },
  }),
  route({
    name: 'overrides.set',
    method: 'POST',
    path: OVERRIDE,
    group: 'accounts',
    summary: 'Sets an account’s segment by hand until it expires; one that was in force is ended',
    description:
      'With If-Match only where that override is still in force; with `If-None-Match: *` only where none is.',
    may: 'overrides.write',
    load: 'write',
    changes: ({ params, body }) => `account ${params.id} to ${body.segment}`,
    params: ofIdentifier,
    body: overrideToSet,
    answers: { 201: overrideBody },
    refuses: ['unknown-account', 'no-segment', 'no-reason', 'changed-meanwhile'],
    handle: async ({ params: { id: accountId }, body, actor, request, reply }, side: DecisionSide) => {
      expectAccount(side, accountId);
      const { engines, clock, onDecided } = side;
      const now = new Date(clock());
      const author = actor?.name ?? '';
      const said = { ...body, accountId, author, now, expected: expectedOf(request) };
      const { overrideId, expiresAt } = await setOverride(engines, said);
      onDecided();
      const { segment, reason } = body;
      const made: Override = {
        ...{ overrideId, accountId, segment, reason, author },
        setAt: now.toISOString(),
        expiresAt: expiresAt.toISOString(),
      };
      return reply.code(201).header('etag', tagOf(overrideId)).send(made);
    },
  }),
  route({
    name: 'overrides.end',
    method: 'DELETE',
    path: OVERRIDE,
    group: 'accounts',
    summary: 'Ends the override of an account: back to what the rules say',
    may: 'overrides.write',
    load: 'write',
    changes: ({ params }) => `account ${params.id}`,
    params: ofIdentifier,
    answers: { 204: { description: 'It is ended', type: null } },
    refuses: ['no-override', 'changed-meanwhile'],
    handle: async ({ params: { id }, request, reply }, { engines, clock, onDecided }: DecisionSide) => {
      await endOverride(engines, id, new Date(clock()), expectedOf(request) ?? undefined);
      onDecided();
      return reply.code(204).send();
    },
  }),
];

/** Notes and pulses: facts that a person states, on the path of all that arrives. */
export const NOTE_ROUTES: readonly Route<DecisionSide>[] = [
  route({
    name: 'notes.list',
    method: 'GET',
    path: '/api/v1/accounts/:id/notes',
    group: 'accounts',
    summary: 'Notes and pulses of an account, the latest first',
    may: 'answers.read',
    load: 'read',
    params: ofIdentifier,
    answers: { 200: notesBody },
    refuses: [],
    handle: async ({ params: { id } }, { engines }: DecisionSide) => ({ notes: await listNotes(engines, id) }),
  }),
  route({
    name: 'notes.write',
    method: 'POST',
    path: '/api/v1/accounts/:id/notes',
    group: 'accounts',
    summary: 'Writes down a note on an account; it is a fact within a second, and the account is computed again',
    may: 'notes.write',
    load: 'write',
    changes: ({ params }) => `account ${params.id}`,
    params: ofIdentifier,
    body: noteToWrite,
    answers: { 201: noteBody },
    refuses: ['unknown-account', 'not-ready'],
    handle: async ({ params, body: { kind, text }, actor, reply }, side: DecisionSide) =>
      state(side, reply, { accountId: params.id, author: actor?.name ?? '', kind, text }),
  }),
  route({
    name: 'pulses.give',
    method: 'POST',
    path: '/api/v1/accounts/:id/pulse',
    group: 'accounts',
    summary: 'Says how an account feels: green, yellow or red',
    may: 'notes.write',
    load: 'write',
    changes: ({ params, body }) => `account ${params.id} ${body.pulse}`,
    params: ofIdentifier,
    body: pulseToGive,
    answers: { 201: noteBody },
    refuses: ['unknown-account', 'not-ready'],
    handle: async ({ params, body, actor, reply }, side: DecisionSide) =>
      state(side, reply, { accountId: params.id, author: actor?.name ?? '', kind: 'pulse', text: body.pulse }),
  }),
];

async function state(side: DecisionSide, reply: FastifyReply, said: Omit<NoteBody, 'time'>): Promise<FastifyReply> {
  const { landing, clock, onLanded } = side;
  const { accountId, author, kind, text } = said;
  expectAccount(side, accountId);
  const time = clock();
  const properties = { author, kind, text: text.replace(/\p{Surrogate}/gu, '?') };
  await landing.land([{ into: 'notes', account_id: accountId, properties, time }], time, Buffer.byteLength(text));
  onLanded();
  return reply.code(201).send({ ...said, time: new Date(time).toISOString() });
}

function expectAccount({ book, isReady }: DecisionSide, accountId: string): void {
  if (book.account(accountId) !== null) return;
  if (!isReady()) throw new Failure('not-ready', 'Accounts have not been computed since the start.');
  throw new Failure('unknown-account', `There is no account ${accountId}.`);
}

const tagOf = (overrideId: number): string => `"override-${overrideId}"`;

/** The override that a request takes for granted: a number, null for none, undefined for whatever there is. */
function expectedOf({ headers }: FastifyRequest): number | null | undefined {
  const match = headers['if-match'];
  if (match === undefined || match === '*') return headers['if-none-match'] === '*' ? null : undefined;
  const id = /^"override-(\d{1,15})"$/.exec(match)?.[1];
  return id === undefined ? -1 : Number(id);
}
