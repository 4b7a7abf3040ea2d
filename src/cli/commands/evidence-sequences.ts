import { z } from 'zod';
import { type SequenceRow, testSequences } from '../../evidence/sequence.ts';
import { openHistory } from '../../pipeline/evidence.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { countText, instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { percentCell, percentSpan, ratioCell } from '../past.ts';
import { writeTable } from '../table.ts';

const OPTIONS = z.object({
  asOf: instantText.optional(),
  horizon: countText.default(365),
  least: countText.default(20),
});
const AGES = [60, 90];

/** `bellwether evidence sequences`: does the order in which features are first used go with staying? */
export const evidenceSequencesCommand: Command = {
  name: 'evidence sequences',
  summary: 'test whether the order in which feature areas are first used goes with staying',
  options: [
    { syntax: '--as-of <DAY>', meaning: 'look back from this day (default: the end of the data)' },
    { syntax: '--horizon <DAYS>', meaning: 'days after the age in which a churn counts (default: 365)' },
    { syntax: '--least <COUNT>', meaning: 'accounts that an order takes to be looked at (default: 20)' },
  ],
  examples: [
    { syntax: 'bellwether evidence sequences', meaning: 'the first three areas, at 60 and 90 days of age' },
    { syntax: 'bellwether evidence sequences --least 50 --json', meaning: 'frequent orders only, for machines' },
  ],
  json: '[{order, ageDays, n: [order, others of the same areas], events, estimate, interval, othersRetention, hazardRatio, hazardInterval, p, q, tried, horizonDays, verdict, needed: {reason, accounts}, sentence}]',
  run: async (context, _, options) => {
    const { asOf = null, horizon, least } = readOptions(options, OPTIONS);
    const { directory, engines, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const history = await openHistory(workspace, { asOf, ageDays: AGES });
    const { features } = workspace.model.taxonomy;
    const areas = features.filter(({ isEntry, isHelp }) => !isEntry && !isHelp).map(({ name }) => name);
    const rows = testSequences(history, { areas, ages: AGES, horizonDays: horizon, leastAccounts: least });
    return { status: 0, json: rows, text: (paper) => writeReport(paper, rows) };
  },
};

function writeReport(paper: Paper, rows: readonly SequenceRow[]): string {
  return [
    writeTable(
      paper,
      [
        'first three areas',
        'age',
        'accounts',
        'stay',
        '95%',
        'other orders',
        'stay',
        'leave v. others',
        'q',
        'verdict',
      ],
      rows.map((row) => [
        row.order.join(' > '),
        `${row.ageDays}d`,
        row.n[0],
        percentCell(row.estimate),
        percentSpan(row.interval),
        row.n[1],
        percentCell(row.othersRetention),
        ratioCell(row.hazardRatio, row.hazardInterval),
        row.q === null ? null : row.q.toPrecision(2),
        row.verdict.replaceAll('_', ' '),
      ]),
    ),
    ...rows.filter(({ verdict }) => verdict !== 'too_little_data').map(({ sentence }) => sentence),
    'Each order is compared with other orders of the same three areas. Areas of entry and of help are left out.',
  ].join('\n\n');
}
