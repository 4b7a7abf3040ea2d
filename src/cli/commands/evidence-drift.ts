import type { DriftRow, ReviewRow } from '../../evidence/drift.ts';
import { MONTHLY } from '../../pipeline/evidence.ts';
import { publishedAt } from '../../pipeline/published.ts';
import { askDrift, askReviews } from '../../pipeline/questions.ts';
import { choicesOf, instantChoice, limitChoice } from '../choice.ts';
import type { Command, Paper } from '../command.ts';
import { openPanelOf } from '../past.ts';
import { writeTable } from '../table.ts';

const CHOICES = choicesOf({
  asOf: instantChoice('--as-of <DAY>', 'compare with this day (default: the end of the data)'),
  reference: instantChoice(
    '--reference <DAY>',
    'compare from the landmark nearest to this day, such as that of the last calibration (default: a quarter of the time)',
  ),
  published: instantChoice(
    '--published <DAY>',
    'when the rules were last reviewed (default: when a run first recorded this version of the model)',
  ),
  limit: limitChoice('furthest first'),
});

/** `bellwether evidence drift`: do the numbers in the model still describe today's customers? */
export const evidenceDriftCommand: Command = {
  name: 'evidence drift',
  summary: 'tell which signals of customers have moved since a reference day, and which segments are past their review',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence drift', meaning: 'what has moved?' },
    { syntax: 'bellwether evidence drift --reference 2026-01-01 --json', meaning: 'since a calibration, for machines' },
  ],
  json: "[{kind: 'signal', signal, leak, estimate, expected, threshold, interval, n: [reference, now], p, q, tried, horizonDays, reference, now, mostMoved: {label, referenceShare, currentShare}, verdict, needed: {reason, accounts}, sentence}, ..., {kind: 'review', segment, cadenceDays, publishedAt, dueOn, isStale, sentence}]",
  run: async (context, _, options) => {
    const { asOf, reference, published, limit } = CHOICES.read(options);
    const opened = await openPanelOf(context, { asOf, everyDays: MONTHLY });
    const rows = askDrift(opened, reference);
    const reviews = askReviews(opened, published ?? (await publishedAt(opened)), asOf, context.now);
    const json = [
      ...rows.map((row) => ({ kind: 'signal', ...row })),
      ...reviews.map((row) => ({ kind: 'review', ...row })),
    ];
    return { status: 0, json, text: (paper) => writeReport(paper, rows, reviews, limit) };
  },
};

function saidOf({ leak, verdict }: DriftRow): string {
  if (leak !== null) return 'not judged';
  if (verdict === 'holds') return 'has moved';
  return verdict === 'fails' ? 'has not moved' : 'cannot be told';
}

function writeReport(paper: Paper, rows: readonly DriftRow[], reviews: readonly ReviewRow[], limit: number): string {
  const order = [...rows].sort((a, b) => (b.estimate ?? -1) - (a.estimate ?? -1));
  const [first] = rows;
  const moved = rows.filter(({ verdict }) => verdict === 'holds').length;
  return [
    writeTable(
      paper,
      ['signal', 'index', 'chance', 'q', 'moved most', 'verdict'],
      order
        .slice(0, limit)
        .map((row) => [
          `${row.signal}${row.leak === null ? '' : ` (${row.leak})`}`,
          row.estimate?.toFixed(2),
          row.threshold?.toFixed(2),
          row.q?.toPrecision(2),
          row.mostMoved?.label,
          saidOf(row),
        ]),
    ),
    first === undefined
      ? 'There are no customers at any landmark.'
      : `${first.n[0]} customers on ${first.reference.slice(0, 10)}, ${first.n[1]} on ${first.now.slice(0, 10)}; ${moved} of ${first.tried} signals have moved more than chance explains. chance: an index that is seldom exceeded if nothing moved.`,
    writeTable(
      paper,
      ['segment', 'review every', 'due', 'stale'],
      reviews.map(({ segment, cadenceDays, dueOn, isStale }) => [
        segment,
        `${cadenceDays} days`,
        dueOn,
        isStale ? 'yes' : 'no',
      ]),
    ),
  ].join('\n\n');
}
