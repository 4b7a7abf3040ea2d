import { type Dimension, dimensionOf, dimensionsOf } from '../definition/check/dimension.ts';
import type { Model } from '../definition/model.ts';
import { scopeOf } from '../definition/scopes.ts';
import type { SignalEntry } from '../model/signal.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import type { Value } from '../rule/condition.ts';
import type { Frame } from '../segment/frame.ts';

/** A name that a condition of accounts may read, and what it says of today's customers. */
export interface Word {
  readonly name: string;
  readonly kind: 'signal' | 'attribute' | 'class';
  readonly type: string;
  readonly unit: string | null;
  readonly meaning: string | null;
  readonly dimension: Dimension;
  /** Customers of whom it is known, and of whom there is no data. */
  readonly known: number;
  readonly missing: number;
  /** Of numbers: customers in bins of equal width; null where none is known. */
  readonly histogram: { readonly low: number; readonly high: number; readonly counts: readonly number[] } | null;
  /** Of texts: the most frequent. */
  readonly values: readonly { readonly value: string; readonly accounts: number }[] | null;
}

const BINS = 16;
const MOST_VALUES = 12;
const MISSING = 1;

/** Every name that a condition of accounts may read, with what a frame says of it. Pure. */
export function vocabularyOf(frame: Frame, model: Model): readonly Word[] {
  const scope = scopeOf('account', model, SIGNAL_CATALOGUE);
  const customers = (frame.column('relationship') ?? []).flatMap((value, place) =>
    value === 'customer' ? [place] : [],
  );
  const signals = new Map(
    SIGNAL_CATALOGUE.filter(({ entity }) => entity === 'account').map((entry) => [entry.name, entry]),
  );
  return [...new Set(scope.names)].flatMap((name): readonly Word[] => {
    const column = frame.column(name);
    if (column === null) return [];
    const values = customers.flatMap((place) => column[place] ?? []);
    const known = customers.filter((place) => (column[place] ?? null) !== null).length;
    const codes = frame.reasons(name);
    const missing = codes === null ? customers.length - known : customers.filter((p) => codes[p] === MISSING).length;
    const numbers = values.filter((value) => typeof value === 'number');
    const texts = values.filter((value) => typeof value === 'string');
    return [
      {
        ...{ name, known, missing, type: scope.typeOf(name) ?? 'text' },
        ...aboutOf(name, model, signals.get(name)),
        dimension: dimensionOfName(name, model),
        histogram: texts.length === 0 ? histogramOf(numbers) : null,
        values: texts.length === 0 ? null : countsOf(texts),
      },
    ];
  });
}

function aboutOf(name: string, model: Model, entry: SignalEntry | undefined): Pick<Word, 'kind' | 'unit' | 'meaning'> {
  if (entry !== undefined) return { kind: 'signal', unit: entry.unit, meaning: entry.meaning };
  const own = model.signals.find((signal) => signal.name === name && signal.entity === 'account');
  if (own !== undefined) return { kind: 'signal', unit: null, meaning: own.meaning };
  const isAttribute = model.traits.some((trait) => trait.name === name) || !isClass(name, model);
  return { kind: isAttribute ? 'attribute' : 'class', unit: null, meaning: null };
}

const CLASSES: readonly string[] = [
  ...['cohort', 'archetype', 'lifecycle', 'direction', 'relationship', 'value_tier', 'eligible'],
];

const isClass = (name: string, model: Model): boolean =>
  CLASSES.includes(name) || model.bands.some((band) => band.name === name);

function dimensionOfName(name: string, model: Model): Dimension {
  const band = model.bands.find((candidate) => candidate.name === name);
  const [first] = (band?.bands ?? []).flatMap(({ when }) =>
    when === null ? [] : [...dimensionsOf(when, model, SIGNAL_CATALOGUE)],
  );
  return first ?? (band === undefined ? dimensionOf(name, model, SIGNAL_CATALOGUE) : 'firmographic');
}

function histogramOf(numbers: readonly number[]): Word['histogram'] {
  if (numbers.length === 0) return null;
  const low = numbers.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = numbers.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (low === high) return { low, high, counts: [numbers.length] };
  const counts = new Array<number>(BINS).fill(0);
  for (const value of numbers) {
    const bin = Math.min(BINS - 1, Math.floor(((value - low) / (high - low)) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low, high, counts };
}

function countsOf(values: readonly Value[]): Word['values'] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return [...counts]
    .map(([value, accounts]) => ({ value, accounts }))
    .sort((a, b) => b.accounts - a.accounts || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_VALUES);
}
