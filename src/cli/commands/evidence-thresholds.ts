import { z } from 'zod';
import { modelThresholds } from '../../evidence/model_threshold.ts';
import { panelSignals } from '../../evidence/signal.ts';
import { type ThresholdReport, type ThresholdRow, testThresholds } from '../../evidence/threshold.ts';
import { writeDay, writeNumber } from '../../evidence/wording.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { countText, instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { openPanelOf } from '../panel.ts';
import { writeTable } from '../table.ts';

const OPTIONS = z.object({
  asOf: instantText.optional(),
  horizon: countText.default(180),
  split: instantText.optional(),
  permutations: countText.default(199),
  seed: countText.default(1),
  limit: countText.default(25),
});

/** `bellwether evidence thresholds`: at which value of a signal do those who leave part from those who stay? */
export const evidenceThresholdsCommand: Command = {
  name: 'evidence thresholds',
  summary: 'find the cut of every signal that best parts who leaves, on earlier data, and test it on later data',
  options: [
    { syntax: '--as-of <DAY>', meaning: 'look back from this day (default: the end of the data)' },
    { syntax: '--horizon <DAYS>', meaning: 'days after a landmark in which a churn counts (default: 180)' },
    {
      syntax: '--split <DAY>',
      meaning: 'find on what came before this day, test on what came after (default: 3/5 of the time)',
    },
    { syntax: '--permutations <COUNT>', meaning: 'shuffles of accounts, and draws for the interval (default: 199)' },
    { syntax: '--seed <NUMBER>', meaning: 'seed of the shuffles (default: 1)' },
    { syntax: '--limit <COUNT>', meaning: 'most rows to print, clearest first (default: 25)' },
  ],
  examples: [
    { syntax: 'bellwether evidence thresholds', meaning: 'every numeric signal, your own among them' },
    {
      syntax: 'bellwether evidence thresholds --split 2026-01-01 --json',
      meaning: 'for machines, tested on this year',
    },
  ],
  json: "[{signal, leak: 'tenure'|'outcome'|null, own, cut, next, cutInterval, side: 'below'|'above', n, events, unknown, shareAtRisk, p, q, tried, tested: {n, events, hazardRatio, interval, p}, testedSeen, testedNew, horizonDays, split, renewalShare, modelThresholds: [{path, operator, value}], verdict, needed: {reason, accounts}, sentence}]",
  run: async (context, _, options) => {
    const { asOf = null, horizon, split = null, permutations, seed, limit } = readOptions(options, OPTIONS);
    const { panel, model } = await openPanelOf(context, { asOf, everyDays: 28 });
    const report = testThresholds(panel, {
      signals: panelSignals(model, SIGNAL_CATALOGUE),
      horizonDays: horizon,
      splitMs: split,
      permutations,
      seed,
      model: modelThresholds(model),
    });
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
    `Found before ${writeDay(calendar.splitMs)}, on one landmark per account and quarter; tested after it. ${tried} signals were tried, and q is corrected for all of them; ${holding.length} hold. ${untried} could not be searched. ${calendar.outsideIcp} rows outside the ICP are left out.`,
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
