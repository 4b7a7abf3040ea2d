import { DIMENSIONS } from '../../definition/check/dimension.ts';
import type { DimensionReport, DimensionRow } from '../../evidence/dimension.ts';
import { writeSplit } from '../../evidence/wording.ts';
import { MONTHLY } from '../../pipeline/evidence.ts';
import { askDimensions, STANDARD } from '../../pipeline/questions.ts';
import { AS_OF, choicesOf, countChoice, horizonChoice, instantChoice, limitChoice, SEED } from '../choice.ts';
import type { Command, Paper } from '../command.ts';
import { openPanelOf } from '../past.ts';
import { writeTable } from '../table.ts';

const { horizonDays: horizonStandard, resamples: drawsStandard } = STANDARD.dimensions;

const CHOICES = choicesOf({
  asOf: AS_OF,
  horizon: horizonChoice(horizonStandard, 'days after a landmark in which a churn counts'),
  split: instantChoice('--split <DAY>', 'test also on what comes after this day alone (default: half the time)'),
  resamples: countChoice('--resamples <COUNT>', 'draws of accounts for the interval of the claim', drawsStandard),
  seed: SEED,
  limit: limitChoice('strongest first'),
});

/** `bellwether evidence dimensions`: does behaviour predict churn better than industry and size? */
export const evidenceDimensionsCommand: Command = {
  name: 'evidence dimensions',
  summary: 'test how well each dimension and each behavioural signal predicts churn, beside industry and size',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence dimensions', meaning: 'is a segmentation by industry and size enough?' },
    { syntax: 'bellwether evidence dimensions --horizon 90 --json', meaning: 'a shorter look ahead, for machines' },
  ],
  json: "[{predictor, kind: 'baseline'|'dimension'|'all'|'signal'|'claim', dimension, leak: 'tenure'|'outcome'|null, signals, auc, interval, n, events, difference, differenceInterval, p, q, differenceP, differenceQ, tried, outOfTime: {auc, interval, n, events, difference, differenceInterval}, horizonDays, renewalShare, verdict, needed: {reason, accounts}, sentence}]; the row of kind claim: {kind, signal, ratio, ratioInterval, difference, differenceInterval, claimed, n, events, verdict, sentence}",
  run: async (context, _, options) => {
    const { asOf, horizon: horizonDays, split: splitMs, resamples, seed, limit } = CHOICES.read(options);
    const opened = await openPanelOf(context, { asOf, everyDays: MONTHLY });
    const report = askDimensions(opened, { horizonDays, splitMs, resamples, seed });
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
    `${known.rows.length} rows of customers, ${known.churns} churns. Left out: ${known.tooLate} rows of landmarks whose days are not over, with their churns, so that late landmarks are not all churn; ${known.linked} merged before they were over. Later: fitted on what was over before ${writeSplit(splitMs)}, tested after it.`,
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
