import { SegmentedControl } from '@mantine/core';
import type { EChartsCoreOption } from 'echarts/core';
import { useCallback, useMemo, useState } from 'react';
import type { MixBody } from '../../../api/contract.ts';
import { moneyText, shareText, wholeText, wordText } from '../../format.ts';
import { Chart, type Picked } from '../../parts/chart.tsx';
import type { ChartTable } from '../../parts/chart-table.tsx';
import { type ChartInk, tipMarkup } from '../../parts/chart-theme.ts';

/** Cohorts from the best down, with the place of each in the colours of series; others come after them. */
const COHORTS = ['Power User', 'Steady State', 'At Risk', 'Dormant', 'unknown'];
const ROW_PIXELS = 44;
const AROUND_PIXELS = 72;

/** Who is really inside a firmographic band: the share of every cohort, and never their average alone (R017). */
export function MixChart({
  mix,
  onPick,
}: {
  readonly mix: MixBody;
  readonly onPick: (band: string, value: string | null, cohort: string | null) => void;
}) {
  const bands = [...new Set(mix.mix.map(({ band }) => band))];
  const [chosen, setChosen] = useState<string | null>(null);
  const band = chosen ?? bands[0] ?? '';
  const rows = useMemo(() => mix.mix.filter((row) => row.band === band && row.customers > 0), [mix, band]);
  const cohorts = useMemo(() => cohortsIn(rows), [rows]);
  const option = useCallback((ink: ChartInk) => optionOf(rows, cohorts, ink), [rows, cohorts]);
  const table: ChartTable = {
    columns: [
      { name: wordText(band) },
      { name: 'Customers', text: wholeText },
      { name: `ARR (${mix.currency})`, text: (value) => moneyText(value, mix.currency) },
      ...cohorts.map((name) => ({ name, text: wholeText })),
    ],
    rows: rows.map((row) => [
      nameOf(row.value),
      row.customers,
      row.arr,
      ...cohorts.map((cohort) => row.cohorts[cohort] ?? 0),
    ]),
  };
  const pick = ({ dataIndex, seriesName }: Picked) => onPick(band, rows[dataIndex]?.value ?? null, seriesName ?? null);
  return (
    <>
      {bands.length > 1 && (
        <SegmentedControl
          size="xs"
          mb="sm"
          aria-label="Band"
          data={bands.map((name) => ({ value: name, label: wordText(name) }))}
          value={band}
          onChange={setChosen}
        />
      )}
      <Chart
        title={sentenceOf(band, rows)}
        file={`cohorts-by-${band}`}
        height={AROUND_PIXELS + rows.length * ROW_PIXELS}
        option={option}
        table={table}
        onPick={pick}
      />
    </>
  );
}

type Row = MixBody['mix'][number];

const nameOf = (value: string | null): string => (value === null ? 'unknown' : wordText(value));

function cohortsIn(rows: readonly Row[]): readonly string[] {
  const found = new Set(rows.flatMap(({ cohorts }) => Object.keys(cohorts)));
  return [...COHORTS.filter((name) => found.has(name)), ...[...found].filter((name) => !COHORTS.includes(name)).sort()];
}

function sentenceOf(band: string, rows: readonly Row[]): string {
  const widest = rows.toSorted((a, b) => b.customers - a.customers)[0];
  if (widest === undefined) return `No customer has a known ${wordText(band)}`;
  const parts = Object.entries(widest.cohorts).sort(([, a], [, b]) => b - a);
  const told = parts.slice(0, 3).map(([name, count]) => `${shareText(count / widest.customers)} ${name}`);
  return `Inside ${nameOf(widest.value)}: ${told.join(', ')}`;
}

function optionOf(
  rows: readonly Row[],
  cohorts: readonly string[],
  { series, theme, isNarrow }: ChartInk,
): EChartsCoreOption {
  const colours = [series[1], series[0], series[2], series[6], theme.line];
  return {
    grid: { left: 8, right: 16, top: 36, bottom: 8, outerBoundsMode: 'same' },
    legend: { top: 0, left: 0, itemGap: isNarrow ? 8 : 16, selectedMode: false },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'none' },
      formatter: (points: readonly { dataIndex: number }[]) => {
        const row = rows[points[0]?.dataIndex ?? 0];
        if (row === undefined) return '';
        const told = cohorts.map((name): [string, string] => {
          const count = row.cohorts[name] ?? 0;
          return [name, `${wholeText(count)} (${shareText(count / row.customers)})`];
        });
        return tipMarkup(`${nameOf(row.value)}, ${wholeText(row.customers)} customers`, told);
      },
    },
    xAxis: { type: 'value', max: 1, axisLabel: { formatter: shareText } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ value, customers }) => `${nameOf(value)} (${wholeText(customers)})`),
    },
    series: cohorts.map((name, index) => ({
      name,
      type: 'bar',
      stack: 'all',
      barWidth: 24,
      itemStyle: { color: colours[index % colours.length], borderColor: theme.raised, borderWidth: 1 },
      data: rows.map((row) => (row.cohorts[name] ?? 0) / row.customers),
    })),
  };
}
