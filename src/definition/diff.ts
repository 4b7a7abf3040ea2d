import type { Condition } from '../rule/condition.ts';
import type { Model } from './model.ts';
import { meaningOf } from './version.ts';

/** One difference between two models: where, and what in words. */
export interface ModelChange {
  /** Dotted path as in the file, such as `segments.Growth.when`. */
  readonly path: string;
  readonly words: string;
}

/** Parts of a model that a reader of changes does not care about. */
const SKIPPED: ReadonlySet<string> = new Set(['file', 'place', 'marks', 'defaulted', 'version']);

/** Lists that are read first match wins: their order is part of the rules. */
const ORDERED = /^(?:bands\.[^.]+|users\.tiers|cohorts|archetypes|segments|fallback)$/;

/** What changes from one model to another, in words, in the order of the file. Equal meanings give no change. */
export function diffModels(before: Model, after: Model): readonly ModelChange[] {
  return diffValues('', before, after);
}

function diffValues(path: string, before: unknown, after: unknown): readonly ModelChange[] {
  if (meaningOf(before, lastStep(path)) === meaningOf(after, lastStep(path))) return [];
  if (isNamedList(before) || isNamedList(after)) return diffLists(path, named(before), named(after));
  if (isPlain(before) && isPlain(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !SKIPPED.has(key));
    return keys.flatMap((key) => diffValues(join(path, snake(key)), before[key], after[key]));
  }
  if (isCondition(before) && isCondition(after)) {
    const words = diffConditions(before, after);
    if (words !== null) return [{ path, words: `${said(path)} ${words}` }];
  }
  return [{ path, words: `${said(path)} changed from ${inWords(before)} to ${inWords(after)}` }];
}

/** What a condition asks otherwise, where some of the parts that it joins by `and` stay; null where none does. */
function diffConditions(before: Condition, after: Condition): string | null {
  const [was, is] = [partsOf(before), partsOf(after)];
  const gone = was.filter((part) => !is.includes(part));
  const come = is.filter((part) => !was.includes(part));
  if (gone.length === was.length || come.length === is.length || gone.length + come.length === 0) return null;
  if (gone.length === 0) return `asks ${listed(come)} too`;
  if (come.length === 0) return `no longer asks ${listed(gone)}`;
  return `asks ${listed(come)} in place of ${listed(gone)}`;
}

/** What a condition joins by `and`, as it is written, runs of white space as one. */
function partsOf({ text, expression }: Condition): readonly string[] {
  const parts = expression.kind === 'and' && !expression.isNegated ? expression.parts : [expression];
  return parts.map(({ start, end }) => text.slice(start, end).replaceAll(/\s+/g, ' '));
}

const listed = (parts: readonly string[]): string => parts.map((part) => `\`${part}\``).join(' and ');

function diffLists(
  path: string,
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): readonly ModelChange[] {
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const added = [...after.keys()].filter((name) => !before.has(name));
  const kept = [...after.keys()].filter((name) => before.has(name));
  const changes = [
    ...removed.map((name) => ({ path: join(path, name), words: `${said(join(path, name))} was removed` })),
    ...added.map((name) => ({
      path: join(path, name),
      words: `${said(join(path, name))} was added${whenOf(after.get(name))}`,
    })),
    ...kept.flatMap((name) => diffValues(join(path, name), before.get(name), after.get(name))),
  ];
  const wasOrder = [...before.keys()].filter((name) => after.has(name));
  if (!ORDERED.test(path) || kept.join('\n') === wasOrder.join('\n')) return changes;
  return [
    ...changes,
    { path, words: `the order of ${said(path)} changed from ${wasOrder.join(', ')} to ${kept.join(', ')}` },
  ];
}

function whenOf(value: unknown): string {
  return isPlain(value) && isCondition(value['when']) ? `: ${value['when'].text}` : '';
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !isCondition(value)
  );
}

function isCondition(value: unknown): value is Condition {
  return typeof value === 'object' && value !== null && 'expression' in value && 'names' in value;
}

function nameOf(item: unknown): string | null {
  if (!isPlain(item)) return null;
  const name = item['name'] ?? item['segment'] ?? item['signal'];
  return typeof name === 'string' ? name : null;
}

function isNamedList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => nameOf(item) !== null);
}

function named(value: unknown): ReadonlyMap<string, unknown> {
  return new Map((Array.isArray(value) ? value : []).map((item: unknown) => [nameOf(item) ?? '', item]));
}

function inWords(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (isCondition(value)) return `\`${value.text}\``;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(inWords).join(', ');
  return typeof value === 'object' ? meaningOf(value) : String(value);
}

function said(path: string): string {
  return path === '' ? 'the model' : `\`${path}\``;
}

function join(path: string, step: string): string {
  return path === '' ? step : `${path}.${step}`;
}

function lastStep(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** `isPrimary` is `primary` and `windowDays` is `window_days` in the file. */
function snake(key: string): string {
  const plain = /^is[A-Z]/.test(key) ? key.slice(2) : key;
  return plain.replace(/[A-Z]/g, (letter, at: number) => `${at > 0 ? '_' : ''}${letter.toLowerCase()}`);
}
