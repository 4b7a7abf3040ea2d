import { z } from 'zod';
import { testGhosts } from '../../evidence/ghost.ts';
import type { CellRow, MixRow } from '../../evidence/ghost_row.ts';
import type { TwinRow } from '../../evidence/ghost_twin.ts';
import { countText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { GROUP_OPTIONS, GROUP_PARTS, openPastOf, percentCell, percentSpan } from '../past.ts';
import { writeTable } from '../table.ts';

const OPTIONS = z.object({ ...GROUP_OPTIONS, least: countText.default(30), twins: countText.default(10) });

/** Signals of use in which twins are compared. */
const USE = [
  'active_users_30d',
  'seat_breadth',
  'stickiness',
  'feature_breadth_30d',
  'core_features_30d',
  'sessions_30d',
  'momentum_60d',
  'activity_change_14d',
  'power_users',
  'users_in_decline',
  'workflow_completion_30d',
  'tickets_30d',
  'nps_latest',
  'sponsor_active_30d',
] as const;

/** `bellwether evidence ghosts`: does the average of a firmographic segment describe a customer that exists? */
export const evidenceGhostsCommand: Command = {
  name: 'evidence ghosts',
  summary: 'show what the average of a firmographic segment hides: its mix of behaviour, and twins with opposite ends',
  options: [
    ...GROUP_PARTS,
    {
      syntax: '--least <COUNT>',
      meaning: 'customers that a cell of size and industry takes to stand alone (default: 30)',
    },
    { syntax: '--twins <COUNT>', meaning: 'most pairs of twins (default: 10)' },
  ],
  examples: [
    { syntax: 'bellwether evidence ghosts', meaning: 'every cell with its mix, and the nearest twins' },
    { syntax: 'bellwether evidence ghosts --least 60 --json', meaning: 'larger cells, for machines' },
  ],
  json: "[{kind: 'mix', n, cells, estimate, interval, aboveChance, p, withinCells: [{cohort, hazardRatio, hazardInterval, p, q, verdict}], spread: {between, within}, tried, verdict, needed, horizonDays, sentence} | {kind: 'cell', cell, n, estimate, interval, cohorts: [{cohort, n, share, shareInterval, estimate, interval, accounts, hazardRatio, hazardInterval, p, q, verdict}], tried, verdict, needed, horizonDays, sentence} | {kind: 'twins', cell, accounts: [left, stayed], landmark, distance, days, differed: [{signal, values, by}], sentence}]",
  run: async (context, _, options) => {
    const { asOf = null, horizon, seed, least, twins } = readOptions(options, OPTIONS);
    const { history, panel, model } = await openPastOf(context, { asOf });
    const rows = testGhosts(history, panel, {
      columns: [...model.bands.map(({ name }) => name), 'industry'],
      leastAccounts: least,
      signals: USE,
      horizonDays: horizon,
      twins,
      seed,
    });
    return { status: 0, json: rows, text: (paper) => writeReport(paper, rows) };
  },
};

function writeReport(paper: Paper, rows: readonly (MixRow | CellRow | TwinRow)[]): string {
  const cells = rows.filter((row) => row.kind === 'cell');
  return [
    ...rows.filter((row) => row.kind === 'mix').map(({ sentence }) => sentence),
    writeTable(
      paper,
      ['cell', 'customers', 'stay', 'cohort', 'share', '95%', 'stay', '95%'],
      cells.flatMap((row) =>
        row.cohorts.map((cohort) => [
          row.cell,
          row.n,
          percentCell(row.estimate),
          cohort.cohort,
          percentCell(cohort.share),
          percentSpan(cohort.shareInterval),
          percentCell(cohort.estimate),
          percentSpan(cohort.interval),
        ]),
      ),
    ),
    ...cells.filter(({ verdict }) => verdict === 'holds').map(({ sentence }) => sentence),
    ...rows.filter((row) => row.kind === 'twins').map(({ sentence }) => sentence),
    'Twins are examples, chosen for their ends. A cell with few customers is pooled as other.',
  ].join('\n\n');
}
