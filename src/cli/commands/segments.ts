import { z } from 'zod';
import { listAccounts } from '../../pipeline/accounts.ts';
import { type SegmentRow, summarizeSegments } from '../../pipeline/segments.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { writeMoney, writeTable } from '../table.ts';

const OPTIONS = z.object({ asOf: instantText.optional() });

/** `bellwether segments`: who is in each segment, and how it is worked. */
export const segmentsCommand: Command = {
  name: 'segments',
  summary: 'show each segment: accounts, ARR, the mix inside it, and how it is worked',
  options: [{ syntax: '--as-of <DAY>', meaning: 'day (00:00 UTC) or instant (default: the end of your events)' }],
  examples: [
    { syntax: 'bellwether segments', meaning: 'as of the end of the data' },
    { syntax: 'bellwether segments --as-of 2026-03-01 --json', meaning: 'as it was then, for machines' },
  ],
  json: '[{name, is_overlay, rule, accounts, arr, arr_unknown, share, arr_share, health: {low, median, high}, cohorts: {name: accounts}, value_tiers, leaving, entering, ineligible, coverage, covered, people, sales_play, expansion_triggers, churn_indicators}], in the precedence of the model',
  run: async (context, _, options) => {
    const { asOf = null } = readOptions(options, OPTIONS);
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const accounts = await listAccounts(workspace, { asOf, now });
    const segments = summarizeSegments(workspace.model, accounts);
    return { status: 0, json: segments, text: (paper) => writeSegments(paper, segments, workspace.model.currency) };
  },
};

function writeSegments(paper: Paper, segments: readonly SegmentRow[], currency: string): string {
  const mix = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  const table = writeTable(
    paper,
    ['segment', 'accounts', 'ARR', 'share', 'health (quartiles)', 'cohorts', 'coverage', 'people'],
    segments.map((row) => [
      row.name,
      row.accounts,
      writeMoney(row.arr, currency),
      row.arr_share === null ? null : `${Math.round(100 * row.arr_share)}%`,
      row.health === null
        ? null
        : [row.health.low, row.health.median, row.health.high].map((value) => Math.round(value)).join(' / '),
      mix(row.cohorts),
      row.coverage?.model,
      row.people,
    ]),
  );
  const plays = segments.map(
    ({ name, sales_play, churn_indicators }) =>
      `${name}: ${sales_play ?? 'no sales play yet'}\n    watched for: ${churn_indicators.join(', ') || 'nothing yet'}`,
  );
  return [table, ...plays].join('\n\n');
}
