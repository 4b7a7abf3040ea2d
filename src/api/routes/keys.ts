import { Failure } from '../../model/failure.ts';
import { doerOf } from '../audit.ts';
import type { KeyRing } from '../key.ts';
import { type Route, route } from '../route.ts';
import { keysBody, keyToMake, madeKeyBody } from '../schema/key.ts';
import { ofNumber } from '../schema/words.ts';

/** What the routes of keys work with. */
export interface KeysSide {
  readonly keys: KeyRing;
}

/** Keys of machines: listed, made (shown once) and revoked by an administrator. */
export const KEY_ROUTES: readonly Route<KeysSide>[] = [
  route({
    name: 'keys.list',
    method: 'GET',
    path: '/api/v1/keys',
    group: 'keys',
    summary: 'Every key ever made, the latest first; never the key itself',
    may: 'keys.manage',
    load: 'read',
    answers: { 200: keysBody },
    refuses: [],
    handle: async (_, { keys }: KeysSide) => ({ keys: await keys.list() }),
  }),
  route({
    name: 'keys.create',
    isSecret: true,
    method: 'POST',
    path: '/api/v1/keys',
    group: 'keys',
    summary: 'Makes a key; the answer is the only place where it is ever shown',
    may: 'keys.manage',
    load: 'write',
    changes: ({ body }) => `${body.scope} key ${body.name}`,
    body: keyToMake,
    answers: { 201: madeKeyBody },
    refuses: ['no-name'],
    handle: async ({ body: { name, scope }, actor, reply }, { keys }: KeysSide) => {
      const { key, entry } = await keys.create(name, scope, doerOf(actor).who);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...entry, key });
    },
  }),
  route({
    name: 'keys.revoke',
    method: 'DELETE',
    path: '/api/v1/keys/:id',
    group: 'keys',
    summary: 'Ends a key; other processes refuse it within five seconds',
    may: 'keys.manage',
    load: 'write',
    changes: ({ params }) => `key ${params.id}`,
    params: ofNumber,
    answers: { 204: { description: 'It was ended', type: null } },
    refuses: ['unknown-key'],
    handle: async ({ params: { id }, reply }, { keys }: KeysSide) => {
      if (!(await keys.revoke(id))) throw new Failure('unknown-key', `There is no key ${id} that is still good.`);
      return reply.code(204).send();
    },
  }),
];
