import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../model/failure.ts';
import { MODEL_FILE } from '../pipeline/workspace.ts';
import type { Context } from './command.ts';

/** A draft of the model: where it is, and its text. */
export interface Draft {
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

/** Reads the draft that a command line names, else the file of the workspace. Refuses `no-model`. */
export async function readDraft({ directory, pathOf }: Context, file: string | undefined): Promise<Draft> {
  const path = file === undefined ? join(directory, MODEL_FILE) : pathOf(file);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Failure('no-model', `There is no model at ${path}. Name the file of your draft.`, { cause });
  });
  return { path, name: basename(path), text };
}
