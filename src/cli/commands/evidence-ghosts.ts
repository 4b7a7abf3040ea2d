import type { CellRow, MixRow } from '../../evidence/ghost_row.ts';
import type { TwinRow } from '../../evidence/ghost_twin.ts';
import { askGhosts, STANDARD } from '../../pipeline/questions.ts';
import { choicesOf, countChoice } from '../choice.ts';
import type { Command, Paper } from '../command.ts';
import { GROUP_CHOICES, openPastOf, percentCell, percentSpan } from '../past.ts';
import { writeTable } from '../table.ts';

const { leastAccounts: leastStandard, twins: twinsStandard } = STANDARD.ghosts;

const CHOICES = choicesOf({
  ...GROUP_CHOICES,
  least: countChoice(
    '--least <COUNT>',
    'customers that a cell of size and industry takes to stand alone',
    leastStandard,
  ),
  twins: countChoice('--twins <COUNT>', 'most pairs of twins', twinsStandard),
});

/** `bellwether evidence ghosts`: does the average of a firmographic segment describe a customer that exists? */
export const evidenceGhostsCommand: Command = {
  name: 'evidence ghosts',
  summary: 'show what the average of a firmographic segment hides: its mix of behaviour, and twins with opposite ends',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence ghosts', meaning: 'every cell with its mix, and the nearest twins' },
    { syntax: 'bellwether evidence ghosts --least 60 --json', meaning: 'larger cells, for machines' },
  ],
  json: "[{kind: 'mix', n, cells, estimate, interval, aboveChance, p, withinCells: [{cohort, hazardRatio, hazardInterval, p, q, verdict}], spread: {between, within}, tried, verdict, needed, horizonDays, sentence} | {kind: 'cell', cell, n, estimate, interval, cohorts: [{cohort, n, share, shareInterval, estimate, interval, accounts, hazardRatio, hazardInterval, p, q, verdict}], tried, verdict, needed, horizonDays, sentence} | {kind: 'twins', cell, accounts: [left, stayed], landmark, distance, days, differed: [{signal, values, by}], sentence}]",
  run: async (context, _, options) => {
    const { asOf, horizon: horizonDays, seed, least: leastAccounts, twins } = CHOICES.read(options);
    const rows = askGhosts(await openPastOf(context, { asOf }), { leastAccounts, horizonDays, twins, seed });
    return { status: 0, json: rows, text: (paper) => writeReport(paper, rows) };
  },
};

function writeReport(paper: Paper, rows: readonly (MixRow | CellRow | TwinRow)[]): string {
  const cells = rows.filter((row) => row.kind === 'cell');
  const mix = rows.filter((row) => row.kind === 'mix').map(({ sentence }) => sentence);
  if (cells.length === 0) return mix.join('\n\n');
  return [
    ...mix,
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
