/** Two numbers within this of each other are equal (SIGNALS, Fine print). */
const EQUAL = 1e-9;

export const atLeast = (a: number, b: number): boolean => a >= b - EQUAL;

export const atMost = (a: number, b: number): boolean => a <= b + EQUAL;

export const below = (a: number, b: number): boolean => !atLeast(a, b);

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Mean; undefined of nothing. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new Error('the mean of nothing');
  return sum(values) / values.length;
}

/** Median, of an even count the mean of the middle two; undefined of nothing. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('the median of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)]!;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]!;
  return (lower + upper) / 2;
}

/** Distinct values. */
export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Order of two texts by code point (not by UTF-16 unit). */
export function byCodePoint(a: string, b: string): number {
  const left = Array.from(a, (character) => character.codePointAt(0)!);
  const right = Array.from(b, (character) => character.codePointAt(0)!);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] !== right[i]) return left[i]! - right[i]!;
  }
  return left.length - right.length;
}

/** The text, or null where it is missing or empty. */
export function given(text: string | null | undefined): string | null {
  return text === null || text === undefined || text === '' ? null : text;
}
