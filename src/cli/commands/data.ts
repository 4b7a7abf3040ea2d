import { type Known, knownOf } from '../../pipeline/known.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import type { Command, Paper } from '../command.ts';
import { writeCount, writeTable } from '../table.ts';

/** `bellwether data`: what is known, how fresh it is, and what could not be used. */
export const dataCommand: Command = {
  name: 'data',
  summary: 'tell what is known, how fresh each input is, what follows from that, and what could not be used',
  examples: [
    { syntax: 'bellwether data', meaning: 'every input, contradictions, and events that belong to no account' },
    { syntax: 'bellwether data --json', meaning: 'for machines' },
  ],
  json: '{now, inputs: [{table, source, state, rows, receivedAt, happenedAt, coversFrom, completeThrough, behindDays, signals, follows}], refused, contradictions: [{code, message, count, of}], unattributed: [{reason, events, users, last, examples}]}',
  run: async (context) => {
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const known = await knownOf(workspace, now);
    return { status: 0, json: known, text: (paper) => writeKnown(paper, known) };
  },
};

function writeKnown(paper: Paper, { inputs, refused, contradictions, unattributed }: Known): string {
  const here = inputs.filter(({ state }) => state !== 'absent');
  const absent = inputs.filter(({ state }) => state === 'absent').map(({ table }) => table);
  return [
    writeTable(
      paper,
      ['table', 'source', 'stands', 'rows', 'what follows'],
      here.map(({ table, source, state, rows, follows }) => [table, source, state, rows, follows]),
    ),
    absent.length === 0 ? '' : `No source fills ${absent.join(', ')}.`,
    `${writeCount(refused, 'row')} refused and not put right: \`bellwether quarantine\`.`,
    ...contradictions.map(({ message }) => `${message}.`),
    ...unattributed.map(
      ({ reason, events, users }) =>
        `${writeCount(events, 'event')} of ${writeCount(users, 'user')} belong to no account: ${reason.replaceAll('-', ' ')}.`,
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
