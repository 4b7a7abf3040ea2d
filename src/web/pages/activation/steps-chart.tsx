import type { EChartsCoreOption } from 'echarts/core';
import { useCallback } from 'react';
import { shareText, wholeText, wordText } from '../../format.ts';
import { Chart, type Picked } from '../../parts/chart.tsx';
import type { ChartTable } from '../../parts/chart-table.tsx';
import { type ChartInk, tipMarkup } from '../../parts/chart-theme.ts';

/** One step as a bar: those who came to it, split into who took it, who is lost before it, and who may still take it. */
export interface StepBar {
  readonly step: string;
  readonly entered: number;
  readonly reached: number;
  readonly lost: number;
  readonly waiting: number;
  /** What stands small under the name; empty: nothing. */
  readonly aside: string;
  /** Rows of name and value beside the pointer. */
  readonly told: readonly (readonly [name: string, value: string])[];
}

/** What the parts of the bars are called. */
export interface StepWords {
  readonly reached: string;
  readonly lost: string;
  readonly waiting: string;
}

const ROW_PIXELS = 60;
const AROUND_PIXELS = 56;
const LABEL_PIXELS = 84;
/** Transparency of a drop-off that is not the largest, as the last digits of its colour. */
const FAINT = '80';
/** Share of the longest bar below which a bar cannot hold its own label. */
const SHORT = 0.2;

/** A sequence as bars, each as long as the part of the one before that went on: what is missing is the drop between. */
export function StepsChart({
  title,
  file,
  bars,
  words,
  largest,
  table,
  onPick,
}: {
  readonly title: string;
  readonly file: string;
  readonly bars: readonly StepBar[];
  readonly words: StepWords;
  /** The step with the largest drop-off; the others are drawn fainter. */
  readonly largest: string | null;
  readonly table: ChartTable;
  readonly onPick?: (step: string) => void;
}) {
  const option = useCallback((ink: ChartInk) => optionOf(bars, words, largest, ink), [bars, words, largest]);
  const picking =
    onPick === undefined
      ? {}
      : {
          onPick: ({ dataIndex }: Picked) => {
            const bar = bars[dataIndex];
            if (bar !== undefined) onPick(bar.step);
          },
        };
  return (
    <Chart
      title={title}
      file={file}
      height={AROUND_PIXELS + bars.length * ROW_PIXELS}
      option={option}
      table={table}
      {...picking}
    />
  );
}

function optionOf(
  bars: readonly StepBar[],
  words: StepWords,
  largest: string | null,
  ink: ChartInk,
): EChartsCoreOption {
  const { isNarrow } = ink;
  return {
    grid: {
      ...{ left: isNarrow ? 0 : 8, right: LABEL_PIXELS, top: 32, bottom: 4 },
      ...{ outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    },
    legend: { top: 0, left: 0, itemGap: isNarrow ? 10 : 16, selectedMode: false },
    aria: { decal: { show: true } },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'none' },
      formatter: (points: readonly { dataIndex: number }[]) => {
        const bar = bars[points[0]?.dataIndex ?? 0];
        return bar === undefined ? '' : tipMarkup(wordText(bar.step), bar.told);
      },
    },
    xAxis: {
      type: 'value',
      max: Math.max(1, bars[0]?.entered ?? 1),
      axisLabel: { show: false },
      splitLine: { show: false },
    },
    yAxis: namesOf(bars, largest, ink),
    series: seriesOf(bars, words, largest, ink),
  };
}

/** The parts of every bar, one after the other: took it, lost, and still on the way where anybody is. */
function seriesOf(
  bars: readonly StepBar[],
  words: StepWords,
  largest: string | null,
  { series, theme, isNarrow }: ChartInk,
) {
  const hasWaiting = bars.some(({ waiting }) => waiting > 0);
  const longest = bars[0]?.entered ?? 1;
  const stack = { type: 'bar', stack: 'all', barWidth: isNarrow ? 20 : 26, cursor: 'pointer' };
  const hatch = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4, color: theme.raised };
  const plain = { symbol: 'none' };
  const short = { color: theme.text, backgroundColor: theme.raised, padding: [2, 4], borderRadius: 3 };
  const faint = ({ step }: StepBar): string => (largest !== null && step !== largest ? FAINT : '');
  const inside = {
    ...{ show: true, position: 'insideLeft', color: theme.accentText },
    formatter: ({ dataIndex }: { dataIndex: number }) => reachedText(bars[dataIndex]),
  };
  const last = lostLabel(bars, words, theme.text);
  const took = bars.map(({ reached: value }) => ({ value, ...(value < SHORT * longest ? { label: short } : {}) }));
  const lost = bars.map((bar) => ({ value: bar.lost, itemStyle: { color: `${series[2]}${faint(bar)}` } }));
  const waiting = bars.map((bar) => bar.waiting);
  return [
    { ...stack, name: words.reached, itemStyle: { color: theme.accent, decal: plain }, label: inside, data: took },
    {
      ...{ ...stack, name: words.lost, itemStyle: { color: series[2], decal: hatch }, data: lost },
      ...(hasWaiting ? {} : { label: last }),
    },
    ...(hasWaiting
      ? [
          {
            ...stack,
            name: words.waiting,
            itemStyle: { color: theme.lineStrong, decal: plain },
            label: last,
            data: waiting,
          },
        ]
      : []),
  ];
}

/** Names of the steps: left of the bars, and above them where there is no room. */
function namesOf(bars: readonly StepBar[], largest: string | null, { theme, isNarrow }: ChartInk) {
  const rich = {
    most: { fontWeight: 600, color: theme.text, lineHeight: 18 },
    name: { color: theme.text, lineHeight: 18 },
    aside: { color: theme.muted, lineHeight: 16 },
  };
  const formatter = (_: string, index: number): string => {
    const bar = bars[index];
    if (bar === undefined) return '';
    const name = `{${bar.step === largest ? 'most' : 'name'}|${wordText(bar.step)}}`;
    return bar.aside === '' ? name : `${name}${isNarrow ? '  ' : '\n'}{aside|${bar.aside}}`;
  };
  const above = { inside: true, verticalAlign: 'bottom', align: 'left', margin: 0, padding: [0, 0, 14, 0] };
  return {
    type: 'category',
    inverse: true,
    data: bars.map(({ step }) => step),
    axisLine: { show: !isNarrow },
    axisLabel: { interval: 0, rich, formatter, ...(isNarrow ? above : {}) },
    z: 3,
  };
}

function reachedText(bar: StepBar | undefined): string {
  if (bar === undefined || bar.entered === 0) return '';
  return `${wholeText(bar.reached)} · ${shareText(bar.reached / bar.entered)}`;
}

function lostLabel(bars: readonly StepBar[], words: StepWords, color: string) {
  return {
    show: true,
    position: 'right',
    color,
    formatter: ({ dataIndex }: { dataIndex: number }) => {
      const lost = bars[dataIndex]?.lost ?? 0;
      return lost === 0 ? '' : `${wholeText(lost)} ${words.lost}`;
    },
  };
}
