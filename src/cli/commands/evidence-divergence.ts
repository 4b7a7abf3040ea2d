import type { DivergenceReport } from '../../evidence/divergence.ts';
import { writeNumber, writePercent } from '../../evidence/wording.ts';
import { WEEKLY } from '../../pipeline/evidence.ts';
import { askDivergence, STANDARD } from '../../pipeline/questions.ts';
import { AS_OF, choicesOf, countChoice, limitChoice, SEED } from '../choice.ts';
import type { Command, Paper } from '../command.ts';
import { openPanelOf } from '../past.ts';
import { writeTable } from '../table.ts';

const standard = STANDARD.divergence;

const CHOICES = choicesOf({
  asOf: AS_OF,
  weeks: countChoice('--weeks <COUNT>', 'weeks before the churn to look at', standard.weeks),
  controls: countChoice('--controls <COUNT>', 'most like accounts beside each churn', standard.controls),
  permutations: countChoice('--permutations <COUNT>', 'shuffles within the sets, for the band', standard.permutations),
  seed: SEED,
  limit: limitChoice('earliest first'),
});

/** `bellwether evidence divergence`: how many weeks before a churn do signals part from those of accounts that stay? */
export const evidenceDivergenceCommand: Command = {
  name: 'evidence divergence',
  summary: 'tell how many weeks before a churn each signal parts from that of like accounts that were customers then',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence divergence', meaning: 'which signal parts first?' },
    {
      syntax: 'bellwether evidence divergence --weeks 26 --json',
      meaning: 'half a year back, week by week, for machines',
    },
  ],
  json: "[{signal, weeksBefore, side: 'higher'|'lower'|null, half: {days, interval}|null, estimate, interval, n, events, p, q, tried, power, visibleFromWeeks, horizonDays, weeks: [{weeksBefore, sets, standardised, interval, power}], verdict, needed: {reason, accounts}, sentence}]",
  run: async (context, _, options) => {
    const { asOf, limit, ...choice } = CHOICES.read(options);
    const report = askDivergence(await openPanelOf(context, { asOf, everyDays: WEEKLY }), choice);
    return { status: 0, json: report.rows, text: (paper) => writeReport(paper, report, limit) };
  },
};

function writeHalf(half: DivergenceReport['rows'][number]['half']): string | null {
  if (half === null) return null;
  const span = half.interval?.map((end) => Math.round(end)).join(' to ');
  return `${Math.round(half.days)} (${span ?? '?'})`;
}

const MARKS = [26, 12, 4, 0];

function writeReport(paper: Paper, { rows, churns, matched, controls }: DivergenceReport, limit: number): string {
  const order = [...rows].sort((a, b) => (b.weeksBefore ?? -1) - (a.weeksBefore ?? -1) || (a.p ?? 2) - (b.p ?? 2));
  const shown = order.slice(0, limit);
  return [
    writeTable(
      paper,
      [
        'signal',
        'from week',
        'side',
        'half there',
        'furthest',
        'p',
        ...MARKS.map((week) => `power at ${week}`),
        'verdict',
      ],
      shown.map((row) => [
        row.signal,
        row.weeksBefore === null ? null : String(row.weeksBefore),
        row.side,
        writeHalf(row.half),
        row.estimate === null ? null : writeNumber(row.estimate),
        row.p?.toPrecision(2),
        ...MARKS.map((mark) => {
          const power = row.weeks.find(({ weeksBefore }) => weeksBefore === mark)?.power ?? null;
          return power === null ? null : writePercent(power);
        }),
        row.verdict.replaceAll('_', ' '),
      ]),
    ),
    `${matched} of ${churns} churns have like accounts beside them, ${controls} in all: same week, age within four weeks, same band, customers then. from week: weeks before the churn from which the band stays off zero to the end. half there: days before the churn by which half of the difference was there that is there in the last week. p and the band hold for all weeks and signals together.`,
    'power: how often half a standard deviation would be seen in that week. Earliest is also first with enough churns.',
  ].join('\n\n');
}
