import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../model/failure.ts';
import { readBackup, restore } from '../../pipeline/restore.ts';
import { holdsData, MODEL_FILE, openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import type { Command } from '../command.ts';
import { doneHere } from '../people.ts';
import { writeCount } from '../table.ts';

/** `bellwether restore`: a backup becomes a workspace. */
export const restoreCommand: Command = {
  name: 'restore',
  summary: 'make a workspace from a backup, in a folder that holds none',
  arguments: [{ syntax: '<DIR>', meaning: 'folder of the backup' }],
  examples: [
    { syntax: 'bellwether restore /mnt/backups/2026-03-01 --workspace new', meaning: 'every byte is checked first' },
  ],
  json: '{workspace, at, modelVersion, rows}',
  run: async (context, [backup = ''], _options) => {
    const { directory, engines: configuration, run, progress, pathOf, onClose } = context;
    const folder = pathOf(backup);
    const manifest = await readBackup(folder);
    await mkdir(directory, { recursive: true });
    const model = join(directory, MODEL_FILE);
    if (existsSync(model) || (configuration.warehouseUrl === undefined && holdsData(directory, configuration))) {
      throw new Failure(
        'not-empty',
        `${directory} is a workspace already. Name a folder that holds none with --workspace.`,
      );
    }
    await copyFile(join(folder, MODEL_FILE), model);
    const engines = await openWorkspace({ directory, configuration, run, catalogue: SIGNAL_CATALOGUE });
    onClose(engines.close);
    await restore(engines, folder, manifest, (done, all) => progress.tell('tables', done, all));
    // The log comes with the backup, so the entry can only be made after it.
    await doneHere(context, engines.ledger, { action: 'restore', subject: manifest.at }, () => Promise.resolve());
    const rows = manifest.files.reduce((sum, file) => sum + file.rows, 0);
    return {
      status: 0,
      json: { workspace: directory, at: manifest.at, modelVersion: manifest.modelVersion, rows },
      text: () =>
        `${writeCount(rows, 'row')} as of ${manifest.at} are in ${directory}.\n\nNext: bellwether run --workspace ${directory}`,
    };
  },
};
