import type { ThresholdReport, ThresholdRow } from '../../evidence/threshold.ts';
import { writeNumber, writeSplit } from '../../evidence/wording.ts';
import { MONTHLY } from '../../pipeline/evidence.ts';
import { askThresholds } from '../../pipeline/questions.ts';
import { choicesOf, limitChoice } from '../choice.ts';
import type { Command, Paper } from '../command.ts';
import { openPanelOf } from '../past.ts';
import { SEARCH_CHOICES } from '../search.ts';
import { writeTable } from '../table.ts';

const CHOICES = choicesOf({ ...SEARCH_CHOICES, limit: limitChoice('clearest first') });

/** `bellwether evidence thresholds`: at which value of a signal do those who leave part from those who stay? */
export const evidenceThresholdsCommand: Command = {
  name: 'evidence thresholds',
  summary: 'find the cut of every signal that best parts who leaves, on earlier data, and test it on later data',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence thresholds', meaning: 'every numeric signal, your own among them' },
    {
      syntax: 'bellwether evidence thresholds --split 2026-01-01 --json',
      meaning: 'for machines, tested on this year',
    },
  ],
  json: "[{signal, leak: 'tenure'|'outcome'|null, own, cut, next, cutInterval, side: 'below'|'above', n, events, unknown, shareAtRisk, p, q, tried, tested: {n, events, hazardRatio, interval, p}, testedSeen, testedNew, horizonDays, split, renewalShare, modelThresholds: [{path, operator, value}], verdict, needed: {reason, accounts}, sentence}]",
  run: async (context, _, options) => {
    const { asOf, horizon: horizonDays, split: splitMs, permutations, seed, limit } = CHOICES.read(options);
    const opened = await openPanelOf(context, { asOf, everyDays: MONTHLY });
    const report = askThresholds(opened, { horizonDays, splitMs, permutations, seed });
    return { status: 0, json: report.rows, text: (paper) => writeReport(paper, report, limit) };
  },
};

function writeReport(paper: Paper, { rows, tried, calendar }: ThresholdReport, limit: number): string {
  const shown = rows.filter(({ cut }) => cut !== null).sort((a, b) => strength(a) - strength(b));
  const holding = rows.filter(({ verdict }) => verdict === 'holds');
  const untried = rows.length - shown.length;
  return [
    writeTable(
      paper,
      ['signal', 'at risk', '95% of the cut', 'model', 'q', 'hazard later', '95%', 'verdict'],
      shown.slice(0, limit).map(cellsOf),
    ),
    `Found before ${writeSplit(calendar.splitMs)}, on one landmark per account and quarter; tested after it. ${tried} signals were tried, and q is corrected for all of them; ${holding.length} hold. ${untried} could not be searched. ${calendar.outsideIcp} rows outside the ICP are left out.`,
    'A signal marked tenure or outcome tells of time passed or of the end itself and is never judged. To go together is not to cause.',
  ].join('\n\n');
}

function strength({ q, p, tested, verdict }: ThresholdRow): number {
  return (verdict === 'holds' ? 0 : 10) + (q ?? 2 + (p ?? 1)) - Math.log(tested?.hazardRatio ?? 1) / 100;
}

function cellsOf(row: ThresholdRow): readonly (string | null)[] {
  const pair = (interval: readonly [number, number] | null | undefined) =>
    interval == null ? null : `${writeNumber(interval[0])} to ${writeNumber(interval[1])}`;
  const values = [...new Set(row.modelThresholds.map(({ operator, value }) => `${operator} ${value}`))];
  return [
    `${row.signal}${row.leak === null ? '' : ` (${row.leak})`}`,
    `${row.side === 'below' ? '<=' : '>'} ${writeNumber(row.cut ?? 0)}`,
    pair(row.cutInterval),
    values.join(', '),
    row.q === null ? null : row.q.toPrecision(2),
    row.tested?.hazardRatio == null ? null : writeNumber(row.tested.hazardRatio),
    pair(row.tested?.interval),
    row.leak === null ? row.verdict.replaceAll('_', ' ') : 'not judged',
  ];
}
