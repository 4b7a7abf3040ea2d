import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { sampleFiles, writeDefaultModel } from '../../definition/example/files.ts';
import { Failure } from '../../model/failure.ts';
import { MODEL_FILE } from '../../pipeline/workspace.ts';
import { readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';

const OPTIONS = z.object({ name: z.string().trim().min(1, 'must not be empty').optional() });

/** `bellwether init`: a workspace with a commented model and tiny sample files. Refuses to write over anything. */
export const initCommand: Command = {
  name: 'init',
  summary: 'make a workspace with a commented model and tiny sample files',
  arguments: [{ syntax: '[DIR]', meaning: 'folder to make it in (default: the workspace)' }],
  options: [{ syntax: '--name <NAME>', meaning: 'name of your product or company in the model' }],
  examples: [
    { syntax: 'bellwether init acme', meaning: 'a workspace in ./acme' },
    { syntax: 'bellwether init acme --name "Acme Analytics"', meaning: 'the same, with your name in the model' },
  ],
  json: '{directory, files: [path]}',
  run: async (context, [folder], options) => {
    const { name } = readOptions(options, OPTIONS);
    const directory = folder === undefined ? context.directory : context.pathOf(folder);
    const files = [{ path: MODEL_FILE, text: writeDefaultModel(name) }, ...sampleFiles()];
    const taken = files.filter(({ path }) => existsSync(join(directory, path)));
    if (taken.length > 0) {
      throw new Failure(
        'not-empty',
        `${directory} already holds ${taken.map(({ path }) => path).join(', ')}, and init writes over nothing. Choose another folder.`,
      );
    }
    for (const { path, text } of files) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text, { flag: 'wx' });
    }
    return {
      status: 0,
      json: { directory, files: files.map(({ path }) => path) },
      text: () =>
        [
          `A workspace in ${directory}:`,
          ...files.map(({ path }) => `  ${path}`),
          '',
          `Next: cd ${directory}, then \`bellwether check\`, \`bellwether import\` and \`bellwether run\`.`,
        ].join('\n'),
    };
  },
};
