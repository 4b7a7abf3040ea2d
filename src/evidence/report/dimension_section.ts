import type { DimensionReport, DimensionRow } from '../dimension.ts';
import { type ForestAxis, forestChart } from './forest_chart.ts';
import { qCell } from './hazard.ts';
import { markup } from './markup.ts';
import { figure, reportTable, type Section } from './page.ts';

const MOST_SIGNALS = 12;

const AUC: ForestAxis = {
  kind: 'difference',
  neutral: 0.5,
  below: 'worse than chance',
  above: 'points at who leaves',
  ticks: [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
  write: (value) => String(value),
};

/** The section on what each dimension and each signal predicts, beside industry and size. */
export function dimensionSection({ rows, claim, known }: DimensionReport): Section {
  const groups = rows.filter(({ kind }) => kind !== 'signal');
  const signals = rows.filter(({ kind, leak }) => kind === 'signal' && leak === null);
  const strongest = signals.toSorted((a, b) => (b.auc ?? 0) - (a.auc ?? 0)).slice(0, MOST_SIGNALS);
  const shown = [...groups, ...strongest].filter(({ interval }) => interval !== null);
  const title = 'How often, of an account that leaves and one that stays, the right one is pointed at: 0.5 is chance.';
  const chart = forestChart(
    shown.map((row) => ({
      label: row.predictor,
      note: row.outOfTime.auc === null ? '' : `later ${row.outOfTime.auc.toFixed(2)}`,
      estimate: row.auc ?? 0.5,
      interval: row.interval ?? [0.5, 0.5],
      mark: row.verdict === 'holds' ? 'holds' : row.verdict === 'fails' ? 'fails' : 'open',
    })),
    AUC,
    title,
  );
  const barred = rows.filter(({ leak }) => leak !== null).map(({ predictor, leak }) => `${predictor} (${leak})`);
  return {
    id: 'dimensions',
    title: 'Dimensions',
    lead: `${claim.sentence} ${known.churns} churns in ${known.rows.length.toLocaleString('en-US')} rows of customers.`,
    body: [
      ...(shown.length === 0 ? [] : [figure(title, chart, tableOf(shown))]),
      markup`<p>Not judged, since they tell of time passed or of the end itself: ${barred.join(', ') || 'none'}.</p>`,
    ],
  };
}

function tableOf(rows: readonly DimensionRow[]) {
  return reportTable(
    'What predicts churn',
    ['what is known', 'signals', 'AUC', '95%', 'later AUC', 'beyond industry and size', 'q', 'verdict'],
    rows.map((row) => [
      row.predictor,
      row.signals,
      row.auc?.toFixed(2) ?? null,
      row.interval?.map((limit) => limit.toFixed(2)).join(' to ') ?? null,
      row.outOfTime.auc?.toFixed(2) ?? null,
      row.difference?.toFixed(2) ?? null,
      qCell(row.q),
      row.verdict.replaceAll('_', ' '),
    ]),
  );
}
