import { z } from 'zod';
import { DIMENSIONS } from '../../definition/check/dimension.ts';
import { type DimensionReport, type DimensionRow, testDimensions } from '../../evidence/dimension.ts';
import { panelSignals } from '../../evidence/signal.ts';
import { writeDay } from '../../evidence/wording.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { countText, instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { openPanelOf } from '../panel.ts';
import { writeTable } from '../table.ts';

const OPTIONS = z.object({
  asOf: instantText.optional(),
  horizon: countText.default(180),
  split: instantText.optional(),
  resamples: countText.default(499),
  seed: countText.default(1),
  limit: countText.default(25),
});

/** `bellwether evidence dimensions`: does behaviour predict churn better than industry and size? */
export const evidenceDimensionsCommand: Command = {
  name: 'evidence dimensions',
  summary: 'test how well each dimension and each behavioural signal predicts churn, beside industry and size',
  options: [
    { syntax: '--as-of <DAY>', meaning: 'look back from this day (default: the end of the data)' },
    { syntax: '--horizon <DAYS>', meaning: 'days after a landmark in which a churn counts (default: 180)' },
    { syntax: '--split <DAY>', meaning: 'test also on what comes after this day alone (default: half the time)' },
    { syntax: '--resamples <COUNT>', meaning: 'draws of accounts for the interval of the claim (default: 499)' },
    { syntax: '--seed <NUMBER>', meaning: 'seed of folds and draws (default: 1)' },
    { syntax: '--limit <COUNT>', meaning: 'most signals to print, strongest first (default: 25)' },
  ],
  examples: [
    { syntax: 'bellwether evidence dimensions', meaning: 'is a segmentation by industry and size enough?' },
    { syntax: 'bellwether evidence dimensions --horizon 90 --json', meaning: 'a shorter look ahead, for machines' },
  ],
  json: "[{predictor, kind: 'baseline'|'dimension'|'all'|'signal'|'claim', dimension, leak: 'tenure'|'outcome'|null, signals, auc, interval, n, events, difference, differenceInterval, p, q, differenceP, differenceQ, tried, outOfTime: {auc, interval, n, events, difference, differenceInterval}, horizonDays, renewalShare, verdict, needed: {reason, accounts}, sentence}]; the row of kind claim: {kind, signal, ratio, ratioInterval, difference, differenceInterval, claimed, n, events, verdict, sentence}",
  run: async (context, _, options) => {
    const { asOf = null, horizon, split = null, resamples, seed, limit } = readOptions(options, OPTIONS);
    const { panel, model } = await openPanelOf(context, { asOf, everyDays: 28 });
    const report = testDimensions(panel, {
      signals: panelSignals(model, SIGNAL_CATALOGUE),
      bands: model.bands.map(({ name }) => name),
      horizonDays: horizon,
      splitMs: split,
      resamples,
      seed,
    });
    return {
      status: 0,
      json: [...report.rows, { kind: 'claim', ...report.claim }],
      text: (paper) => writeReport(paper, report, limit),
    };
  },
};

function writeReport(paper: Paper, { rows, claim, known, splitMs }: DimensionReport, limit: number): string {
  const groups = rows.filter(({ kind }) => kind !== 'signal');
  const signals = rows.filter(({ kind }) => kind === 'signal').sort((a, b) => (b.auc ?? 0) - (a.auc ?? 0));
  return [
    writeTable(
      paper,
      ['what is known', 'signals', 'AUC', '95%', 'later AUC', 'beyond base', 'q', 'ease', 'verdict'],
      groups.map((row) => [...cellsOf(row).slice(0, 7), easeOf(row.dimension), row.verdict.replaceAll('_', ' ')]),
    ),
    writeTable(
      paper,
      ['signal', '', 'AUC', '95%', 'later AUC', 'beyond base', 'q', 'verdict'],
      signals.slice(0, limit).map((row) => cellsOf(row)),
    ),
    claim.sentence,
    `${known.rows.length} rows of customers, ${known.churns} churns. Left out: ${known.tooLate} rows of landmarks whose days are not over, with their churns, so that late landmarks are not all churn; ${known.linked} merged before they were over. Later: fitted on what was over before ${writeDay(splitMs)}, tested after it.`,
    'AUC: how often, of an account that leaves and one that stays, the right one is pointed at; 0.5 is chance. What is marked tenure or outcome is never judged and is in no dimension.',
  ].join('\n\n');
}

function easeOf(dimension: string | null): string | null {
  return DIMENSIONS.find((facts) => facts.dimension === dimension)?.ease ?? null;
}

function cellsOf(row: DimensionRow): readonly (string | null)[] {
  const { interval, outOfTime, difference } = row;
  return [
    `${row.predictor}${row.leak === null ? '' : ` (${row.leak})`}`,
    row.kind === 'signal' ? '' : row.signals === 0 ? 'none' : String(row.signals),
    row.auc?.toFixed(2) ?? null,
    interval === null ? null : `${interval[0].toFixed(2)} to ${interval[1].toFixed(2)}`,
    outOfTime.auc?.toFixed(2) ?? null,
    difference === null ? null : difference.toFixed(2),
    (row.kind === 'baseline' ? row.q : row.differenceQ)?.toPrecision(2) ?? null,
    row.leak === null ? row.verdict.replaceAll('_', ' ') : 'not judged',
  ];
}
