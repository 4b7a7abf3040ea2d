import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { buildReport } from '../../pipeline/report.ts';
import { AS_OF, type Choice, choicesOf, SEED } from '../choice.ts';
import type { Command } from '../command.ts';
import { openWorkspaceOf, telling } from '../past.ts';

const OUT: Choice<string> = {
  part: { syntax: '--out <FILE>', meaning: 'where to write it (default: evidence.html)' },
  schema: z.string().default('evidence.html'),
};

const CHOICES = choicesOf({ asOf: AS_OF, out: OUT, seed: SEED });

/** `bellwether evidence report`: the evidence as one self-contained page. */
export const evidenceReportCommand: Command = {
  name: 'evidence report',
  summary: 'write the evidence as one self-contained HTML file, with charts and tables; it prints',
  options: CHOICES.parts,
  examples: [{ syntax: 'bellwether evidence report --out evidence.html', meaning: 'open it in any browser' }],
  json: '{file, sections: [id]}',
  run: async (context, _, options) => {
    const { asOf, out, seed } = CHOICES.read(options);
    const workspace = await openWorkspaceOf(context);
    const request = { asOf, now: context.now, seed, onProgress: telling(context) };
    const { page, sections } = await buildReport(workspace, request);
    const file = context.pathOf(out);
    writeFileSync(file, page);
    return { status: 0, json: { file, sections }, text: () => `Written to ${file}.` };
  },
};
