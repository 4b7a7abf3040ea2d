import { z } from 'zod';
import type { MilestoneReport, MilestoneRow } from '../../evidence/milestone.ts';
import { askMilestones, STANDARD } from '../../pipeline/questions.ts';
import { countText } from '../arguments.ts';
import { AS_OF, type Choice, choicesOf, horizonChoice, limitChoice } from '../choice.ts';
import type { Command, Paper } from '../command.ts';
import { openHistoryOf, percentCell } from '../past.ts';
import { writeTable } from '../table.ts';

const WHOLE = z
  .string()
  .transform((text) => text.split(',').map((word) => word.trim()))
  .pipe(z.array(countText));

const standard = STANDARD.milestones;

function listChoice(syntax: string, meaning: string, numbers: readonly number[]): Choice<readonly number[]> {
  const part = { syntax, meaning: `${meaning}, by commas (default: ${numbers.join()})` };
  return { part, schema: WHOLE.default([...numbers]) };
}

const CHOICES = choicesOf({
  asOf: AS_OF,
  windows: listChoice('--windows <DAYS>', 'ages at which accounts are looked at', standard.windows),
  counts: listChoice('--counts <TIMES>', 'how often an event must have happened', standard.counts),
  horizon: horizonChoice(standard.horizonDays, 'days after the age at which retention is told'),
  limit: limitChoice('strongest first'),
});

/** `bellwether evidence milestones`: does reaching something by an age go with staying? */
export const evidenceMilestonesCommand: Command = {
  name: 'evidence milestones',
  summary: 'test every event, feature area, workflow and milestone: do accounts that reach it stay longer',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence milestones', meaning: 'everything at 14, 30 and 60 days of age' },
    { syntax: 'bellwether evidence milestones --windows 30 --json', meaning: 'one age, for machines' },
  ],
  json: '[{candidate, kind, count, proxy, primary, windowDays, horizonDays, n: [exposed, not], events, expected, retention, interval, difference, differenceInterval, hazardRatio, hazardInterval, adjustedHazardRatio, adjustedInterval, carriedBy, naive: {n, retention, hazardRatio, p}, p, q, family, tried, verdict, needed: {reason, accounts}, sentence}]',
  run: async (context, _, options) => {
    const { asOf, windows, counts, horizon: horizonDays, limit } = CHOICES.read(options);
    const opened = await openHistoryOf(context, { asOf, ageDays: windows });
    const report = askMilestones(opened, { windows, counts, horizonDays });
    return { status: 0, json: report.rows, text: (paper) => writeReport(paper, report, limit) };
  },
};

function writeReport(paper: Paper, report: MilestoneReport, limit: number): string {
  const rows = [...report.rows].sort((a, b) => strength(a) - strength(b)).slice(0, limit);
  const primary = report.rows.find(({ family }) => family === 'primary');
  const holding = report.rows.filter(({ verdict }) => verdict === 'holds').length;
  return [
    primary === undefined ? '' : `The model's primary milestone: ${primary.sentence}`,
    writeTable(
      paper,
      ['candidate', 'age', 'reached', 'stay', 'others stay', 'hazard', '95%', 'q', 'verdict'],
      rows.map(cellsOf),
    ),
    ...report.landmarks.map(
      ({ windowDays, accounts, churned, left }) =>
        `At ${windowDays} days of age: ${accounts} customers, ${churned} of them churned later. Not looked at: ${left.notCustomer} no customers then, ${left.beforeEvents} older than the events, ${left.outsideIcp} outside the ICP, ${left.undated} with no day of creation.`,
    ),
    `${report.tried} comparisons were explored, and q is corrected for all of them; ${holding} hold. To go together is not to cause.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function strength({ p, family }: MilestoneRow): number {
  return family === 'primary' ? -1 : (p ?? 2);
}

function cellsOf(row: MilestoneRow): readonly (string | null)[] {
  const { hazardInterval } = row;
  return [
    `${row.candidate}${row.proxy ? ' (proxy)' : ''}`,
    `${row.windowDays}d`,
    `${row.n[0]} of ${row.n[0] + row.n[1]}`,
    percentCell(row.retention?.[0]),
    percentCell(row.retention?.[1]),
    row.hazardRatio?.toFixed(2) ?? null,
    hazardInterval === null ? null : `${hazardInterval[0].toFixed(2)} to ${hazardInterval[1].toFixed(2)}`,
    row.q === null ? null : row.q.toPrecision(2),
    row.carriedBy === null ? row.verdict.replaceAll('_', ' ') : `holds, carried by ${row.carriedBy}`,
  ];
}
