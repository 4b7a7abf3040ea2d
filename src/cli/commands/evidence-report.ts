import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { groundOf } from '../../evidence/ground.ts';
import { testMilestones } from '../../evidence/milestone.ts';
import { groundSection } from '../../evidence/report/ground_section.ts';
import { milestoneSection } from '../../evidence/report/milestone_section.ts';
import { reportPage } from '../../evidence/report/page.ts';
import { openHistory } from '../../pipeline/evidence.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { instantText, readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';

const WINDOWS = [14, 30, 60];
const COUNTS = [1, 3];
const HORIZON_DAYS = 365;

const OPTIONS = z.object({ asOf: instantText.optional(), out: z.string().default('evidence.html') });

/** `bellwether evidence report`: the evidence as one self-contained page. */
export const evidenceReportCommand: Command = {
  name: 'evidence report',
  summary: 'write the evidence as one self-contained HTML file, with charts and tables; it prints',
  options: [
    { syntax: '--as-of <DAY>', meaning: 'look back from this day (default: the end of the data)' },
    { syntax: '--out <FILE>', meaning: 'where to write it (default: evidence.html)' },
  ],
  examples: [{ syntax: 'bellwether evidence report --out evidence.html', meaning: 'open it in any browser' }],
  json: '{file, sections: [id]}',
  run: async (context, _, options) => {
    const { asOf = null, out } = readOptions(options, OPTIONS);
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const { model } = workspace;
    const history = await openHistory(workspace, { asOf, ageDays: WINDOWS });
    const ground = groundOf(history);
    const milestones = testMilestones(history, {
      windows: WINDOWS,
      counts: COUNTS,
      horizonDays: HORIZON_DAYS,
      areas: model.taxonomy.features,
      workflows: model.taxonomy.workflows,
      declared: model.activation.milestones,
    });
    const sections = [groundSection(ground, model.currency), milestoneSection(history, milestones)];
    const frame = {
      company: model.name,
      followedThrough: ground.followedThrough,
      modelVersion: model.version,
      writtenAt: now,
    };
    const file = context.pathOf(out);
    writeFileSync(file, reportPage(frame, sections));
    return { status: 0, json: { file, sections: sections.map(({ id }) => id) }, text: () => `Written to ${file}.` };
  },
};
