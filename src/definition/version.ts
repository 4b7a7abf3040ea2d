import { createHash } from 'node:crypto';
import type { Condition } from '../rule/condition.ts';
import type { Expression } from '../rule/expression.ts';
import type { Model } from './model.ts';

/** Parts of a model that are no part of its meaning. */
const MEANINGLESS: ReadonlySet<string> = new Set(['file', 'place', 'marks', 'defaulted', 'version']);

/** Lists whose order means nothing: they are maps in the file. */
const UNORDERED: ReadonlySet<string> = new Set([
  'sources',
  'features',
  'workflows',
  'milestones',
  'signals',
  'traits',
  'jobs',
  'proxies',
  'ignore',
]);

/** SHA-256 of a model's meaning: comments, order of keys, spacing of conditions and places aside. */
export function versionOf(model: Model): string {
  return createHash('sha256').update(meaningOf(model)).digest('hex');
}

/** A value's meaning as text: equal texts, equal meanings. */
export function meaningOf(value: unknown, key = ''): string {
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) {
    const items = value.map((item) => meaningOf(item));
    return `[${(UNORDERED.has(key) ? items.toSorted() : items).join(',')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (isCondition(value)) return JSON.stringify(expressionMeaning(value.expression));
  const entries = Object.entries(value).filter(([name]) => !MEANINGLESS.has(name));
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, inner]) => `${JSON.stringify(name)}:${meaningOf(inner, name)}`).join(',')}}`;
}

function isCondition(value: object): value is Condition {
  return 'expression' in value && 'names' in value;
}

/** A tree without its offsets. */
function expressionMeaning({ kind, word, value, isNegated, parts }: Expression): unknown {
  return [kind, word, value, isNegated, parts.map(expressionMeaning)];
}
