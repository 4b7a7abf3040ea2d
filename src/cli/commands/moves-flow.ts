import { z } from 'zod';
import { listAccounts } from '../../pipeline/accounts.ts';
import { type Heading, type Migration, migration, saidOf } from '../../pipeline/migration.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { writeMoney, writeTable } from '../table.ts';

const OPTIONS = z.object({ since: instantText.optional(), until: instantText.optional() });
const USUAL_DAYS = 30;
const DAY_MS = 86_400_000;

/** `bellwether moves flow`: where accounts were, where they are, and who is on the way. */
export const movesFlowCommand: Command = {
  name: 'moves flow',
  summary: 'tell where accounts went between segments over a period, and who moves toward power or toward at-risk',
  options: [
    { syntax: '--since <DAY>', meaning: 'start of the period (default: 30 days before its end)' },
    { syntax: '--until <DAY>', meaning: 'its end (default: now)' },
  ],
  examples: [{ syntax: 'bellwether moves flow --since 2026-03-01', meaning: 'from then to now' }],
  json: '{since, until, flows: [{from, to, accounts, arr, arr_unknown}], segments: [{name, at_start, came, left, at_end, net_arr}], causes: [{cause, moves}], toward_power: [{account_id, name, segment, arr, cohort_before, cohort, direction, kind}], toward_at_risk}',
  run: async (context, _, options) => {
    const asked = readOptions(options, OPTIONS);
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const until = asked.until ?? now.getTime();
    const said = saidOf(await listAccounts(workspace, { asOf: null, now }));
    const found = await migration(workspace, said, { since: asked.since ?? until - USUAL_DAYS * DAY_MS, until });
    return { status: 0, json: found, text: (paper) => writeFlow(paper, found, workspace.model.currency) };
  },
};

function writeFlow(paper: Paper, found: Migration, currency: string): string {
  const flows = writeTable(
    paper,
    ['from', 'to', 'accounts', 'ARR'],
    found.flows.map(({ from, to, accounts, arr }) => [
      from ?? 'none',
      to ?? 'none',
      accounts,
      writeMoney(arr, currency),
    ]),
  );
  const segments = writeTable(
    paper,
    ['segment', 'then', 'came', 'left', 'now', 'net ARR'],
    found.segments.map((row) => [
      row.name,
      row.at_start,
      row.came,
      row.left,
      row.at_end,
      writeMoney(row.net_arr, currency),
    ]),
  );
  const headings = (title: string, rows: readonly Heading[]): string =>
    `${title}:\n${
      rows.length === 0
        ? '  nobody'
        : writeTable(
            paper,
            ['account', 'segment', 'cohort then', 'now', 'use', 'ARR'],
            rows.map((row) => [
              ...[row.name ?? row.account_id, row.segment, row.cohort_before, row.cohort, row.direction],
              writeMoney(row.arr, currency),
            ]),
          )
    }`;
  return [
    `${found.since.slice(0, 10)} to ${found.until.slice(0, 10)}`,
    ...[
      flows,
      segments,
      headings('Toward power', found.toward_power),
      headings('Toward at-risk', found.toward_at_risk),
    ],
  ].join('\n\n');
}
