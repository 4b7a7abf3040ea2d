import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { replayRow } from '../../pipeline/quarantined.ts';
import { DATA_FOLDER, openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';
import { doneHere } from '../people.ts';

const ROW = z.string().transform((text, context) => {
  try {
    return z.record(z.string(), z.coerce.string()).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'must be an object of JSON, by the columns of the file' });
    return z.NEVER;
  }
});

const OPTIONS = z.object({
  table: z.string(),
  file: z.string(),
  line: z.string().regex(/^\d{1,19}$/, 'must be a number'),
  row: ROW,
  source: z.string().optional(),
});

/** `bellwether quarantine replay`: a refused row, corrected, goes through the same door again. */
export const quarantineReplayCommand: Command = {
  name: 'quarantine replay',
  summary: 'send a refused row, corrected, through the same door again',
  options: [
    { syntax: '--table <TABLE>', meaning: 'table of the refused row' },
    { syntax: '--file <FILE>', meaning: 'its file, as `bellwether quarantine` tells it' },
    { syntax: '--line <LINE>', meaning: 'its line' },
    { syntax: '--row <JSON>', meaning: 'what it should have said, by the columns of the file' },
    { syntax: '--source <SOURCE>', meaning: 'a source of the model, or a mapping in JSON (default: that of the row)' },
  ],
  examples: [
    {
      syntax: `bellwether quarantine replay --table accounts --file data/accounts.csv --line 8 --row '{"account_id":"a7","employees":"12"}'`,
      meaning: 'the row is accepted, and no longer in quarantine',
    },
  ],
  json: '{outcome: accepted | known | refused, refusals: [{field, reason, message}]}',
  run: async (context, _, options) => {
    const { source = null, ...place } = readOptions(options, OPTIONS);
    const { directory, engines, now, run, user } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const folder = join(directory, DATA_FOLDER, 'uploads', `${run.replace(/\W/g, '_')}_replay`);
    const patience = { pause: (milliseconds: number) => sleep(milliseconds) };
    const act = { action: 'quarantine.replay', subject: `${place.table} line ${place.line}` };
    const replayed = await doneHere(context, workspace.ledger, act, () =>
      replayRow(workspace, { ...place, source, directory: folder, by: user, now, patience }),
    );
    const why = replayed.refusals.map(({ field, message }) => `${field} ${message}`.trim()).join('; ');
    return {
      status: replayed.outcome === 'refused' ? 1 : 0,
      json: replayed,
      text: () =>
        replayed.outcome === 'refused'
          ? `Refused again: ${why}. Nothing was changed.`
          : replayed.outcome === 'known'
            ? 'The same was accepted before; the row is no longer in quarantine.'
            : 'Accepted; the row is no longer in quarantine.',
    };
  },
};
