import type { ThresholdReport, ThresholdRow } from '../threshold.ts';
import { writeNumber, writeSplit } from '../wording.ts';
import { type ForestAxis, forestChart } from './forest_chart.ts';
import { qCell, writeQ } from './hazard.ts';
import { figure, reportTable, type Section } from './page.ts';

const MOST_ROWS = 20;

const HAZARD: ForestAxis = {
  kind: 'ratio',
  neutral: 1,
  below: 'leave more slowly past the cut',
  above: 'leave faster past the cut',
  ticks: [0.5, 1, 2, 4, 8],
  write: (value) => String(value),
};

/** The section on cuts of signals: found on earlier data, tested on later data, beside what the model's rules say. */
export function thresholdSection({ rows, tried, calendar }: ThresholdReport): Section {
  const judged = rows.filter(({ leak, tested }) => leak === null && tested?.interval != null);
  const strongest = judged.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_ROWS);
  const holding = rows.filter(({ verdict }) => verdict === 'holds');
  const first = holding.toSorted((a, b) => rank(a) - rank(b))[0];
  const title = 'Hazard of churn past the cut, on data after the split, with 95% intervals; filled where it holds.';
  const chart = forestChart(
    strongest.map((row) => ({
      label: `${row.signal} ${cutOf(row)}`,
      note: writeQ(row.q),
      estimate: row.tested?.hazardRatio ?? 1,
      interval: row.tested?.interval ?? [1, 1],
      mark: row.verdict === 'holds' ? 'holds' : row.verdict === 'fails' ? 'fails' : 'open',
    })),
    HAZARD,
    title,
  );
  const table = reportTable(
    'Cuts by strength',
    ['signal', 'at risk', '95% of the cut', 'in the model', 'q', 'hazard later', '95%', 'verdict'],
    strongest.map((row) => [
      row.signal,
      cutOf(row),
      pairOf(row.cutInterval),
      [...new Set(row.modelThresholds.map(({ operator, value }) => `${operator} ${value}`))].join(', '),
      qCell(row.q),
      row.tested?.hazardRatio == null ? null : writeNumber(row.tested.hazardRatio),
      pairOf(row.tested?.interval ?? null),
      row.verdict.replaceAll('_', ' '),
    ]),
  );
  return {
    id: 'thresholds',
    title: 'Thresholds',
    lead: `${tried} signals were tried for a cut on what came before ${writeSplit(calendar.splitMs)}, and tested on what came after; ${holding.length} hold.${first === undefined ? '' : ` ${first.sentence}`}`,
    body: strongest.length === 0 ? [] : [figure(title, chart, table)],
  };
}

function rank({ verdict, tested }: ThresholdRow): number {
  return (verdict === 'holds' ? 0 : 10) - Math.log(tested?.hazardRatio ?? 1);
}

function cutOf({ side, cut }: ThresholdRow): string {
  return `${side === 'below' ? '≤' : '>'} ${writeNumber(cut ?? 0)}`;
}

function pairOf(interval: readonly [number, number] | null): string | null {
  return interval === null ? null : `${writeNumber(interval[0])} to ${writeNumber(interval[1])}`;
}
