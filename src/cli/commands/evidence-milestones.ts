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
  counts: listChoice('--counts <TIMES>', 'how often an event must have happened', standard.counts.times),
  users: listChoice(
    '--users <COUNTS>',
    'by how many different users something must have been done',
    standard.counts.users,
  ),
  horizon: horizonChoice(standard.horizonDays, 'days after the age at which shares are told'),
  limit: limitChoice('of each population, strongest first'),
});

/** `bellwether evidence milestones`: does reaching something by an age go with staying, or with becoming a customer? */
export const evidenceMilestonesCommand: Command = {
  name: 'evidence milestones',
  summary: 'test every event, feature area, workflow and milestone: do accounts that reach it stay longer, or convert',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence milestones', meaning: 'everything at 14, 30 and 60 days of age' },
    { syntax: 'bellwether evidence milestones --windows 30 --json', meaning: 'one age, for machines' },
  ],
  json: "[{population: 'customers' | 'prospects', outcome: 'retained' | 'converted', candidate, kind, name, measure: 'times' | 'users', count, proxy, primary, windowDays, horizonDays, n: [exposed, not], events, expected, retention, conversion, interval, difference, differenceInterval, hazardRatio, hazardInterval, adjustedHazardRatio, adjustedInterval, carriedBy, naive: {n, retention, hazardRatio, p}, p, q, family, tried, verdict, needed: {reason, accounts}, sentence}]",
  run: async (context, _, options) => {
    const { asOf, windows, counts, users, horizon: horizonDays, limit } = CHOICES.read(options);
    const opened = await openHistoryOf(context, { asOf, ageDays: windows });
    const reports = askMilestones(opened, { windows, counts: { times: counts, users }, horizonDays });
    const text = (paper: Paper) => reports.map((report) => writeReport(paper, report, limit)).join('\n\n');
    return { status: 0, json: reports.flatMap(({ rows }) => rows), text };
  },
};

function writeReport(paper: Paper, report: MilestoneReport, limit: number): string {
  const rows = [...report.rows].sort((a, b) => strength(a) - strength(b)).slice(0, limit);
  const primary = report.rows.find(({ family }) => family === 'primary');
  const holding = report.rows.filter(({ verdict }) => verdict === 'holds').length;
  const { words, outcome, name } = report.population;
  const share = outcome === 'retained' ? 'stay' : 'convert';
  const title = `${words.accounts[0]?.toUpperCase()}${words.accounts.slice(1)}`;
  return [
    name === 'customers' ? '' : `${title}: what goes with becoming a customer. Above 1 they convert sooner.`,
    primary === undefined ? '' : `The model's primary milestone: ${primary.sentence}`,
    rows.length === 0
      ? ''
      : writeTable(
          paper,
          ['candidate', 'age', 'reached', share, `others ${share}`, 'hazard', '95%', 'q', 'verdict'],
          rows.map(cellsOf),
        ),
    ...report.landmarks.map(
      ({ windowDays, accounts, events, left }) =>
        `At ${windowDays} days of age: ${accounts} ${words.accounts}, ${events} of them ${words.came} later. Not looked at: ${left.notThere} ${words.away}, ${left.beforeEvents} older than the events, ${left.outsideIcp} outside the ICP, ${left.undated} with no day of creation.`,
    ),
    `${report.tried} comparisons of ${words.accounts} were explored, and q is corrected for all of them; ${holding} hold. To go together is not to cause.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function strength({ p, family }: MilestoneRow): number {
  return family === 'primary' ? -1 : (p ?? 2);
}

function cellsOf(row: MilestoneRow): readonly (string | null)[] {
  const { hazardInterval } = row;
  const shares = row.retention ?? row.conversion;
  return [
    `${row.candidate}${row.proxy ? ' (proxy)' : ''}`,
    `${row.windowDays}d`,
    `${row.n[0]} of ${row.n[0] + row.n[1]}`,
    percentCell(shares?.[0]),
    percentCell(shares?.[1]),
    row.hazardRatio?.toFixed(2) ?? null,
    hazardInterval === null ? null : `${hazardInterval[0].toFixed(2)} to ${hazardInterval[1].toFixed(2)}`,
    row.q === null ? null : row.q.toPrecision(2),
    row.carriedBy === null ? row.verdict.replaceAll('_', ' ') : `holds, carried by ${row.carriedBy}`,
  ];
}
