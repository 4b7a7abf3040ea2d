import type { DivergenceReport } from '../divergence.ts';
import type { LeadTimeReport, LeadTimeRow } from '../lead_time.ts';
import { divergenceChart } from './divergence_chart.ts';
import { figure, reportTable, type Section, shareCell } from './page.ts';

const MOST_LINES = 3;
const MOST_ROWS = 15;

/** The section on when signals of those who leave part from those who stay. */
export function divergenceSection({ rows, churns, matched, controls }: DivergenceReport, weeks: number): Section {
  const order = rows
    .filter(({ weeksBefore }) => weeksBefore !== null)
    .toSorted((a, b) => (b.weeksBefore ?? 0) - (a.weeksBefore ?? 0) || (a.p ?? 2) - (b.p ?? 2));
  const lines = order.slice(0, MOST_LINES);
  const title =
    'Difference between accounts that leave and like accounts that were customers then, in standard deviations, with a band for all weeks and signals together.';
  const table = reportTable(
    'Signals by how early they part',
    ['signal', 'weeks before the churn', 'side', 'half there, days', '95%', 'furthest', 'verdict'],
    order
      .slice(0, MOST_ROWS)
      .map((row) => [
        row.signal,
        row.weeksBefore,
        row.side,
        row.half === null ? null : Math.round(row.half.days),
        row.half?.interval?.map((end) => Math.round(end)).join(' to ') ?? null,
        row.estimate?.toFixed(2) ?? null,
        row.verdict.replaceAll('_', ' '),
      ]),
  );
  const chart = divergenceChart(
    lines.map(({ signal, weeks: list }) => ({ label: signal, weeks: list })),
    weeks,
    title,
  );
  return {
    id: 'divergence',
    title: 'Earliest divergence',
    lead: `${matched} of ${churns} churns have like accounts beside them (${controls} in all). ${order[0]?.sentence ?? 'No signal parts for good before the churn.'}`,
    body: lines.length === 0 ? [] : [figure(title, chart, table)],
  };
}

/** The section on how long before a churn each indicator fires. */
export function leadTimeSection({ rows, churns, matched }: LeadTimeReport): Section {
  const holding = rows.filter(({ verdict }) => verdict === 'holds');
  return {
    id: 'lead-time',
    title: 'Lead time',
    lead: `${holding.length} of ${rows.length} indicators fire before churns more often than beside like accounts that stayed; ${churns} churns, ${matched} of them with such accounts beside them.`,
    body: [
      reportTable(
        'Indicators',
        [
          'indicator',
          'asked of',
          'churns it fired before',
          'of',
          'stayed',
          'days ahead, median',
          'early',
          'right',
          'found',
          'verdict',
        ],
        rows.map(cellsOf),
      ),
    ],
  };
}

function cellsOf(row: LeadTimeRow) {
  return [
    row.indicator,
    row.segment ?? 'everybody',
    row.fired,
    row.n,
    shareCell(row.detection.controlShare),
    row.leadDays?.median ?? null,
    shareCell(row.early.share),
    shareCell(row.precision?.share),
    shareCell(row.recall?.share),
    row.verdict.replaceAll('_', ' '),
  ];
}
