import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const url = new URL('./references/survival.json', import.meta.url);
const { entries } = JSON.parse(readFileSync(url, 'utf8')) as { entries: Record<string, Json> };

/** An entry of `references/survival.json`, which `references/survival.R` made with R; its `call` says how. */
export function reference<T>(name: string): T {
  const entry = entries[name];
  if (entry === undefined) throw new Error(`references/survival.json has no entry ${name}: run survival.R`);
  return entry as T;
}

const SMALL = 1e-3;

/** Expects a number within a relative (of small ones: absolute) tolerance of a reference, or null where that is null. */
export function expectClose(
  actual: number | null | undefined,
  wanted: number | null | undefined,
  tolerance = 1e-6,
): void {
  if (wanted === null || wanted === undefined) expect(actual).toBeNull();
  else expectRelative(actual, wanted, tolerance, SMALL);
}

/** Expects a number within a relative tolerance of a reference, however small the reference is. */
export function expectRelative(
  actual: number | null | undefined,
  wanted: number,
  tolerance: number,
  floor = Number.MIN_VALUE,
): void {
  const distance = Math.abs((actual ?? Number.NaN) - wanted);
  const allowed = tolerance * Math.max(floor, Math.abs(wanted));
  if (!(distance <= allowed)) expect.fail(`${actual} is not ${wanted}: off by ${distance}, ${allowed} allowed`);
}

/** Expects numbers close to references, one by one. */
export function expectAllClose(
  actual: ArrayLike<number | null>,
  wanted: readonly (number | null)[],
  tolerance = 1e-6,
): void {
  expect(actual.length).toBe(wanted.length);
  wanted.forEach((value, index) => {
    expectClose(actual[index], value, tolerance);
  });
}

/** The folder of data that nobody here wrote, or null where `BELLWETHER_DATA` names none. */
export const data: string | null = process.env['BELLWETHER_DATA'] ?? null;
if (data === null) process.stderr.write('not run: survival of outside data, because BELLWETHER_DATA is not set\n');

/** A test's name, which says so where it is not run for want of the data. */
export function titled(name: string): string {
  return data === null ? `${name} (not run: BELLWETHER_DATA is not set)` : name;
}

/** Columns of a CSV file without commas or line breaks inside its values, by name. */
export function columnsOf(path: string): Readonly<Record<string, readonly string[]>> {
  const lines = readFileSync(path, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(',').map((value) => value.replace(/^"|"$/g, '')));
  const [names = [], ...rows] = lines;
  return Object.fromEntries(names.map((name, index) => [name, rows.map((row) => row[index] ?? '')]));
}

/** Texts as numbers; NaN where R wrote NA. */
export function numbers(texts: readonly string[]): readonly number[] {
  return texts.map(Number);
}
