import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { Published } from './publication.ts';

/**
 * How the file of a workspace stands to what is in force.
 *
 * `same`: the very text. `other`: it holds changes that nobody published. `unwritten`: it still holds what was in force
 * before, since it could not be written. `none`: there is no file, or nobody told where it is.
 */
export type FileState = 'same' | 'other' | 'unwritten' | 'none';

/** Codes of the system for a place that cannot be written, and for a file that cannot be put in the place of another. */
const UNWRITABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT']);
const FIXED_IN_PLACE: ReadonlySet<string> = new Set(['EBUSY', 'EXDEV']);

/** How the file stands to the text in force. */
export async function fileState(path: string | null, inForce: string, before: string | null): Promise<FileState> {
  const text = path === null ? null : await readFile(path, 'utf8').catch(() => null);
  if (text === null) return 'none';
  if (text === inForce) return 'same';
  return before !== null && text === before ? 'unwritten' : 'other';
}

/**
 * Writes what was published into the file of the workspace, so that git sees it, and tells how the file stands then. A file
 * that holds anything else than what was in force before is left as it is: somebody's change would be lost.
 */
export async function keepInFile(
  path: string | null,
  { publication, textBefore }: Published,
  text: string,
): Promise<FileState> {
  const state = await fileState(path, text, textBefore);
  if (path === null || state !== 'unwritten') return state;
  try {
    await replaceFile(path, `${path}.${publication.publicationId}`, text);
    return 'same';
  } catch (error) {
    if (UNWRITABLE.has(codeOf(error))) return 'unwritten';
    throw error;
  }
}

/** Never half a file: whoever reads meanwhile reads the old text or the new one. */
async function replaceFile(path: string, fresh: string, text: string): Promise<void> {
  const { mode } = await stat(path);
  try {
    await writeFile(fresh, text, { mode });
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    // A file that is mounted by itself can be written, and not replaced.
    if (!FIXED_IN_PLACE.has(codeOf(error))) throw error;
    await writeFile(path, text);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
