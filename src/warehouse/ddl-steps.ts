import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One numbered step of the schema: append-only, never edited once released. */
export interface DdlStep {
  readonly name: string;
  readonly statements: readonly string[];
  /** SHA-256 of the step's text. */
  readonly checksum: string;
}

/** The steps in a folder of `NNNN-name.sql` files, in their order. Statements end with a semicolon at the end of a line. */
export function readSteps(folder: URL): readonly DdlStep[] {
  const path = fileURLToPath(folder);
  return readdirSync(path)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort()
    .map((name) => parseStep(name.replace(/\.sql$/, ''), readFileSync(new URL(name, folder), 'utf8')));
}

/** A step from its text. */
export function parseStep(name: string, text: string): DdlStep {
  const statements = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join('\n')
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  return { name, statements, checksum: createHash('sha256').update(text).digest('hex') };
}
