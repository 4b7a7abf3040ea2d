import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Action, Actor } from './access.ts';
import type { ProblemCode } from './problem.ts';
import type { Said } from './said.ts';

/** What a request asks, as it was checked against the schemas of its route. */
export interface Asked<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Who asks; null on a route that is open to everybody. */
  readonly actor: Actor | null;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** An answer that is no JSON: of a type of its own, or without a body. */
interface PlainAnswer {
  readonly description: string;
  /** Media type; null: it has no body. */
  readonly type: string | null;
}

/** What is answered under one status: a schema of JSON, or another answer. */
export type Answer = z.ZodType | PlainAnswer;

/** Groups of routes, as the document shows them. */
type Group = keyof typeof GROUPS;

/** What each group is about. */
export const GROUPS = {
  tracking: 'Events as SDKs of the Segment protocol send them',
  product: 'Answers to the product: what to show a user, flags, the stream of moves',
  accounts: 'What is said of accounts, and why',
  users: 'What is said of users',
  data: 'What arrives: calls, imports, freshness, the quarantine',
  segments: 'Segments, and the moves between them',
  evidence: 'Whether any of it is true',
  model: 'The model and its versions',
  keys: 'Keys of machines',
  people: 'Operators, their sessions and what they did',
  operation: 'Health, metrics, backups, erasure, setting up',
} as const;

/**
 * How much of a route one asker may use: `answer` is from memory and for products, `read` for people and scripts, `write`
 * changes something, `heavy` computes for seconds; `guess` counts by address, for what could be guessed; `none` has
 * another way to say that it is too much.
 */
export type Load = 'none' | 'answer' | 'read' | 'write' | 'heavy' | 'guess';

/** Where a route reads its bodies otherwise than as JSON: a scope of the server with parsers of its own. */
export interface Door {
  readonly name: string;
  /** Media types of bodies, as the document names them. */
  readonly reads: readonly string[];
  readonly prepare: (app: FastifyInstance) => void | Promise<void>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Whether something is changed, and what: the subject of an entry of the audit log, never a secret. */
type Change<Question> =
  | { readonly method: 'GET'; readonly changes?: never }
  | { readonly method: Exclude<Method, 'GET'>; readonly changes: null | ((asked: Question) => string) };

interface Common {
  /** Name of the operation, and of the action in the audit log: `holds.decide`. */
  readonly name: string;
  /** As Fastify writes it: `/api/v1/accounts/:id`. */
  readonly path: string;
  readonly group: Group;
  readonly summary: string;
  readonly description?: string;
  /** What one must be allowed to call it. */
  readonly may: Action;
  readonly load: Load;
  readonly door?: Door;
  /** Most bytes of a body; absent: what the server takes. */
  readonly bodyLimit?: number;
  /** What it refuses, besides what every route does. */
  readonly refuses: readonly ProblemCode[];
  /** Headers of its answers, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether its answers carry an ETag, so that 304 is one of them; absent: those of a GET that are JSON. */
  readonly isTagged?: boolean;
  /** Whether the schema of the body is for the document alone: the handler reads it part by part, and refuses so. */
  readonly isBodyUnchecked?: true;
  /** Whether its answer holds a secret that is shown once, and kept nowhere. */
  readonly isSecret?: true;
  /** Says refusals in the words of another protocol. */
  readonly refuseBy?: (error: Error, request: FastifyRequest, reply: FastifyReply) => FastifyReply;
}

/**
 * Takes a body that is no JSON before the handler, and answers a word for what it holds: by it one request is told from another
 * under the same Idempotency-Key.
 */
type Take<Needs> = (request: FastifyRequest, reply: FastifyReply, needs: Needs) => Promise<string>;

type SaidBy<Answers> = { [Status in keyof Answers]: Answers[Status] extends z.ZodType ? Said<Answers[Status]> : never };

/** A route as it is written down: with the types of what it asks and answers. */
type RouteRecord<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answers extends Readonly<Record<number, Answer>>,
  Needs,
> = Common &
  Change<Asked<z.output<Params>, z.output<Query>, z.output<Body>>> & {
    readonly params?: Params;
    readonly query?: Query;
    readonly body?: Body;
    readonly answers: Answers;
    readonly take?: Take<Needs>;
    readonly handle: (
      asked: Asked<z.output<Params>, z.output<Query>, z.output<Body>>,
      needs: Needs,
    ) => Promise<SaidBy<Answers>[keyof Answers] | FastifyReply>;
  };

/** A route: one record, of which the server, the document, the table of access and the audit log are made. */
export interface Route<Needs> extends Common {
  readonly method: Method;
  readonly changes?: null | ((asked: Asked<never, never, never>) => string);
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly answers: Readonly<Record<number, Answer>>;
  readonly take?: Take<Needs>;
  readonly handle: (asked: Asked<never, never, never>, needs: Needs) => Promise<unknown>;
}

/** Writes a route down; what its handler is given and says is checked against the schemas. */
export function route<
  Needs,
  Answers extends Readonly<Record<number, Answer>>,
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>(record: RouteRecord<Params, Query, Body, Answers, Needs>): Route<Needs> {
  return record;
}

/** Whether the answers of a route carry an ETag. */
export function isTagged({ method, answers, load, isTagged: said }: Route<never>): boolean {
  const { 200: good } = answers;
  return said ?? (method === 'GET' && load !== 'none' && good !== undefined && isJson(good));
}

/** Whether a request may come without a body though there is a schema of one. */
export function isBodyOptional({ body }: Pick<Route<never>, 'body'>): boolean {
  return body?.safeParse(undefined).success === true;
}

/** Whether an answer is JSON that a schema describes. */
export function isJson(answer: Answer): answer is z.ZodType {
  return '_zod' in answer;
}
