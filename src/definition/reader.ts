import type { Diagnostic, Place } from '../model/diagnostic.ts';
import type { Condition } from '../rule/condition.ts';
import { parseCondition } from '../rule/parse.ts';
import { fieldOf, type ModelDocument, type Path } from './document.ts';

/** What the readers of the model's parts share: places, conditions, and a list of faults to add to. */
export interface Reader {
  place(path: Path): Place;
  /** Parses a condition; its faults are reported and the answer is null. */
  condition(path: Path, text: string): Condition | null;
  report(path: Path, code: string, message: string, suggestion?: string): void;
  warn(path: Path, code: string, message: string, suggestion?: string): void;
}

/** A reader of a file; faults go into `diagnostics`. */
export function fileReader(document: ModelDocument, diagnostics: Diagnostic[]): Reader {
  return reader(
    (path) => document.placeOf(path),
    (path) => document.marksOf(path),
    diagnostics,
  );
}

/** Ends the field of a place that stands in the shipped rules. */
export const SHIPPED_MARK = '(shipped default)';

/** A reader of the shipped defaults, which stand in no file of the user's. */
export function defaultReader(file: string, diagnostics: Diagnostic[]): Reader {
  return reader(
    (path) => ({ file, field: `${fieldOf(path)} ${SHIPPED_MARK}` }),
    () => undefined,
    diagnostics,
  );
}

function reader(
  placeOf: ModelDocument['placeOf'],
  marksOf: ModelDocument['marksOf'],
  diagnostics: Diagnostic[],
): Reader {
  const tell =
    (severity: Diagnostic['severity']) => (path: Path, code: string, message: string, suggestion?: string) => {
      diagnostics.push({
        code,
        severity,
        message,
        place: placeOf(path),
        ...(suggestion === undefined ? {} : { suggestion }),
      });
    };
  return {
    place: placeOf,
    condition: (path, text) => {
      const marks = marksOf(path);
      const parsed = parseCondition(text, placeOf(path), marks !== undefined && marks.length > 0 ? marks : undefined);
      diagnostics.push(...parsed.diagnostics);
      return parsed.condition;
    },
    report: tell('error'),
    warn: tell('warning'),
  };
}

/** A thing with a name, from an ordered map or from a list, and where it stands. */
export interface Named<T> {
  readonly name: string;
  readonly value: T;
  readonly path: Path;
}

/** The named things of a map or of a list of `{name, ...}`; a nameless or repeated one is reported and left out. */
export function named<T>(
  raw: Readonly<Record<string, T>> | readonly T[] | null | undefined,
  path: Path,
  reader: Reader,
): readonly Named<T>[] {
  if (raw == null) return [];
  if (!Array.isArray(raw)) {
    return Object.entries(raw).map(([name, value]) => ({ name, value: value as T, path: [...path, name] }));
  }
  const seen = new Set<string>();
  return raw.flatMap((value: T, index): Named<T>[] => {
    const here = [...path, index];
    const name = nameIn(value);
    if (name === null) {
      reader.report(here, 'missing-key', 'it needs a `name`');
      return [];
    }
    if (seen.has(name)) {
      reader.report(here, 'duplicate-name', `\`${name}\` is already listed above`);
      return [];
    }
    seen.add(name);
    return [{ name, value, path: here }];
  });
}

function nameIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('name' in value)) return null;
  return typeof value.name === 'string' && value.name !== '' ? value.name : null;
}

/** One text or a list of them, as a list. */
export function listOf(raw: string | readonly string[] | null | undefined): readonly string[] {
  if (raw == null) return [];
  return typeof raw === 'string' ? [raw] : raw;
}

/** One text or a list of them, as one text; null where empty. */
export function textOf(raw: string | readonly string[] | null | undefined): string | null {
  const text = listOf(raw).join('; ').trim();
  return text === '' ? null : text;
}
