import { readFileSync } from 'node:fs';

/** One value that another program computed: what was asked, of which tool and version, on which input. */
export interface ReferenceEntry {
  readonly tool: string;
  readonly call: string;
  readonly input: Readonly<Record<string, readonly number[]>>;
  readonly value: Readonly<Record<string, number | readonly number[]>>;
}

const ENTRIES: Readonly<Record<string, ReferenceEntry>> = {
  ...entriesOf('./general.json'),
  ...entriesOf('./general_scipy.json'),
};

function entriesOf(file: string): Readonly<Record<string, ReferenceEntry>> {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

/** A reference by its name, with its numbers by name; a name that is not there throws. */
export function reference(name: string) {
  const entry = ENTRIES[name];
  if (entry === undefined) throw new Error(`no reference ${name}: run test/stats/references/general.R and .py`);
  const number = (key: string): number => {
    const { [key]: held } = entry.value;
    const value = typeof held === 'object' && held.length === 1 ? held[0] : held;
    if (typeof value !== 'number') throw new Error(`reference ${name} has no number ${key}`);
    return value;
  };
  const list = (key: string): readonly number[] => {
    const value = entry.value[key];
    if (typeof value === 'number') return [value];
    if (value === undefined) throw new Error(`reference ${name} has no list ${key}`);
    return value;
  };
  const input = (key: string): readonly number[] => {
    const value = entry.input[key];
    if (value === undefined) throw new Error(`reference ${name} has no input ${key}`);
    return value;
  };
  return { title: `${entry.tool}: ${entry.call}`, number, list, input };
}

/** The largest absolute difference between two lists of the same length; NaN where lengths differ or a number is none. */
export function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.NaN;
  return a.reduce((worst, value, place) => {
    const apart = Math.abs(value - (b[place] ?? Number.NaN));
    return Number.isNaN(apart) ? Number.NaN : Math.max(worst, apart);
  }, 0);
}

/** The estimate of a result; a refusal fails the test with its reason. */
export function estimated<T extends { readonly kind: string }>(
  result: T,
): Extract<T, { readonly kind: 'estimated' | 'fitted' }> {
  if (result.kind !== 'estimated' && result.kind !== 'fitted') throw new Error(JSON.stringify(result));
  return result as Extract<T, { readonly kind: 'estimated' | 'fitted' }>;
}
