import type { CustomSeriesRenderItem, EChartsCoreOption } from 'echarts';
import { useCallback } from 'react';
import { Chart } from './chart.tsx';
import type { ChartTable } from './chart-table.tsx';
import { type ChartInk, tipMarkup } from './chart-theme.ts';

/** An estimate with its interval in a row of a forest. */
interface Mark {
  readonly estimate: number;
  readonly interval: readonly [number, number] | null;
}

/** A row of a forest: a name and one mark for each series; null: too little is known. */
interface ForestRow {
  readonly name: string;
  readonly marks: readonly (Mark | null)[];
}

/** A forest: rows of estimates with their intervals on one scale. */
export interface ForestProps {
  readonly title: string;
  readonly file: string;
  readonly rows: readonly ForestRow[];
  /** What the marks of a row are: one word each. */
  readonly series: readonly string[];
  /** What stands under the scale. */
  readonly scale: string;
  readonly text: (value: number) => string;
  /** Where there is no difference: a line at 1 for a ratio, at 0 for a difference. */
  readonly reference?: number;
  readonly isLogarithmic?: boolean;
  readonly min?: number;
  readonly max?: number;
}

const ROW_PIXELS = 36;
/** A longer name takes three lines on a narrow screen. */
const LONG_NAME = 30;
const LONG_ROW_PIXELS = 48;
const AROUND_PIXELS = 76;
const APART_PIXELS = 10;
const DOT_PIXELS = 4;
const LABEL_PIXELS = 14;

/** Estimates as dots, intervals as lines: longer means less sure; nothing is drawn where too little is known. */
export function Forest(props: ForestProps) {
  const { title, file, rows, series, text, scale } = props;
  const option = useCallback((ink: ChartInk) => optionOf(props, ink), [props]);
  const table: ChartTable = {
    columns: [
      { name: 'Of' },
      ...series.flatMap((name) => [
        { name, text },
        { name: 'from', text },
        { name: 'to', text },
      ]),
    ],
    rows: rows.map(({ name, marks }) => [
      name,
      ...marks.flatMap((mark) => [mark?.estimate ?? null, mark?.interval?.[0] ?? null, mark?.interval?.[1] ?? null]),
    ]),
    whyUnknown: 'Too few accounts to say.',
  };
  return (
    <Chart
      title={title}
      file={file}
      height={AROUND_PIXELS + rows.length * rowPixels(rows)}
      option={option}
      table={table}
      note={<span className="small muted">{scale}. A line is where the truth lies, in 95 of 100 such cases.</span>}
    />
  );
}

const rowPixels = (rows: ForestProps['rows']): number =>
  rows.some(({ name }) => name.length > LONG_NAME) ? LONG_ROW_PIXELS : ROW_PIXELS;

function optionOf(
  { rows, series, text, reference, isLogarithmic, min, max }: ForestProps,
  ink: ChartInk,
): EChartsCoreOption {
  const { theme } = ink;
  const colours = [theme.accent, theme.muted, ...ink.series];
  return {
    grid: { left: 8, right: 24, top: series.length > 1 ? 32 : 8, bottom: 8, outerBoundsMode: 'same' },
    ...(series.length > 1 ? { legend: { top: 0, left: 0, selectedMode: false } } : {}),
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'none' },
      formatter: (points: readonly { dataIndex: number }[]) => {
        const row = rows[points[0]?.dataIndex ?? 0];
        if (row === undefined) return '';
        const told = series.map((name, index): [string, string] => [name, markText(row.marks[index] ?? null, text)]);
        return tipMarkup(row.name, told);
      },
    },
    xAxis: {
      type: isLogarithmic ? 'log' : 'value',
      scale: true,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      axisLabel: { formatter: text },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ name }) => name),
      axisLabel: { width: ink.isNarrow ? 110 : 240, overflow: 'break', lineHeight: LABEL_PIXELS },
    },
    series: series.map((name, index) => ({
      name,
      type: 'custom',
      color: colours[index],
      renderItem: renderMark((index - (series.length - 1) / 2) * APART_PIXELS, colours[index] ?? theme.accent),
      encode: { x: [1, 2, 3], y: 0 },
      data: rows.map(({ marks }, row) => {
        const mark = marks[index] ?? null;
        return mark === null
          ? [row, '-', '-', '-']
          : [row, mark.estimate, mark.interval?.[0] ?? mark.estimate, mark.interval?.[1] ?? mark.estimate];
      }),
      ...(index === 0 && reference !== undefined
        ? {
            markLine: {
              silent: true,
              symbol: 'none',
              label: { show: false },
              lineStyle: { color: theme.lineStrong, type: 'dashed' },
              data: [{ xAxis: reference }],
            },
          }
        : {}),
    })),
  };
}

/** Draws one estimate and its interval, so many pixels below the middle of its row. */
function renderMark(below: number, colour: string): CustomSeriesRenderItem {
  return (_, api) => {
    const row = api.value(0);
    const [estimate, low, high] = [api.value(1), api.value(2), api.value(3)].map(Number);
    if (estimate === undefined || low === undefined || high === undefined || Number.isNaN(estimate)) return null;
    const at = (value: number): readonly number[] => api.coord([value, row]);
    const [from, to, dot] = [at(low), at(high), at(estimate)];
    const y = (dot[1] ?? 0) + below;
    return {
      type: 'group',
      children: [
        {
          type: 'line',
          shape: { x1: from[0] ?? 0, y1: y, x2: to[0] ?? 0, y2: y },
          style: { stroke: colour, lineWidth: 2, opacity: 0.65 },
        },
        { type: 'circle', shape: { cx: dot[0] ?? 0, cy: y, r: DOT_PIXELS }, style: { fill: colour } },
      ],
    };
  };
}

function markText(mark: Mark | null, text: (value: number) => string): string {
  if (mark === null) return 'unknown';
  return mark.interval === null
    ? text(mark.estimate)
    : `${text(mark.estimate)} (${text(mark.interval[0])} to ${text(mark.interval[1])})`;
}
