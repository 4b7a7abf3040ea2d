import { z } from 'zod';
import { writeJsonSchema } from '../../definition/json_schema.ts';

const nodeSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  required: z.array(z.string()).optional(),
});

type Node = z.infer<typeof nodeSchema>;

interface Line {
  readonly path: string;
  readonly kind: string;
  readonly isRequired: boolean;
  readonly meaning: string;
}

const rootSchema = nodeSchema.extend({ definitions: z.record(z.string(), z.unknown()).default({}) });

/** docs/reference/model.md: every key of `bellwether.yaml`, from its published JSON Schema. */
export function modelPage(): string {
  const root = rootSchema.parse(JSON.parse(writeJsonSchema()));
  const lines = new Map<string, Line>();
  const resolve = (raw: unknown): Node => {
    const node = nodeSchema.parse(raw);
    const name = node.$ref?.replace('#/definitions/', '');
    const inner = name === undefined ? (node.allOf?.length === 1 ? node.allOf[0] : undefined) : root.definitions[name];
    if (inner === undefined) return node;
    const { $ref: _, allOf: __, ...own } = node;
    return { ...resolve(inner), ...own };
  };
  const walk = (raw: unknown, path: string, isRequired: boolean): void => {
    const node = resolve(raw);
    const variants = variantsOf(node, resolve);
    if (path !== '' && !lines.has(path)) {
      const meaning =
        node.description ?? variants.find(({ description }) => description !== undefined)?.description ?? '';
      lines.set(path, { path, kind: kindsOf(variants), isRequired, meaning });
    }
    for (const variant of variants) {
      for (const [name, inner] of Object.entries(variant.properties ?? {})) {
        walk(inner, path === '' ? name : `${path}.${name}`, variant.required?.includes(name) ?? false);
      }
      if (variant.items !== undefined) walkInside(variant.items, `${path}[]`);
      if (typeof variant.additionalProperties === 'object') walkInside(variant.additionalProperties, `${path}.<name>`);
    }
  };
  /** Members of a list or map: those that are plain need no line of their own. */
  const walkInside = (raw: unknown, path: string): void => {
    const variants = variantsOf(resolve(raw), resolve);
    if (variants.some(({ properties }) => properties !== undefined)) walk(raw, path, false);
  };
  walk(root, '', false);
  return writePage([...lines.values()]);
}

function variantsOf(node: Node, resolve: (raw: unknown) => Node): readonly Node[] {
  if (node.anyOf === undefined) return [node];
  return node.anyOf
    .map(resolve)
    .flatMap((inner) => variantsOf(inner, resolve))
    .filter(({ type }) => type !== 'null');
}

function kindsOf(variants: readonly Node[]): string {
  return [...new Set(variants.map(kindOf))].filter((kind) => kind !== '').join(' or ');
}

function kindOf(node: Node): string {
  if (node.enum !== undefined) return node.enum.map(String).join(', ');
  if (node.const !== undefined) return String(node.const);
  const types = (Array.isArray(node.type) ? node.type : [node.type ?? '']).filter((type) => type !== 'null');
  return types.map((type) => WORDS[type] ?? type).join(' or ');
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'list',
  object: 'map',
  boolean: 'true or false',
  integer: 'whole number',
};

function writePage(lines: readonly Line[]): string {
  const rows = lines.map(
    ({ path, kind, isRequired, meaning }) =>
      `| \`${path}\` | ${kind.replaceAll('|', '\\|')} | ${isRequired ? 'yes' : ''} | ${meaning.replaceAll('|', '\\|')} |`,
  );
  return [
    '# The model file',
    '',
    'Every key of `bellwether.yaml`. `bellwether init` writes one with all defaults and comments; editors complete it by the',
    'schema beside it. What is left out takes the shipped default. Conditions are the WHERE clause of SQL over',
    '[signals](signals.md), attributes, bands and classes.',
    '',
    '`[]` is each member of a list, `<name>` a name of your own.',
    '',
    '| key | is | required | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
