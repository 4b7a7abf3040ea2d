import { isMap, isSeq, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { TextEdit } from '../../model/document.ts';
import { within } from '../text-part.ts';

/** An own signal as it stands in the text. */
export interface OwnSignal {
  readonly name: string;
  readonly entity: 'account' | 'user';
  readonly like: string | null;
  readonly measure: string;
  readonly of: readonly string[];
  readonly property: string;
  readonly where: string;
  /** Null: all history. */
  readonly windowDays: number | null;
  readonly meaning: string;
  /** Line in the text, from 1. */
  readonly line: number;
}

/** Conditions of those who are left out, as they stand in the text; empty: nobody is. */
export interface LeftOutConditions {
  readonly users: string;
  readonly accounts: string;
  /** Line in the text, from 1; null: it has none yet. */
  readonly line: number | null;
}

const textOf = (map: YAMLMap, key: string): string => {
  const value = map.get(key);
  return value === undefined || value === null ? '' : String(value);
};

/** The own signals of a text in their order; null: it is no YAML as it stands, or writes them as a list. */
export function ownSignalsIn(text: string): readonly OwnSignal[] | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) return null;
  const signals = document.get('signals', true);
  if (signals === undefined || signals === null) return [];
  if (!isMap(signals)) return isSeq(signals) ? null : [];
  return signals.items.flatMap((pair): readonly OwnSignal[] => {
    const { key, value } = pair as Pair<{ readonly value: unknown; readonly range?: readonly number[] | null }>;
    if (!isMap(value)) return [];
    const of = value.get('of', true);
    const days = Number(textOf(value, 'window_days'));
    return [
      {
        name: String(key.value),
        entity: textOf(value, 'entity') === 'user' ? 'user' : 'account',
        like: textOf(value, 'like') === '' ? null : textOf(value, 'like'),
        measure: textOf(value, 'measure') || 'count',
        of: isSeq(of) ? of.toJSON().map(String) : textOf(value, 'of') === '' ? [] : [textOf(value, 'of')],
        property: textOf(value, 'property'),
        where: textOf(value, 'where'),
        windowDays: days > 0 ? days : null,
        meaning: textOf(value, 'meaning'),
        line: lines.linePos(key.range?.[0] ?? 0).line,
      },
    ];
  });
}

/** Who is left out, as the text says; null: it is no YAML as it stands. */
export function leftOutIn(text: string): LeftOutConditions | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) return null;
  const exclude = document.get('exclude', true);
  if (!isMap(exclude)) return { users: '', accounts: '', line: null };
  return {
    users: textOf(exclude, 'users'),
    accounts: textOf(exclude, 'accounts'),
    line: lines.linePos(exclude.range?.[0] ?? 0).line,
  };
}

/** Keys of a signal in the text, each with its value there; undefined: it is left out. */
function keysOf(signal: Omit<OwnSignal, 'line'>): Readonly<Record<string, unknown>> {
  const { like, of, measure, property, where } = signal;
  const isLike = like !== null;
  const [first] = of;
  return {
    entity: signal.entity === 'user' ? 'user' : undefined,
    like: like ?? undefined,
    measure: isLike ? undefined : measure,
    of: isLike ? undefined : of.length === 1 ? first : of,
    property: isLike || property === '' ? undefined : property,
    where: isLike || where === '' ? undefined : where,
    window_days: signal.windowDays ?? undefined,
    meaning: signal.meaning === '' ? undefined : signal.meaning,
  };
}

/** The edit that writes an own signal, in the place of the one of that name; null: behind the others. */
export function signalEdit(text: string, name: string | null, signal: Omit<OwnSignal, 'line'>): TextEdit {
  const document = parseDocument(text);
  const signals = document.get('signals', true);
  if (!isMap(signals)) document.set('signals', document.createNode({}));
  const path = ['signals', name ?? signal.name];
  if (!isMap(document.getIn(path, true))) {
    const made = document.createNode({}) as YAMLMap;
    made.flow = true;
    document.setIn(path, made);
  }
  const entry = document.getIn(path, true) as YAMLMap;
  // The account is what a signal is of unless it says otherwise: what was written so stays so.
  const isSaid = entry.has('entity');
  for (const [key, value] of Object.entries(keysOf(signal))) {
    const isKept = key === 'entity' && isSaid;
    const next = isKept ? signal.entity : value;
    if (next === undefined) entry.delete(key);
    else if (JSON.stringify(entry.get(key)) !== JSON.stringify(next)) entry.set(key, next);
  }
  if (name !== null && name !== signal.name) {
    const pair = (document.get('signals', true) as YAMLMap).items.find(
      ({ key }) => String((key as { readonly value: unknown }).value) === name,
    );
    if (pair !== undefined) pair.key = document.createNode(signal.name);
  }
  return editTo(text, within(text, document.toString({ lineWidth: 0 }), 'signals'));
}

/** The edit that takes an own signal away. */
export function removalEdit(text: string, name: string): TextEdit {
  const document = parseDocument(text);
  document.deleteIn(['signals', name]);
  const signals = document.get('signals', true);
  if (isMap(signals) && signals.items.length === 0) document.delete('signals');
  return editTo(text, within(text, document.toString({ lineWidth: 0 }), 'signals'));
}

/** The edit that says who is left out. */
export function leftOutEdit(text: string, entity: 'users' | 'accounts', condition: string): TextEdit {
  const document = parseDocument(text);
  if (!isMap(document.get('exclude', true))) document.set('exclude', document.createNode({}));
  if (condition === '') document.deleteIn(['exclude', entity]);
  else document.setIn(['exclude', entity], condition);
  const exclude = document.get('exclude', true);
  if (isMap(exclude) && exclude.items.length === 0) document.delete('exclude');
  return editTo(text, within(text, document.toString({ lineWidth: 0 }), 'exclude'));
}

/** The smallest edit that makes one text of another, so that an editor keeps its place. */
function editTo(text: string, next: string): TextEdit {
  const shorter = Math.min(text.length, next.length);
  let from = 0;
  while (from < shorter && text[from] === next[from]) from += 1;
  let behind = 0;
  while (behind < shorter - from && text.at(-1 - behind) === next.at(-1 - behind)) behind += 1;
  return { from, to: text.length - behind, insert: next.slice(from, next.length - behind) };
}
