import { z } from 'zod';
import type { Diagnostic } from '../model/diagnostic.ts';
import { didYouMean, nearest } from '../rule/nearest.ts';
import type { ModelDocument, Path } from './document.ts';
import { MODEL_SCHEMA, type RawModel } from './schema.ts';

type Issue = z.core.$ZodIssue;

/** Passes over a file: each takes out what is at fault, so that the rest is judged too. */
const MAX_PASSES = 50;

/** An unknown key this near to a known one is taken for a slip of the fingers. */
const SLIP_SHARE = 0.2;

/**
 * The file's content in the right shape, with what does not fit taken out and reported, all of it at once.
 *
 * An unknown key that looks like a slip is an error, any other a warning: it is ignored, and the author should know.
 */
export function readShape(document: ModelDocument): { raw: RawModel; diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const removed = new Set<string>();
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const content = document.content() ?? {};
    const parsed = MODEL_SCHEMA.safeParse(content);
    if (parsed.success) return { raw: parsed.data, diagnostics };
    const issues = parsed.error.issues.flatMap((issue) => plainIssues(issue, []));
    const fresh = issues.filter((issue) => !removed.has(JSON.stringify(issue.path)));
    diagnostics.push(...fresh.flatMap((issue) => diagnose(issue, document)));
    const paths = pathsToRemove(issues);
    const isShorter = paths.map((path) => removeOrParent(document, path)).some(Boolean);
    for (const path of paths) removed.add(JSON.stringify(path));
    if (!isShorter) break;
  }
  return { raw: {}, diagnostics };
}

/** Of a union the branch that fits best speaks: the one whose faults lie deepest, then the one with fewest. */
function plainIssues(issue: Issue, base: Path): readonly Issue[] {
  const path = [...base, ...issue.path] as (string | number)[];
  if (issue.code !== 'invalid_union') return [{ ...issue, path }];
  const branches = issue.errors.map((errors) => errors.flatMap((inner) => plainIssues(inner, path)));
  const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map((inner) => inner.path.length));
  const isShapeOnly = branches.every((issues) =>
    issues.every((inner) => inner.code === 'invalid_type' && inner.path.length === path.length),
  );
  if (isShapeOnly) {
    const wanted = [
      ...new Set(branches.flat().map((inner) => (inner.code === 'invalid_type' ? inWords(inner.expected) : ''))),
    ];
    return [{ code: 'custom', path, message: `expected ${wanted.join(' or ')}`, input: issue.input }];
  }
  const fitting = branches.filter(
    (issues) => !issues.some((inner) => inner.code === 'invalid_type' && inner.path.length === path.length),
  );
  const sorted = (fitting.length > 0 ? fitting : branches).toSorted(
    (a, b) => depth(b) - depth(a) || a.length - b.length,
  );
  return sorted[0] ?? [];
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
  int: 'a whole number',
};

function inWords(expected: string): string {
  return WORDS[expected] ?? expected;
}

function diagnose(issue: Issue, document: ModelDocument): readonly Diagnostic[] {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(document, path, key));
  const place = document.placeOf(path);
  const field = path.at(-1);
  const key = typeof field === 'number' ? `item ${field + 1}` : `\`${String(field ?? 'the file')}\``;
  if (issue.code === 'invalid_type' && issue.message.includes('received undefined')) {
    return [{ code: 'missing-key', severity: 'error', message: `it needs ${key}`, place }];
  }
  const advice =
    issue.code === 'invalid_value' ? didYouMean(String(document.valueAt(path)), issue.values.map(String)) : undefined;
  const suggestion = advice === undefined ? {} : { suggestion: advice };
  return [{ code: 'wrong-shape', severity: 'error', message: `${key}: ${messageOf(issue)}`, place, ...suggestion }];
}

function messageOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return `expected ${inWords(issue.expected)}`;
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small')
    return `must be ${issue.inclusive === true ? 'at least' : 'above'} ${String(issue.minimum)}`;
  if (issue.code === 'too_big')
    return `must be ${issue.inclusive === true ? 'at most' : 'below'} ${String(issue.maximum)}`;
  return issue.message;
}

const IN_MOTION = 'It belongs one level deeper, under `motion`.';
const IN_SEGMENT = 'It belongs one level up, beside `motion`.';

/** Keys that are right, but elsewhere: what to do, by the field that they were written in (without its numbers). */
const MISPLACED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': {
    personas: 'Personas live inside segments: write them under the segment in which these people are met (R008).',
    tiers: 'Tiers of users stand under `users`, value tiers under `value`.',
    milestones: 'Milestones stand under `activation`.',
    account_sequence: 'Sequences stand under `activation`.',
    user_sequence: 'Sequences stand under `activation`.',
    features: 'Feature areas stand under `taxonomy`.',
    workflows: 'Workflows stand under `taxonomy`.',
    churn_grace_days: 'It stands under `value`.',
  },
  segments: {
    coverage: IN_MOTION,
    sales_play: IN_MOTION,
    nurture_track: IN_MOTION,
    expansion_triggers: IN_MOTION,
    churn_indicators: IN_MOTION,
    renewal_cadence_days: IN_MOTION,
  },
  'segments.motion': {
    messaging_hook: IN_SEGMENT,
    sales_motion: IN_SEGMENT,
    pricing: IN_SEGMENT,
    personas: IN_SEGMENT,
    when: IN_SEGMENT,
  },
};

/** The kind of thing at a path: `segments.motion` of segment 3 as of segment `Growth`. */
function thingAt(path: Path): string {
  const isSegment = path[0] === 'segments' && path.length > 1;
  return [path[0] ?? '', ...path.slice(isSegment ? 2 : 1)].filter((step) => step !== '').join('.');
}

function unknownKey(document: ModelDocument, path: Path, key: string): Diagnostic {
  const place = document.placeOfKey(path, key);
  const misplaced = MISPLACED[thingAt(path)]?.[key];
  if (misplaced !== undefined) {
    return {
      code: 'misplaced-key',
      severity: 'error',
      message: `\`${key}\` does not belong here`,
      place,
      suggestion: misplaced,
    };
  }
  const known = keysAt(path);
  const slip = nearest(key, known, SLIP_SHARE);
  if (slip !== null) {
    return {
      code: 'unknown-key',
      severity: 'error',
      message: `there is no key \`${key}\` here`,
      place,
      suggestion: `Did you mean \`${slip}\`?`,
    };
  }
  const suggestion = known.length === 0 ? {} : { suggestion: `Keys here are: ${known.join(', ')}.` };
  return {
    code: 'unknown-key',
    severity: 'warning',
    message: `there is no key \`${key}\` here; it is ignored`,
    place,
    ...suggestion,
  };
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** The keys that may stand at a path. */
function keysAt(path: Path): readonly string[] {
  let schemas: readonly JsonSchema[] = [z.toJSONSchema(MODEL_SCHEMA) as JsonSchema];
  for (const step of path) schemas = schemas.flatMap(branchesOf).flatMap((schema) => stepInto(schema, step));
  return [...new Set(schemas.flatMap(branchesOf).flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(branchesOf);
}

function stepInto(schema: JsonSchema, step: string | number): readonly JsonSchema[] {
  if (typeof step === 'number') return schema.items === undefined ? [] : [schema.items];
  const own = schema.properties?.[step];
  if (own !== undefined) return [own];
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}

/** Deepest and last first, so that no index moves under a path that is still to go. */
function pathsToRemove(issues: readonly Issue[]): readonly Path[] {
  const paths = issues.flatMap((issue): Path[] => {
    const path = issue.path as (string | number)[];
    return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
  });
  const distinct = new Map(paths.map((path) => [JSON.stringify(path), path]));
  return [...distinct.values()].toSorted((a, b) => comparePaths(b, a));
}

function comparePaths(a: Path, b: Path): number {
  for (const [index, step] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (step === other) continue;
    if (typeof step === 'number' && typeof other === 'number') return step - other;
    return String(step) < String(other) ? -1 : 1;
  }
  return a.length - b.length;
}

/** What is missing cannot be taken out; then what misses it goes. */
function removeOrParent(document: ModelDocument, path: Path): boolean {
  return document.remove(path) || (path.length > 1 && document.remove(path.slice(0, -1)));
}
