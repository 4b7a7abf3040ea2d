import type { EChartsCoreOption } from 'echarts';
import { useCallback, useMemo } from 'react';
import type { EvidenceRow } from '../../../../api/evidence-answers.ts';
import { shareText, wholeText, wordText } from '../../../format.ts';
import { Chart } from '../../../parts/chart.tsx';
import { type ChartInk, tipMarkup } from '../../../parts/chart-theme.ts';
import { findingsOf } from '../finding.ts';
import type { View } from '../view.ts';

type Row = EvidenceRow<'ghosts'>;
type CellRow = Extract<Row, { readonly kind: 'cell' }>;

const isCell = (row: Row): row is CellRow => row.kind === 'cell';
const ROW_PIXELS = 34;
const AROUND_PIXELS = 72;

/** Does the average of a firmographic segment describe a customer that exists? */
export const ghostsView: View = {
  question: 'ghosts',
  title: 'Ghosts',
  asks: 'Does the average of a firmographic segment describe a customer that exists?',
  picture: (answer) => {
    const cells = findingsOf<Row>(answer).filter(isCell);
    return cells.length === 0 ? null : <Cells cells={cells} />;
  },
  readings: (answer) =>
    findingsOf<Row>(answer).map((row, index) => ({
      key: isCell(row) ? row.cell : `${row.kind} ${index}`,
      name: isCell(row) ? wordText(row.cell) : row.kind === 'mix' ? 'Size and industry against cohort' : 'Twins',
      finding: row,
    })),
};

/** Who is inside each firmographic segment, by cohort. */
function Cells({ cells }: { readonly cells: readonly CellRow[] }) {
  const cohorts = useMemo(
    () => [...new Set(cells.flatMap((cell) => cell.cohorts.map(({ cohort }) => cohort)))],
    [cells],
  );
  const option = useCallback((ink: ChartInk) => optionOf(cells, cohorts, ink), [cells, cohorts]);
  return (
    <Chart
      title="The same size and industry, and very different customers"
      file="ghosts"
      height={AROUND_PIXELS + cells.length * ROW_PIXELS}
      option={option}
      table={{
        columns: [
          { name: 'Segment on paper' },
          { name: 'Customers', text: wholeText },
          ...cohorts.map((name) => ({ name, text: shareText })),
        ],
        rows: cells.map((cell) => [wordText(cell.cell), cell.n, ...cohorts.map((name) => shareOf(cell, name))]),
      }}
    />
  );
}

const shareOf = (cell: CellRow, cohort: string): number =>
  cell.cohorts.find((one) => one.cohort === cohort)?.share ?? 0;

function optionOf(
  cells: readonly CellRow[],
  cohorts: readonly string[],
  { series, theme }: ChartInk,
): EChartsCoreOption {
  return {
    grid: { left: 8, right: 16, top: 36, bottom: 8, outerBoundsMode: 'same' },
    legend: { top: 0, left: 0, selectedMode: false },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'none' },
      formatter: (points: readonly { dataIndex: number }[]) => {
        const cell = cells[points[0]?.dataIndex ?? 0];
        if (cell === undefined) return '';
        return tipMarkup(
          `${wordText(cell.cell)}, ${wholeText(cell.n)} customers`,
          cell.cohorts.map(({ cohort, share, n }) => [cohort, `${wholeText(n)} (${shareText(share)})`]),
        );
      },
    },
    xAxis: { type: 'value', max: 1, axisLabel: { formatter: shareText } },
    yAxis: { type: 'category', inverse: true, data: cells.map(({ cell }) => wordText(cell)) },
    series: cohorts.map((name, index) => ({
      name,
      type: 'bar',
      stack: 'all',
      barWidth: 20,
      itemStyle: { color: series[index % series.length], borderColor: theme.raised, borderWidth: 1 },
      data: cells.map((cell) => shareOf(cell, name)),
    })),
  };
}
