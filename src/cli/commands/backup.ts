import { join } from 'node:path';
import { z } from 'zod';
import { type BackupManifest, backUp } from '../../pipeline/backup.ts';
import { DATA_FOLDER, openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';
import { doneHere } from '../people.ts';
import { writeCount } from '../table.ts';

const OPTIONS = z.object({ to: z.string().min(1).optional() });

/** `bellwether backup`: facts, decisions and model, in one folder. */
export const backupCommand: Command = {
  name: 'backup',
  summary: 'copy facts, decisions and model into one folder, consistent with each other',
  options: [
    {
      syntax: '--to <DIR>',
      meaning: 'folder to make (default: one of this moment in the workspace’s .bellwether/backups)',
    },
  ],
  examples: [
    { syntax: 'bellwether backup --to /mnt/backups/2026-03-01', meaning: 'on another disk' },
    { syntax: 'bellwether restore /mnt/backups/2026-03-01 --workspace new', meaning: 'into an empty folder' },
  ],
  json: '{folder, at, modelVersion, files: [{path, engine, table, rows, bytes, sha256}]}',
  run: async (context, _, options) => {
    const { to } = readOptions(options, OPTIONS);
    const { directory, engines: configuration, run, now, progress, pathOf, onClose } = context;
    const engines = await openWorkspace({ directory, configuration, run, catalogue: SIGNAL_CATALOGUE });
    onClose(engines.close);
    const stamp = now.toISOString().replaceAll(':', '-').slice(0, 19);
    const folder = to === undefined ? join(directory, DATA_FOLDER, 'backups', stamp) : pathOf(to);
    const onProgress = (done: number, all: number) => progress.tell('tables', done, all);
    const manifest = await doneHere(context, engines.ledger, { action: 'backups.make', subject: stamp }, () =>
      backUp(engines, { folder, now, onProgress }),
    );
    return { status: 0, json: { folder, ...manifest }, text: () => writeBackup(folder, manifest) };
  },
};

function writeBackup(folder: string, { files }: BackupManifest): string {
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return `${writeCount(rows, 'row')} of ${writeCount(files.length, 'table')} and the model are in ${folder} (${(bytes / 1e6).toFixed(1)} MB).\n\nRestore with: bellwether restore ${folder} --workspace NEW-FOLDER`;
}
