import { generateSync } from 'json-schema-faker';
import { z } from 'zod';

const schemaObject = z.record(z.string(), z.unknown());
const parameter = z.looseObject({ name: z.string(), in: z.enum(['path', 'query', 'header']), schema: schemaObject });
const content = z.record(z.string(), z.looseObject({ schema: schemaObject }));
const operation = z.looseObject({
  operationId: z.string(),
  parameters: z.array(parameter).default([]),
  requestBody: z.looseObject({ content }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: content.optional() })),
});

/** The document as a server tells it, as far as requests are made from it. */
export const documentSchema = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: schemaObject }),
});

/** The document of a server. */
export type Document = z.infer<typeof documentSchema>;

/** One operation of a document. */
export interface Operation extends z.infer<typeof operation> {
  readonly method: string;
  readonly path: string;
}

/** A request as it was generated. */
export interface GeneratedRequest {
  readonly operation: Operation;
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

/** Every operation of a document. */
export function operationsOf({ paths }: Document): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]) => ({ ...each, method: method.toUpperCase(), path })),
  );
}

/** A generator of numbers below a bound, the same for the same seed (mulberry32). */
export function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const STRANGE: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  2 ** 60,
  '',
  ' ',
  'x'.repeat(3_000),
  '\u0000',
  '\ud83d\ude00',
  "' OR 1=1; --",
  '../../etc/passwd',
  '2026-13-45',
  '0000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '__proto__',
  [],
  {},
  [[[[[]]]]],
  { constructor: { prototype: { polluted: 1 } } },
];
const KNOWN: readonly string[] = ['acme', 'segment', 'ada', 'Quiet', 'At-Risk', '2026-03-09', '1'];

/** Characters of a text that is made. */
const LONGEST = 40;

/** How far a request strays from the document. */
export type Manner = 'valid' | 'nearly' | 'wild';

/** Makes one request of an operation from its schemas. */
export function generateRequest(
  document: Document,
  operation: Operation,
  manner: Manner,
  seed: number,
): GeneratedRequest {
  const pick = chance(seed);
  const one = <T>(list: readonly T[]): T => list[pick(list.length)] as T;
  const make = (schema: Record<string, unknown>): unknown =>
    generateSync(
      withShortTexts({ ...schema, components: { schemas: schemasIn(document, schema) } }) as never,
      { seed: pick(1_000_000), optionalsProbability: 0.5, maxItems: 4, maxLength: LONGEST } as never,
    );
  const value = (schema: Record<string, unknown>): unknown => {
    const isText = schema['type'] === 'string' && schema['enum'] === undefined;
    if (manner === 'wild' || (manner === 'nearly' && pick(4) === 0)) return one(STRANGE);
    const [example] = (schema['examples'] as unknown[] | undefined) ?? [];
    if (example !== undefined && pick(2) === 0) return example;
    return isText && pick(2) === 0 ? one(KNOWN) : make(schema);
  };
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  let path = operation.path;
  for (const { name, in: place, schema: own, example, ['required']: isRequired } of operation.parameters) {
    const schema = example === undefined ? own : { ...own, examples: [example] };
    const said = textOf(value(schema));
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(wellFormed(said)).slice(0, 900));
    else if (isRequired !== true && pick(3) > 0) continue;
    else if (place === 'query') query.append(name, wellFormed(said));
    else headers[name] = said.replace(/[^\x20-\x7e]/g, '?').slice(0, 500);
  }
  if (manner === 'wild' && pick(3) === 0)
    query.append(one(['cursor', 'limit', 'q', '__proto__']), textOf(one(STRANGE)));
  const sent = bodyOf(document, operation, manner, make, one, pick);
  if (sent !== null) headers['content-type'] = sent.type;
  const asked = query.size === 0 ? '' : `?${query}`;
  return { operation, url: `${path}${asked}`, method: operation.method, headers, body: sent?.text ?? null };
}

/** The generator makes a text as long as its schema allows, and cuts it then. */
const withShortTexts = (schema: Record<string, unknown>): Record<string, unknown> =>
  JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'maxLength' && typeof value === 'number' ? Math.min(value, LONGEST) : value,
  ) as Record<string, unknown>;

/** The named schemas that a schema speaks of, also by way of others: the generator copies whatever it is given, each time. */
function schemasIn({ components }: Document, schema: unknown): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const look = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const name = nameIn(part);
    if (name !== undefined && !(name in found)) {
      found[name] = components.schemas[name];
      look(found[name]);
    }
    for (const each of Object.values(part)) look(each);
  };
  look(schema);
  return found;
}

const nameIn = (schema: object): string | undefined =>
  /^#\/components\/schemas\/(.+)$/.exec('$ref' in schema ? String(schema.$ref) : '')?.[1];

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '?');

function examplesOf({ components }: Document, schema: Record<string, unknown>): readonly unknown[] {
  const name = nameIn(schema);
  const { examples } = (name === undefined ? schema : components.schemas[name]) as { examples?: readonly unknown[] };
  return examples ?? [];
}

function bodyOf(
  document: Document,
  { requestBody }: Operation,
  manner: Manner,
  make: (schema: Record<string, unknown>) => unknown,
  one: <T>(list: readonly T[]) => T,
  pick: (below: number) => number,
): { readonly type: string; readonly text: string } | null {
  if (requestBody === undefined) return null;
  const types = Object.keys(requestBody.content);
  const type =
    manner === 'wild' && pick(6) === 0 ? one(['text/csv', 'application/xml', 'multipart/form-data']) : one(types);
  const { schema } = requestBody.content[type] ?? requestBody.content[types[0] ?? ''] ?? { schema: {} };
  if (type.startsWith('multipart/')) return { type, text: '--x\r\n' };
  if (manner === 'wild') return { type, text: pick(3) === 0 ? '{"a":' : JSON.stringify(one(STRANGE)) };
  const [example] = examplesOf(document, schema);
  const whole = example !== undefined && pick(2) === 0 ? example : make(schema);
  if (manner === 'valid' || typeof whole !== 'object' || whole === null) return { type, text: JSON.stringify(whole) };
  const keys = Object.keys(whole);
  const changed = { ...whole, [pick(3) === 0 ? 'unheard_of' : (keys[pick(keys.length)] ?? 'x')]: one(STRANGE) };
  return { type, text: JSON.stringify(changed) };
}
