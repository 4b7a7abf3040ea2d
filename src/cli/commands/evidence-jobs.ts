import type { JobRow } from '../../evidence/job_row.ts';
import { openDealings } from '../../pipeline/dealings.ts';
import { askJobs, STANDARD } from '../../pipeline/questions.ts';
import { choicesOf, countChoice } from '../choice.ts';
import type { Command, Paper } from '../command.ts';
import { GROUP_CHOICES, openPastOf, percentCell, percentSpan, ratioCell } from '../past.ts';
import { writeMoney, writeTable } from '../table.ts';

const CHOICES = choicesOf({
  ...GROUP_CHOICES,
  conversion: countChoice(
    '--conversion <DAYS>',
    'days after the job was coded in which a contract counts',
    STANDARD.jobs.conversionDays,
  ),
});

/** `bellwether evidence jobs`: which job converts at the highest rate and keeps its customers best? */
export const evidenceJobsCommand: Command = {
  name: 'evidence jobs',
  summary: 'tell how accounts convert and stay by the job they hired the product for: the wedge',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence jobs', meaning: 'conversion, retention and both together by job' },
    { syntax: 'bellwether evidence jobs --json', meaning: 'for machines' },
  ],
  json: '[{job, n, estimate, interval, conversion: {n, events, raw, estimate, interval}, conversionDays, retention, horizonDays, hazardRatio, hazardInterval, p, q, tried, verdict, wedge, expansion: {estimate, interval}, arr, needed: {reason, accounts}, selection: {accounts: [coded, not], retention, interval}, sentence}]',
  run: async (context, _, options) => {
    const { asOf, horizon: horizonDays, seed, conversion: conversionDays } = CHOICES.read(options);
    const past = await openPastOf(context, { asOf });
    const rows = askJobs(past, await openDealings(past, asOf), { horizonDays, conversionDays, seed });
    return { status: 0, json: rows, text: (paper) => writeReport(paper, rows, past.model.currency) };
  },
};

function writeReport(paper: Paper, rows: readonly JobRow[], currency: string): string {
  const [first] = rows;
  if (first === undefined) return 'No account has a coded job: there is nothing to compare.';
  const { accounts, retention } = first.selection;
  return [
    writeTable(
      paper,
      ['job', 'leads', 'convert', 'customers', 'stay', '95%', 'both', '95%', 'leave v. others', 'expand', 'ARR'],
      rows.map((row) => [
        row.job,
        row.conversion.n,
        percentCell(row.conversion.estimate),
        row.n,
        percentCell(row.retention.estimate),
        percentSpan(row.retention.interval),
        percentCell(row.estimate),
        percentSpan(row.interval),
        ratioCell(row.hazardRatio, row.hazardInterval),
        percentCell(row.expansion.estimate),
        writeMoney(row.arr, currency),
      ]),
    ),
    ...rows.map(({ sentence }) => sentence),
    `Only accounts with a coded job are compared. When they were first seen as customers ${accounts[0]} were coded, of whom ${percentCell(retention[0]) ?? '?'} stay, and ${accounts[1]} were not, of whom ${percentCell(retention[1]) ?? '?'} stay. Shares are drawn towards that of all jobs.`,
  ].join('\n\n');
}
