import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { EXPORTED, FORMATS, writeExport } from '../../pipeline/export.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { instantText, readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';
import { writeCount } from '../table.ts';

const OPTIONS = z.object({
  asOf: instantText.optional(),
  format: z.enum(FORMATS, 'must be csv or parquet').default('csv'),
  out: z.string().optional(),
});
const WHAT = z.enum(EXPORTED, `must be one of ${EXPORTED.join(', ')}`);

/** `bellwether export`: accounts, users, signals or moves as a file. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'write accounts, users, signals or recorded moves to a CSV or Parquet file',
  arguments: [{ syntax: '<WHAT>', meaning: EXPORTED.join(', ') }],
  options: [
    { syntax: '--as-of <DAY>', meaning: 'day (00:00 UTC) or instant (default: the end of your events; of moves all)' },
    { syntax: '--format <FORMAT>', meaning: 'csv or parquet (default: csv)' },
    { syntax: '--out <FILE>', meaning: 'where to write it (default: accounts.csv and so on)' },
  ],
  examples: [
    { syntax: 'bellwether export accounts', meaning: 'accounts.csv, safe to open in a spreadsheet' },
    {
      syntax: 'bellwether export signals --format parquet --out signals.parquet',
      meaning: 'every signal of every account',
    },
  ],
  json: '{file, what, format, rows}',
  run: async (context, [word = ''], options) => {
    const { asOf = null, format, out } = readOptions(options, OPTIONS);
    const { what } = readOptions({ what: word }, z.object({ what: WHAT }));
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const file = context.pathOf(out ?? `${what}.${format}`);
    const stream = createWriteStream(file);
    const [rows] = await Promise.all([writeExport(workspace, { what, format, asOf, now }, stream), finished(stream)]);
    return {
      status: 0,
      json: { file, what, format, rows },
      text: () => `${writeCount(rows, 'row')} written to ${file}.`,
    };
  },
};
