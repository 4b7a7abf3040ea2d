import type { SequenceRow } from '../../evidence/sequence.ts';
import { writeCount, writeList } from '../../evidence/wording.ts';
import { askSequences, STANDARD } from '../../pipeline/questions.ts';
import { AS_OF, choicesOf, countChoice, horizonChoice } from '../choice.ts';
import type { Command, Paper } from '../command.ts';
import { openHistoryOf, percentCell, percentSpan, ratioCell } from '../past.ts';
import { writeTable } from '../table.ts';

const standard = STANDARD.sequences;

const CHOICES = choicesOf({
  asOf: AS_OF,
  horizon: horizonChoice(standard.horizonDays, 'days after the age in which a churn counts'),
  least: countChoice('--least <COUNT>', 'accounts that an order takes to be looked at', standard.leastAccounts),
});

/** `bellwether evidence sequences`: does the order in which features are first used go with staying? */
export const evidenceSequencesCommand: Command = {
  name: 'evidence sequences',
  summary: 'test whether the order in which feature areas are first used goes with staying',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence sequences', meaning: 'the first three areas, at 60 and 90 days of age' },
    { syntax: 'bellwether evidence sequences --least 50 --json', meaning: 'frequent orders only, for machines' },
  ],
  json: '[{order, ageDays, n: [order, others of the same areas], events, estimate, interval, othersRetention, hazardRatio, hazardInterval, p, q, tried, horizonDays, verdict, needed: {reason, accounts}, sentence}]',
  run: async (context, _, options) => {
    const { asOf, horizon: horizonDays, least: leastAccounts } = CHOICES.read(options);
    const { ages } = standard;
    const opened = await openHistoryOf(context, { asOf, ageDays: ages });
    const rows = askSequences(opened, { ages, horizonDays, leastAccounts });
    return { status: 0, json: rows, text: (paper) => writeReport(paper, rows, leastAccounts) };
  },
};

function writeReport(paper: Paper, rows: readonly SequenceRow[], least: number): string {
  if (rows.length === 0)
    return `No order of three feature areas was taken by ${writeCount(least, 'account')} or more at ${writeList(standard.ages.map(String))} days of age: there is nothing to compare. --least takes a smaller number.`;
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
