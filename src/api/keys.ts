import type { FastifyInstance } from 'fastify';
import { Failure } from '../model/failure.ts';
import type { Authorise } from './authorise.ts';
import { type KeyRing, SCOPES, type Scope } from './key.ts';

/** What the routes of keys work with. */
export interface KeysOptions {
  readonly keys: KeyRing;
  readonly authorise: Authorise;
}

const CREATE = {
  type: 'object',
  required: ['name', 'scope'],
  additionalProperties: false,
  properties: { name: { type: 'string', minLength: 1, maxLength: 200 }, scope: { enum: [...SCOPES] } },
} as const;
const KEY_ID = { type: 'object', required: ['id'], properties: { id: { type: 'integer', minimum: 1 } } } as const;

/** Keys of machines: listed, made (shown once) and revoked by an administrator. */
export async function keyRoutes(app: FastifyInstance, { keys, authorise }: KeysOptions): Promise<void> {
  const onRequest = authorise('admin');
  app.get('/api/v1/keys', { onRequest }, async () => ({ keys: await keys.list() }));
  app.post<{ Body: { name: string; scope: Scope } }>(
    '/api/v1/keys',
    { onRequest, schema: { body: CREATE } },
    async (request, reply) => {
      const { name, scope } = request.body;
      const { key, entry } = await keys.create(name, scope, request.bearer?.name ?? '');
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...entry, key });
    },
  );
  app.delete<{ Params: { id: number } }>(
    '/api/v1/keys/:id',
    { onRequest, schema: { params: KEY_ID } },
    async (request, reply) => {
      if (!(await keys.revoke(request.params.id))) {
        throw new Failure('unknown-key', `There is no key ${request.params.id} that is still good.`);
      }
      return reply.code(204).send();
    },
  );
}
