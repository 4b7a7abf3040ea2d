import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema, RouteOptions } from 'fastify';
import type { z } from 'zod';
import { Failure } from '../model/failure.ts';
import type { Actor } from './access.ts';
import { accessTo } from './access.ts';
import { authoriseBy, type Recognise } from './authorise.ts';
import { OPTIONAL_BODY } from './document.ts';
import { tagAnswer } from './etag.ts';
import type { IdempotentRequests } from './idempotency.ts';
import { type JsonSchema, writeSchema } from './json-schema.ts';
import { type ProblemCode, problemKind } from './problem.ts';
import { sharedCounts } from './rate-store.ts';
import {
  type Answer,
  type Asked,
  type Door,
  isBodyOptional,
  isJson,
  isTagged,
  type Load,
  type Route,
} from './route.ts';
import { problemBody } from './schema/problem.ts';

/** Requests of one asker in a minute, by what they cost. */
export type Limits = Readonly<Record<Exclude<Load, 'none'>, number>>;

/** What one asker may ask in a minute where nobody says otherwise. */
const LIMITS: Limits = { answer: 120_000, read: 600, write: 300, heavy: 30, guess: 10 };

/** How routes are registered. */
export interface Registration<Needs> {
  readonly routes: readonly Route<Needs>[];
  readonly needs: Needs;
  readonly recognisers: readonly Recognise[];
  readonly limits?: Partial<Limits>;
  /** Milliseconds; by it requests are counted, those of a class together. Absent: those of a route, by the library's. */
  readonly clock?: () => number;
  /** Keeps answers of requests that may be sent again; absent: no request has an Idempotency-Key. */
  readonly idempotency?: IdempotentRequests;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The record of the route, for hooks that look at every request. */
    readonly record?: Route<never>;
  }
}

const MINUTE = 60_000;

/**
 * Makes a server of records: schemas that check and serialise, who may call, how often, and what the document tells.
 *
 * Whoever comes without leave is refused before a body is read. Every refusal that can happen on a route is in its schema.
 */
export async function registerRoutes<Needs>(app: FastifyInstance, registration: Registration<Needs>): Promise<void> {
  const { routes, limits = {}, clock } = registration;
  for (const name of ['actor', 'kept']) if (!app.hasRequestDecorator(name)) app.decorateRequest(name, null);
  const counts = clock === undefined ? {} : { store: sharedCounts(clock) };
  await app.register(rateLimit, { global: false, enableDraftSpec: true, timeWindow: MINUTE, ...counts });
  const most = { ...LIMITS, ...limits };
  const written = routes.map((route) => optionsOf(route, registration, most));
  const named = new Map(written.flatMap(({ names }) => [...names]));
  for (const [id, schema] of named) app.addSchema({ $id: id, ...schema });
  const doors = new Set(routes.map(({ door }) => door));
  for (const door of doors) {
    const behind = written.filter((_, index) => routes[index]?.door === door).map(({ options }) => options);
    if (door === undefined) for (const options of behind) app.route(options);
    else await app.register((scope) => openDoor(scope, door, behind));
  }
}

async function openDoor(scope: FastifyInstance, door: Door, behind: readonly RouteOptions[]): Promise<void> {
  await door.prepare(scope);
  for (const options of behind) scope.route(options);
}

interface Written {
  readonly options: RouteOptions;
  readonly names: ReadonlyMap<string, JsonSchema>;
}

function optionsOf<Needs>(route: Route<Needs>, registration: Registration<Needs>, limits: Limits): Written {
  const { needs, recognisers, idempotency } = registration;
  const { schema, names } = schemaOf(route);
  const { load, refuseBy, bodyLimit, isBodyUnchecked, door } = route;
  const isStreamed = Object.values(route.answers).some((each) => !isJson(each) && each.type === 'text/event-stream');
  const limited = load === 'none' ? {} : { rateLimit: limitOf(load, limits[load]) };
  const options: RouteOptions = {
    method: route.method,
    url: route.path,
    schema,
    config: { record: route as Route<never>, ...limited },
    onRequest: [authoriseBy(recognisers, route.may)],
    ...(door === undefined ? { preValidation: refuseNulIn(route) } : {}),
    // A HEAD of a stream would stay open for nothing.
    ...(isStreamed ? { exposeHeadRoute: false } : {}),
    ...(refuseBy === undefined ? {} : { errorHandler: refuseBy }),
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    ...(isBodyUnchecked === true ? { validatorCompiler: () => () => true } : {}),
    ...(isTagged(route) ? { onSend: tagAnswer } : {}),
    ...takenOnce(route, needs, idempotency),
    handler: async (request, reply) => {
      const { params, query, body, actor } = request;
      const asked: Asked<unknown, unknown, unknown> = { params, query, body, actor, request, reply };
      return route.handle(asked as Asked<never, never, never>, needs);
    },
  };
  return { options, names };
}

/** Whether a request changes something, may be sent again, and is known by who sent it. */
function isRepeatable({ method, changes, may }: Route<never>): boolean {
  return method === 'POST' && changes !== null && accessTo(may).isOpen !== true;
}

/** Takes a body that the handler would read itself, and does a request with an Idempotency-Key once. */
function takenOnce<Needs>(
  route: Route<Needs>,
  needs: Needs,
  idempotency: IdempotentRequests | undefined,
): Pick<RouteOptions, 'preHandler' | 'onSend'> {
  const { take, isSecret = false } = route;
  const taken = (request: FastifyRequest, reply: FastifyReply) => take?.(request, reply, needs) ?? Promise.resolve('');
  if (idempotency === undefined || !isRepeatable(route)) {
    if (take === undefined) return {};
    return {
      preHandler: async (request, reply) => {
        await taken(request, reply);
      },
    };
  }
  return {
    preHandler: async (request, reply) => {
      const word = await taken(request, reply);
      return (await idempotency.replay(request, reply, word)) ? reply : undefined;
    },
    onSend: async (request, reply, payload) => idempotency.keep(request, reply, payload, isSecret),
  };
}

/** No text of ours may hold a NUL: one of the engines has no place for it. */
function refuseNulIn(route: Route<never>) {
  const isAsked = [route.params, route.query, route.body].map((schema) => schema !== undefined);
  return async ({ params, query, body }: FastifyRequest): Promise<void> => {
    const asked = [params, query, body].filter((_, place) => isAsked[place]);
    if (!JSON.stringify(asked).includes('\\u0000')) return;
    throw new Failure('bad-request', 'There is a NUL character in it. Leave it out.');
  };
}

function limitOf(load: Exclude<Load, 'none'>, max: number) {
  return {
    max,
    groupId: load,
    keyGenerator: ({ actor, ip }: { readonly actor: Actor | null; readonly ip: string }) =>
      actor === null || load === 'guess' ? ip : `${actor.kind} ${actor.id}`,
  };
}

/** Codes of what every route may refuse, by what it is like. */
function refusedBy(route: Route<never>): readonly ProblemCode[] {
  const { refuses, may, load, body, params, query } = route;
  const isOpen = accessTo(may).isOpen === true;
  const reads = body === undefined ? [] : (['bad-request', 'too-large', 'wrong-type'] as const);
  const asks = params === undefined && query === undefined ? [] : (['bad-request'] as const);
  const all: readonly ProblemCode[] = [
    ...refuses,
    ...reads,
    ...asks,
    ...(isOpen ? [] : (['no-key', 'not-allowed'] as const)),
    ...(load === 'none' ? [] : (['too-many'] as const)),
    ...(isRepeatable(route) ? (['key-reused', 'still-running'] as const) : []),
    ...(route.isSecret === true ? (['answered-once'] as const) : []),
    'internal',
  ];
  return [...new Set(all)];
}

function schemaOf(route: Route<never>): { readonly schema: FastifySchema; readonly names: Map<string, JsonSchema> } {
  const names = new Map<string, JsonSchema>();
  const write = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => {
    const { schema: root, named } = writeSchema(schema, io);
    for (const [id, each] of named) names.set(id, each);
    return root;
  };
  const { params, query, body, answers, door, group, summary, description, name, may } = route;
  const response: Record<string, JsonSchema> = {
    ...(isTagged(route) ? { 304: { description: 'The asker has it already', type: 'null' } } : {}),
    ...refusals(refusedBy(route), write(problemBody, 'output')),
  };
  for (const [status, answer] of Object.entries(answers)) {
    const own = answered(route, answer, write);
    // A protocol of its own says refusals in its own words, and problem+json where the server refuses before it.
    response[status] = { ...own, ...both(own, response[status]) };
  }
  const types = door?.reads ?? [];
  const sent = body === undefined ? null : write(body, 'input');
  const schema: Record<string, unknown> = {
    operationId: name,
    tags: [group],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(route),
    ...(params === undefined ? {} : { params: write(params, 'input') }),
    ...(query === undefined ? {} : { querystring: write(query, 'input') }),
    ...headersOf(route),
    ...(sent === null ? {} : { body: sent, ...(types.length === 0 ? {} : { consumes: types }) }),
    response,
    'x-may': may,
    ...(isBodyOptional(route) ? { [OPTIONAL_BODY]: true } : {}),
  };
  return { schema: schema as FastifySchema, names };
}

/** Headers that a request may carry, as the document tells them. */
function headersOf(route: Route<never>): object {
  const headers = {
    ...(isTagged(route) ? { 'if-none-match': 'ETag of the answer that you have: 304 where it still holds' } : {}),
    ...(isRepeatable(route) ? { 'idempotency-key': 'The same for the same request, so that it is done once' } : {}),
    ...(route.refuses.includes('changed-meanwhile') ? { 'if-match': 'ETag of what you saw; otherwise 412' } : {}),
  };
  const names = Object.entries(headers);
  if (names.length === 0) return {};
  const properties = names.map(([name, description]) => [name, { type: 'string', description }] as const);
  return { headers: { type: 'object', properties: Object.fromEntries(properties) } };
}

function both(own: JsonSchema, refused: JsonSchema | undefined): JsonSchema {
  if (refused === undefined || own['content'] === undefined) return {};
  return { content: { ...(own['content'] as object), ...(refused['content'] as object) } };
}

function answered(
  route: Route<never>,
  answer: Answer,
  write: (schema: z.ZodType, io: 'output') => JsonSchema,
): JsonSchema {
  const headers = Object.fromEntries(
    Object.entries(route.headers ?? {}).map(([name, description]) => [name, { type: 'string', description }]),
  );
  const withHeaders = Object.keys(headers).length === 0 ? {} : { headers };
  if (!isJson(answer)) {
    const { description, type } = answer;
    if (type === null) return { description, type: 'null', ...withHeaders };
    return { description, content: { [type]: { schema: { type: 'string' } } }, ...withHeaders };
  }
  const description = answer.meta()?.description ?? route.summary;
  return { description, content: { 'application/json': { schema: write(answer, 'output') } }, ...withHeaders };
}

/** One answer for each status; what is refused with it is told in words. */
function refusals(codes: readonly ProblemCode[], schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const titles = new Map<number, readonly string[]>();
  for (const { status, title } of codes.map(problemKind)) titles.set(status, [...(titles.get(status) ?? []), title]);
  const content = { 'application/problem+json': { schema } };
  return Object.fromEntries(
    [...titles].map(([status, all]) => [String(status), { description: all.join('; '), content }]),
  );
}

function securityOf({ may }: Route<never>): readonly Readonly<Record<string, readonly string[]>>[] {
  const { isOpen, keys, scopes, role } = accessTo(may);
  if (isOpen === true) return scopes.length === 0 ? [] : [{ writeKey: [] }];
  return [...(keys === 'nobody' ? [] : [{ key: [] }]), ...(role === null ? [] : [{ session: [] }])];
}
