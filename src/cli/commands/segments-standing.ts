import { segmentStandings } from '../../pipeline/life-cycle.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import type { Command } from '../command.ts';
import { writeTable } from '../table.ts';

/** `bellwether segments standing`: where each segment stands in its life. */
export const segmentsStandingCommand: Command = {
  name: 'segments standing',
  summary: 'tell whether each segment is a hypothesis, validated, operational or stale, and what it lacks',
  examples: [{ syntax: 'bellwether segments standing', meaning: 'from the evidence that a service has computed last' }],
  json: '[{segment, state, because, lacks, review_due_on, evidence: {retention: {estimate, interval}, expansion: {estimate, interval}, horizonDays, accounts, verdict, sentence}, evidence_as_of}], in the precedence of the model',
  run: async (context) => {
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const rows = await segmentStandings(workspace, now);
    return {
      status: 0,
      json: rows,
      text: (paper) =>
        writeTable(
          paper,
          ['segment', 'state', 'because'],
          rows.map(({ segment, state, because }) => [segment, state, because]),
        ),
    };
  },
};
