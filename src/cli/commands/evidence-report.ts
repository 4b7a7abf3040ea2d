import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { buildReport } from '../../pipeline/report.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { countText, instantText, readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';

const OPTIONS = z.object({
  asOf: instantText.optional(),
  out: z.string().default('evidence.html'),
  seed: countText.default(1),
});

/** `bellwether evidence report`: the evidence as one self-contained page. */
export const evidenceReportCommand: Command = {
  name: 'evidence report',
  summary: 'write the evidence as one self-contained HTML file, with charts and tables; it prints',
  options: [
    { syntax: '--as-of <DAY>', meaning: 'look back from this day (default: the end of the data)' },
    { syntax: '--out <FILE>', meaning: 'where to write it (default: evidence.html)' },
    { syntax: '--seed <NUMBER>', meaning: 'seed of shuffles and draws (default: 1)' },
  ],
  examples: [{ syntax: 'bellwether evidence report --out evidence.html', meaning: 'open it in any browser' }],
  json: '{file, sections: [id]}',
  run: async (context, _, options) => {
    const { asOf = null, out, seed } = readOptions(options, OPTIONS);
    const { directory, engines, now, run, progress } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const onProgress = (done: number, all: number): void => progress.tell('signals', done, all);
    const { page, sections } = await buildReport(workspace, { asOf, now, seed, onProgress });
    const file = context.pathOf(out);
    writeFileSync(file, page);
    return { status: 0, json: { file, sections }, text: () => `Written to ${file}.` };
  },
};
