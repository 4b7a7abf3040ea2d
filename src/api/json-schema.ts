import { z } from 'zod';

/** JSON Schema as it is handed to Fastify and to the document. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** A schema in JSON Schema, and the named ones it refers to as `Name#`. */
export interface WrittenSchema {
  readonly schema: JsonSchema;
  readonly named: ReadonlyMap<string, JsonSchema>;
}

/**
 * Writes a zod schema as JSON Schema that the validator, the serialiser and OpenAPI 3.1 read alike.
 *
 * A schema with an `id` in its meta becomes a named one. `input` is what is sent to us, `output` what we say. What only zod
 * can check (refinements, transforms) has no place in a schema of this folder: nobody else would know of it.
 */
export function writeSchema(schema: z.ZodType, io: 'input' | 'output'): WrittenSchema {
  const { $defs = {}, ...root } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' }) as {
    $defs?: Record<string, unknown>;
  };
  const named = Object.entries($defs).map(([id, each]) => [id, plain(each) as JsonSchema] as const);
  return { schema: plain(root) as JsonSchema, named: new Map(named) };
}

type Keywords = Record<string, unknown>;

/** The same in words that draft 7 and 2020-12 share, without what zod adds of its own. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const { $schema: _, propertyNames: __, readOnly: ___, ...kept } = value;
  const keywords = Object.fromEntries(Object.entries(kept).map(([key, each]) => [key, part(key, each)])) as Keywords;
  if (typeof keywords['$ref'] === 'string') keywords['$ref'] = keywords['$ref'].replace(/^#\/\$defs\/(.+)$/, '$1#');
  return nullable(tuple(keywords));
}

const isObject = (value: unknown): value is Keywords => typeof value === 'object' && value !== null;

function part(key: string, value: unknown): unknown {
  if (isData(key)) return value;
  if (key !== 'properties' || !isObject(value)) return plain(value);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

/** Keywords whose value is data, and no schema. */
const isData = (key: string): boolean => ['default', 'enum', 'const', 'example', 'examples', 'required'].includes(key);

/** A list of so many alike in place of a tuple, which draft 7 writes otherwise. */
function tuple(keywords: Keywords): Keywords {
  const { prefixItems, ...rest } = keywords;
  if (!Array.isArray(prefixItems)) return keywords;
  const [first, ...others] = prefixItems.map((each) => JSON.stringify(each));
  if (first === undefined || others.some((other) => other !== first)) {
    throw new Error('a tuple of different parts has no place in a schema here: say it as an object');
  }
  return { ...rest, items: prefixItems[0], minItems: prefixItems.length, maxItems: prefixItems.length };
}

/** `type: [x, y]` in place of a choice between plain types, and between anything and null. */
function nullable(keywords: Keywords): Keywords {
  const { anyOf, ...rest } = keywords;
  if (!Array.isArray(anyOf)) return keywords;
  const types = (anyOf as Keywords[]).map((each) => (Object.keys(each).length === 1 ? each['type'] : undefined));
  if (types.every((type) => typeof type === 'string')) return { ...rest, type: types };
  if (anyOf.length !== 2) return keywords;
  const [is, orNull] = anyOf as Keywords[];
  if (is === undefined || orNull?.['type'] !== 'null' || typeof is['type'] !== 'string') return keywords;
  const choices = Array.isArray(is['enum']) ? { enum: [...is['enum'], null] } : {};
  return { ...is, ...choices, ...rest, type: [is['type'], 'null'] };
}
