import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type ImportAnswer, importFacts } from '../../pipeline/import.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { writeDiagnostics } from '../diagnostics.ts';
import { doneHere } from '../people.ts';
import { writeCount, writeTable } from '../table.ts';

const OPTIONS = z.object({
  dryRun: z.boolean().optional(),
  source: z.array(z.string()).optional(),
});
const MOST_REFUSALS = 20;

/** `bellwether import`: files to facts, with what was refused and why. */
export const importCommand: Command = {
  name: 'import',
  summary: 'read the files of the model into facts, and say what was refused and why',
  options: [
    { syntax: '--dry-run', meaning: 'read, check and count everything, and keep nothing' },
    { syntax: '--source <NAME...>', meaning: 'only these sources of the model' },
  ],
  examples: [
    { syntax: 'bellwether import --dry-run', meaning: 'what the files would give' },
    { syntax: 'bellwether import', meaning: 'all sources; repeating it changes nothing' },
    { syntax: 'bellwether import --source events', meaning: 'one source' },
  ],
  json: '{files: [{file, table, source, read, accepted, refused, duplicates, skipped}], quarantine, refusals, conflicts, coverage, created, unattributed, excluded: {users, accounts, events}, contradictions, withoutUsers, diagnostics}',
  run: async (context, _, options) => {
    const { dryRun, source } = readOptions(options, OPTIONS);
    const { directory, engines, environment, now, progress, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const read = () =>
      importFacts(
        workspace,
        {
          environment,
          now,
          dryRun,
          only: source,
          patience: {
            pause: (milliseconds) => sleep(milliseconds),
            onWait: () => context.log('Another import is under way; this one begins when it has ended.\n'),
          },
          onProgress: ({ file, readBytes, totalBytes }) => progress.tell(file, readBytes, totalBytes),
        },
        run,
      );
    const act = { action: 'imports.read', subject: source?.join(', ') ?? 'every source' };
    const report = dryRun === true ? await read() : await doneHere(context, workspace.ledger, act, read);
    const isClean = report.quarantine === 0 && report.diagnostics.every(({ severity }) => severity !== 'error');
    return { status: isClean ? 0 : 1, json: report, text: (paper) => writeReport(paper, report) };
  },
};

function writeReport(paper: Paper, report: ImportAnswer): string {
  const parts = [
    writeTable(
      paper,
      ['file', 'table', 'read', 'accepted', 'refused', 'known'],
      report.files.map((file) => [file.file, file.table, file.read, file.accepted, file.refused, file.duplicates]),
    ),
    writeRefusals(paper, report),
    report.coverage.length === 0
      ? ''
      : writeTable(
          paper,
          ['source', 'table', 'rows', 'covers from', 'complete through'],
          report.coverage.map((row) => [
            row.source,
            row.table,
            row.rows,
            day(row.coversFrom),
            day(row.completeThrough),
          ]),
        ),
    writeDiagnostics(report.diagnostics),
    writeNotes(report).join('\n'),
    report.dryRun ? 'A dry run: nothing was kept.' : 'Next: `bellwether check`, then `bellwether run`.',
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function writeRefusals(paper: Paper, { refusals, quarantine }: ImportAnswer): string {
  if (refusals.length === 0) return '';
  const shown = refusals.slice(0, MOST_REFUSALS);
  const rows = shown.map(({ file, line, field, reason, rows: count, message }) => [
    `${file}:${line}`,
    field,
    reason,
    count,
    message,
  ]);
  const rest = refusals.length > shown.length ? `\n... and ${refusals.length - shown.length} more reasons.` : '';
  return `Refused: ${writeCount(quarantine, 'row')}, kept in the quarantine. The first of each kind:\n${writeTable(
    paper,
    ['place', 'field', 'reason', 'rows', 'message'],
    rows,
  )}${rest}`;
}

function writeNotes(report: ImportAnswer): readonly string[] {
  const { created, conflicts, contradictions, excluded } = report;
  return [
    ...conflicts.map(
      (conflict) =>
        `${writeCount(conflict.rows, 'row')} of ${conflict.file} (first: line ${conflict.line}) say something else than a row with the same key; the first stayed.`,
    ),
    ...(created.accounts + created.users === 0
      ? []
      : [
          `${writeCount(created.accounts, 'account')} and ${writeCount(created.users, 'user')} are named by facts alone; their start is assumed.`,
        ]),
    ...(report.unattributed === 0
      ? []
      : [`${writeCount(report.unattributed, 'event')} could not be given to one account, and count for none.`]),
    ...(excluded === null
      ? []
      : [
          `${writeCount(excluded.users, 'user')} and ${writeCount(excluded.accounts, 'account')} are excluded by the model, with ${writeCount(excluded.events, 'event')}: they are in no signal.`,
        ]),
    ...report.withoutUsers.map((source) => `No event of ${source} names a user: active users and tiers stay unknown.`),
    ...contradictions.map(({ message }) => `${message}.`),
  ];
}

function day(text: string | null): string | null {
  return text === null ? null : text.slice(0, 10);
}
