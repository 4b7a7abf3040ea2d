import { Select } from '@mantine/core';
import type { EChartsCoreOption } from 'echarts';
import { useCallback, useState } from 'react';
import type { EvidenceRow } from '../../../../api/evidence-answers.ts';
import { Chart } from '../../../parts/chart.tsx';
import { type ChartInk, tipMarkup } from '../../../parts/chart-theme.ts';
import { numberText } from '../number-text.ts';

type DivergenceRow = EvidenceRow<'divergence'>;

const HEIGHT = 300;
const BAND_OPACITY = 0.15;

/** One signal of accounts that left against like accounts that stayed, week by week, with its band. */
export function DivergenceCurve({ rows }: { readonly rows: readonly DivergenceRow[] }) {
  const drawable = rows.filter(({ weeks }) => weeks.some(({ standardised }) => standardised !== null));
  const [chosen, setChosen] = useState<string | null>(null);
  const row = drawable.find(({ signal }) => signal === chosen) ?? drawable[0];
  const option = useCallback((ink: ChartInk) => (row === undefined ? {} : optionOf(row, ink)), [row]);
  if (row === undefined) return null;
  const known = row.weeks.filter(({ standardised }) => standardised !== null);
  return (
    <>
      <Select
        label="Signal"
        size="xs"
        maw={320}
        mb="sm"
        searchable
        allowDeselect={false}
        data={drawable.map(({ signal }) => signal)}
        value={row.signal}
        onChange={setChosen}
      />
      <Chart
        title={row.sentence}
        file={`divergence-${row.signal}`}
        height={HEIGHT}
        option={option}
        table={{
          columns: [
            { name: 'Weeks before', text: numberText },
            { name: 'Churns with like accounts', text: numberText },
            { name: 'Difference (standard deviations)', text: numberText },
            { name: 'from', text: numberText },
            { name: 'to', text: numberText },
          ],
          rows: known.map(({ weeksBefore, sets, standardised, interval }) => [
            weeksBefore,
            sets,
            standardised,
            interval?.[0] ?? null,
            interval?.[1] ?? null,
          ]),
        }}
        note={
          <span className="small muted">
            Standard deviations between accounts that left and like accounts that stayed. The band holds the whole curve
            in 95 of 100 such cases.
          </span>
        }
      />
    </>
  );
}

function optionOf({ weeks, weeksBefore }: DivergenceRow, { theme }: ChartInk): EChartsCoreOption {
  const known = weeks
    .filter(({ standardised }) => standardised !== null)
    .toSorted((a, b) => b.weeksBefore - a.weeksBefore);
  const band = {
    type: 'line',
    symbol: 'none',
    lineStyle: { opacity: 0 },
    stack: 'band',
    stackStrategy: 'all',
    silent: true,
  };
  return {
    grid: { left: 8, right: 24, top: 16, bottom: 8, outerBoundsMode: 'same' },
    tooltip: {
      trigger: 'axis',
      formatter: (points: readonly { dataIndex: number }[]) => {
        const week = known[points[0]?.dataIndex ?? 0];
        if (week === undefined) return '';
        const { interval } = week;
        const span = interval === null ? '' : ` (${numberText(interval[0])} to ${numberText(interval[1])})`;
        return tipMarkup(`${week.weeksBefore} weeks before`, [
          ['difference', `${numberText(week.standardised ?? 0)}${span}`],
          ['churns compared', numberText(week.sets)],
        ]);
      },
    },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      name: '',
      data: known.map((week) => `${week.weeksBefore}`),
      axisLabel: { formatter: '{value} wk' },
    },
    yAxis: { type: 'value' },
    series: [
      { ...band, data: known.map(({ interval }) => interval?.[0] ?? '-') },
      {
        ...band,
        areaStyle: { color: theme.accent, opacity: BAND_OPACITY },
        data: known.map(({ interval }) => (interval === null ? '-' : interval[1] - interval[0])),
      },
      {
        type: 'line',
        color: theme.accent,
        data: known.map(({ standardised }) => standardised),
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { color: theme.lineStrong, type: 'dashed' },
          label: { color: theme.muted, formatter: '{b}' },
          data: [
            { yAxis: 0, name: 'no difference', label: { position: 'insideStartTop' } },
            ...(weeksBefore === null ? [] : [{ xAxis: `${weeksBefore}`, name: 'they part here' }]),
          ],
        },
      },
    ],
  };
}
