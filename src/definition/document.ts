import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import type { Diagnostic, Place } from '../model/diagnostic.ts';
import type { Mark } from '../rule/condition.ts';

/** Steps from the root of a file to one of its values. */
export type Path = readonly (string | number)[];

/** A YAML file that knows where each of its values stands. */
export interface ModelDocument {
  /** The content as plain data. */
  content(): unknown;
  /** The scalar at a path; undefined where there is none. */
  valueAt(path: Path): unknown;
  /** Place of the value at a path, or of its nearest parent that exists. */
  placeOf(path: Path): Place;
  /** Place of a key. */
  placeOfKey(path: Path, key: string): Place;
  /** Where the stretches of a text value stand. */
  marksOf(path: Path): readonly Mark[] | undefined;
  /** Takes a value out, so that the rest can still be read; false if it could not. */
  remove(path: Path): boolean;
}

/** Reads YAML: faults of syntax and duplicate keys as diagnostics, all at once, and a document where there is one. */
export function readDocument(
  text: string,
  file: string,
): { document: ModelDocument; diagnostics: readonly Diagnostic[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const diagnostics = [...document.errors, ...document.warnings].map(
    (fault): Diagnostic => ({
      code: fault.code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'yaml-syntax',
      severity: 'error',
      message:
        fault.code === 'DUPLICATE_KEY'
          ? `the key \`${wordAt(text, fault.pos[0])}\` stands here twice`
          : plain(fault.message),
      place: place(fault.pos[0]),
    }),
  );
  const loose = diagnostics.length === 0 ? looseAliases(document, place) : [];
  return { document: located(document, text, file, place), diagnostics: [...diagnostics, ...loose] };
}

/** Most values that aliases may stand for together: a file of a few lines can otherwise fill the memory. */
const MAX_ALIASES = 100;

/** Aliases of anchors that do not stand above them, and too many of them. */
function looseAliases(document: Document, place: (offset: number) => Place): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  let count = 0;
  visit(document, {
    Alias: (_key, node) => {
      count += 1;
      if (node.resolve(document) !== undefined) return;
      const message = `there is no anchor \`&${node.source}\` above this alias`;
      found.push({ code: 'yaml-syntax', severity: 'error', message, place: place(node.range?.[0] ?? 0) });
    },
  });
  if (count > MAX_ALIASES) {
    found.push({
      code: 'yaml-syntax',
      severity: 'error',
      message: `the file has more than ${MAX_ALIASES} aliases`,
      place: place(0),
    });
  }
  return found;
}

function plain(message: string): string {
  return message.split('\n')[0] ?? message;
}

function wordAt(text: string, offset: number): string {
  return /^[^\s:,{}]+/.exec(text.slice(offset))?.[0] ?? '';
}

function located(document: Document, text: string, file: string, place: (offset: number) => Place): ModelDocument {
  const placeOf = (path: Path): Place => {
    const field = fieldOf(path);
    for (let length = path.length; length >= 0; length -= 1) {
      const offset = nodeAt(document, path.slice(0, length))?.range?.[0];
      if (offset !== undefined) return field === '' ? place(offset) : { ...place(offset), field };
    }
    return { file, line: 1, column: 1, ...(field === '' ? {} : { field }) };
  };
  return {
    content: () => document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown,
    valueAt: (path) => {
      const node = nodeAt(document, path);
      return isScalar(node) ? node.value : undefined;
    },
    placeOf,
    placeOfKey: (path, key) => {
      const offset = keyNode(nodeAt(document, path), key)?.range?.[0];
      return offset === undefined ? placeOf(path) : { ...place(offset), field: fieldOf([...path, key]) };
    },
    marksOf: (path) => {
      const node = nodeAt(document, path);
      return isScalar(node) && typeof node.value === 'string' ? marksOf(node, node.value, text, place) : undefined;
    },
    remove: (path) => {
      if (path.length === 0) return false;
      const parent = nodeAt(document, path.slice(0, -1));
      const last = path.at(-1);
      return isMap(parent) || isSeq(parent) ? parent.delete(last) : false;
    },
  };
}

/** `segments[1].motion.coverage`, as people write it. */
export function fieldOf(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}

function nodeAt(document: Document, path: Path): Node | null {
  let node = resolve(document, document.contents);
  for (const step of path) {
    if (!isMap(node) && !isSeq(node)) return null;
    node = resolve(document, node.get(step, true));
  }
  return node;
}

function resolve(document: Document, node: unknown): Node | null {
  if (isAlias(node)) return node.resolve(document) ?? null;
  return isNode(node) ? node : null;
}

function keyNode(map: Node | null, key: string): Node | null {
  if (!isMap(map)) return null;
  const pair = map.items.find((item) => (isScalar(item.key) ? String(item.key.value) === key : item.key === key));
  return isNode(pair?.key) ? pair.key : null;
}

/**
 * Walks value and source side by side: each character that is no blank is found again in the source, past quotes,
 * escapes and line breaks, and a mark is set wherever the two fall out of step.
 */
function marksOf(node: Scalar, value: string, source: string, place: (offset: number) => Place): readonly Mark[] {
  const range = node.range;
  if (!range) return [];
  let at = range[0];
  if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') at = source.indexOf('\n', at) + 1;
  else if (node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE') at += 1;
  const marks: Mark[] = [];
  let step = Number.NaN;
  for (let offset = 0; offset < value.length; offset += 1) {
    const character = value[offset] ?? '';
    if (/\s/.test(character)) continue;
    const found = source.indexOf(character, at);
    if (found < 0 || found >= range[2]) break;
    if (found - offset !== step) {
      const { line = 1, column = 1 } = place(found);
      marks.push({ offset, line, column });
      step = found - offset;
    }
    at = found + 1;
  }
  return marks.length > 0 ? marks.map((mark, index) => (index === 0 ? fromStart(mark) : mark)) : [];
}

/** The first mark reaches back over leading blanks. */
function fromStart(mark: Mark): Mark {
  return { offset: 0, line: mark.line, column: Math.max(1, mark.column - mark.offset) };
}
