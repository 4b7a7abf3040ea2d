import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Source } from '../definition/model.ts';
import type { Diagnostic } from '../model/diagnostic.ts';

/** A file of a source: its path, how it is called in reports, its size and format. */
export interface SourceFile {
  readonly path: string;
  readonly displayName: string;
  readonly bytes: number;
  readonly format: 'csv' | 'jsonl' | 'parquet';
}

/** How names of files are found. */
export interface FileSearch {
  /** Folder of the model file; paths are relative to it, and so are the names in reports. */
  readonly directory: string;
  readonly environment: (name: string) => string | undefined;
}

/**
 * The files of a source in the order of their names: `*`, `?`, `**`, `[abc]` and `{a,b}` are patterns, `$NAME` and
 * `${NAME}` come from the environment. None at all is a diagnostic.
 */
export async function findSourceFiles(
  source: Source,
  search: FileSearch,
): Promise<{ files: SourceFile[]; diagnostics: Diagnostic[] }> {
  const unset: string[] = [];
  const pattern = source.path.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    const value = search.environment(name);
    if (value === undefined) unset.push(name);
    return value ?? '';
  });
  if (unset.length > 0) return { files: [], diagnostics: unset.map((name) => unsetVariable(source, name)) };
  const absolute = isAbsolute(pattern) ? pattern : resolve(search.directory, pattern);
  const paths = existsSync(absolute) ? [absolute] : await expand(absolute);
  const files: SourceFile[] = [];
  for (const path of paths.sort()) {
    const { size } = await stat(path);
    const near = relative(search.directory, path);
    const displayName = near.startsWith('..') || near === '' ? path : near;
    files.push({ path, displayName, bytes: size, format: source.format ?? formatOf(path) });
  }
  return { files, diagnostics: files.length === 0 ? [noFile(source, absolute)] : [] };
}

function formatOf(path: string): SourceFile['format'] {
  const name = path.toLowerCase().replace(/\.gz$/, '');
  if (name.endsWith('.parquet') || name.endsWith('.pq')) return 'parquet';
  return name.endsWith('.jsonl') || name.endsWith('.ndjson') || name.endsWith('.json') ? 'jsonl' : 'csv';
}

async function expand(pattern: string): Promise<string[]> {
  const parts = pattern.split(sep);
  const firstPattern = parts.findIndex((part) => /[*?[{]/.test(part));
  if (firstPattern === -1) return [];
  const base = parts.slice(0, firstPattern).join(sep) || sep;
  const matches = patternOf(parts.slice(firstPattern).join('/'));
  const found: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    if (!existsSync(folder)) return;
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await walk(path);
      else if (matches.test(relative(base, path).split(sep).join('/'))) found.push(path);
    }
  };
  await walk(base);
  return found;
}

function patternOf(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\[[^\]]*\]|\{[^}]*\}|[.+^$()|\\\]}]/g, (token) => {
    if (token === '**/') return '(?:[^/]+/)*';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.startsWith('[')) return token.replace(/^\[!/, '[^');
    if (token.startsWith('{')) return `(?:${token.slice(1, -1).split(',').map(escapePattern).join('|')})`;
    return `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function unsetVariable(source: Source, name: string): Diagnostic {
  return {
    code: 'unset-variable',
    severity: 'error',
    message: `the path of source ${source.name} needs the environment variable ${name}, which is not set`,
    place: { ...source.place, field: 'path' },
    suggestion: `set ${name} and try again`,
  };
}

function noFile(source: Source, pattern: string): Diagnostic {
  return {
    code: 'no-file',
    severity: 'error',
    message: `source ${source.name} finds no file at ${pattern}`,
    place: { ...source.place, field: 'path' },
    suggestion: `paths are relative to the model file in ${dirname(source.place.file) || '.'}`,
  };
}
