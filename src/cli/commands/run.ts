import { z } from 'zod';
import { type RunReport, runModel } from '../../pipeline/run.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { writeCount, writeInstant, writeMoney, writeTable } from '../table.ts';
import { tellUnpublished } from '../unpublished.ts';

const OPTIONS = z.object({ asOf: instantText.optional() });
const MOST_MOVES = 20;

/** `bellwether run`: every account's segment as of a day, and what moved since the run before. */
export const runCommand: Command = {
  name: 'run',
  summary: 'decide every account’s segment as of a day, and record what moved',
  options: [{ syntax: '--as-of <DAY>', meaning: 'day (00:00 UTC) or instant (default: the end of your events)' }],
  examples: [
    { syntax: 'bellwether run', meaning: 'as of the end of the data; records moves' },
    {
      syntax: 'bellwether run --as-of 2026-03-01',
      meaning: 'that day; a day before the last recorded one is only read',
    },
  ],
  json: '{asOf, runId, read, accounts, segments: [{name, accounts, arr, arr_unknown}], moves: [{account_id, from, to, cause}], held, heldBecause, unattributed, quarantined, recorded, lastRecorded, modelVersion, ineligible, eligibilityUnknown, waiting, daysComputed}',
  run: async (context, _, options) => {
    const { asOf = null } = readOptions(options, OPTIONS);
    const { directory, engines, now, progress, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    tellUnpublished(context, workspace);
    const report = await runModel(workspace, {
      asOf,
      now,
      onProgress: (done, all) => progress.tell('days', done, all),
    });
    return {
      status: report.heldBecause === null ? 0 : 1,
      json: report,
      text: (paper) => writeRun(paper, report, workspace.model.currency),
    };
  },
};

function writeRun(paper: Paper, report: RunReport, currency: string): string {
  const parts = [
    `As of ${writeInstant(new Date(report.asOf))}: ${writeCount(report.accounts, 'account')} from ${writeCount(report.read, 'fact')}.`,
    writeTable(
      paper,
      ['segment', 'accounts', 'ARR'],
      report.segments.map(({ name, accounts, arr }) => [name, accounts, writeMoney(arr, currency)]),
    ),
    writeMoves(paper, report),
    writeUnknown(report).join('\n'),
    report.recorded
      ? 'Recorded. Next: `bellwether accounts`, or `bellwether accounts explain ID` to see why.'
      : `Only read, not recorded: ${writeInstant(new Date(report.lastRecorded ?? report.asOf))} was recorded already.`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function writeMoves(paper: Paper, { moves, heldBecause, held }: RunReport): string {
  if (moves.length === 0) return 'Nobody moved.';
  const causes = [...new Set(moves.map(({ cause }) => cause))].map(
    (cause) => `${moves.filter((move) => move.cause === cause).length} by ${cause}`,
  );
  const telling = moves.filter(({ cause }) => cause !== 'first assignment');
  const shown = telling.slice(0, MOST_MOVES);
  const rest = telling.length > shown.length ? `\n... and ${telling.length - shown.length} more.` : '';
  const table =
    shown.length === 0
      ? ''
      : `\n${writeTable(
          paper,
          ['account', 'from', 'to', 'cause'],
          shown.map(({ account_id, from, to, cause }) => [account_id, from, to, cause]),
        )}${rest}`;
  const hold =
    heldBecause === null ? '' : `\nHELD: ${writeCount(held, 'move')} wait for a person to look: ${heldBecause}`;
  return `${writeCount(moves.length, 'move')}: ${causes.join(', ')}.${table}${hold}`;
}

function writeUnknown(report: RunReport): readonly string[] {
  const lines: readonly (readonly [number, string, string])[] = [
    [report.waiting, 'account', 'waiting for the dwell of another segment to end'],
    [report.ineligible, 'customer', 'outside the ideal customer profile'],
    [report.eligibilityUnknown, 'customer', 'of whom it is unknown whether they are inside it'],
    [report.unattributed, 'event', 'that belong to no one account, and count for none'],
    [report.quarantined, 'row', 'refused at import'],
  ];
  return lines.filter(([count]) => count > 0).map(([count, noun, words]) => `${writeCount(count, noun)} ${words}.`);
}
