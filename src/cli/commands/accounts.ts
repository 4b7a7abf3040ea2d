import { z } from 'zod';
import { type AccountRow, listAccounts } from '../../pipeline/accounts.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { countText, instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { writeCount, writeMoney, writeTable } from '../table.ts';

const OPTIONS = z.object({
  asOf: instantText.optional(),
  segment: z.string().optional(),
  limit: countText.default(40),
});

/** `bellwether accounts`: every account with its segment and what it rests on. */
export const accountsCommand: Command = {
  name: 'accounts',
  summary: 'list accounts with segment, cohort, value tier and what is unknown',
  options: [
    { syntax: '--as-of <DAY>', meaning: 'day (00:00 UTC) or instant (default: the end of your events)' },
    { syntax: '--segment <NAME>', meaning: 'accounts of this segment' },
    { syntax: '--limit <ROWS>', meaning: 'rows of the table (default: 40; --json has all of them)' },
  ],
  examples: [
    { syntax: 'bellwether accounts --segment At-Risk', meaning: 'whom to save first, by ARR' },
    { syntax: 'bellwether accounts --as-of 2026-03-01 --json', meaning: 'all of them as they were, for machines' },
  ],
  json: '[{account_id, as_of, name, relationship, eligible, lifecycle, direction, cohort, archetype, value_tier, value_score, csm, arr, segment, since, score, health, unknown: [{signal, reason}], home, raw, likely_segment, coverage: {segment, model, ratio}, overridden, waiting, job, firmographics: {name: value}}], sorted by account_id',
  run: async (context, _, options) => {
    const { asOf = null, segment, limit } = readOptions(options, OPTIONS);
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const all = await listAccounts(workspace, { asOf, now });
    const rows = segment === undefined ? all : all.filter((row) => row.segment === segment);
    return { status: 0, json: rows, text: (paper) => writeAccounts(paper, rows, limit, workspace.model.currency) };
  },
};

function writeAccounts(paper: Paper, rows: readonly AccountRow[], limit: number, currency: string): string {
  if (rows.length === 0) return 'No account.';
  const byWorth = rows.toSorted((a, b) => (b.arr ?? -1) - (a.arr ?? -1));
  const shown = byWorth.slice(0, limit);
  const table = writeTable(
    paper,
    ['account', 'name', 'segment', 'since', 'cohort', 'tier', 'ARR', 'health', 'unknown'],
    shown.map((row) => [
      row.account_id,
      row.name,
      row.segment ??
        (row.likely_segment === null ? row.relationship : `${row.relationship}, likely ${row.likely_segment}`),
      row.since?.slice(0, 10),
      row.cohort,
      row.value_tier,
      writeMoney(row.arr, currency),
      row.health === null ? null : Math.round(row.health),
      row.unknown.length === 0 ? null : row.unknown.map(({ signal }) => signal).join(', '),
    ]),
  );
  const rest = rows.length > shown.length ? `\n... and ${rows.length - shown.length} more; --limit shows more.` : '';
  return `${writeCount(rows.length, 'account')} as of ${shown[0]?.as_of.slice(0, 10) ?? ''}, by ARR:\n${table}${rest}`;
}
