import type { EChartsCoreOption } from 'echarts/core';
import type { TimelineBody, TrendsBody } from '../../../api/contract.ts';
import { dayText } from '../../format.ts';
import { type ChartInk, tipMarkup } from '../../parts/chart-theme.ts';
import { numberText } from './value-text.ts';

type Entry = TimelineBody['entries'][number];

/** Lanes under the course, the first at the top, and the kinds of entries in each. */
const LANES = [
  { name: 'Moves', kinds: ['move', 'override'] },
  { name: 'Contracts', kinds: ['contract', 'renewal', 'opportunity', 'merger'] },
  { name: 'Tickets', kinds: ['ticket'] },
  { name: 'NPS', kinds: ['nps'] },
  { name: 'People', kinds: ['sponsor', 'need', 'note'] },
  { name: 'Model', kinds: ['model'] },
] as const;

/** The lane of a kind of entry; null: it has none. */
export function laneOf(kind: string): string | null {
  return LANES.find(({ kinds }) => (kinds as readonly string[]).includes(kind))?.name ?? null;
}

const LEFT = 84;
const LANE_PIXELS = 20;

/** A course over its usual range, and what happened meanwhile in lanes under it, on one axis of time. */
export function courseOption(
  ink: ChartInk,
  {
    asOfs,
    course,
    label,
    marks,
  }: {
    readonly asOfs: readonly string[];
    readonly course: TrendsBody['trends'][number] | undefined;
    readonly label: string;
    readonly marks: readonly Entry[];
  },
): EChartsCoreOption {
  const { theme } = ink;
  const lanes = LANES.map(({ name }) => name);
  const lanesHeight = LANE_PIXELS * lanes.length;
  const span = { min: Date.parse(asOfs[0] ?? '') - 7 * 86_400_000, max: Date.parse(asOfs.at(-1) ?? '') + 86_400_000 };
  const usual = course?.usual ?? null;
  return {
    grid: [
      { left: LEFT, right: 16, top: 16, bottom: lanesHeight + 56 },
      { left: LEFT, right: 16, height: lanesHeight, bottom: 28 },
    ],
    xAxis: [
      { type: 'time', gridIndex: 0, ...span, axisLabel: { show: false } },
      { type: 'time', gridIndex: 1, ...span, axisLine: { show: false } },
    ],
    yAxis: [
      { type: 'value', gridIndex: 0, min: 0, minInterval: 1, name: label, nameTextStyle: { align: 'right' } },
      {
        type: 'category',
        gridIndex: 1,
        data: lanes,
        inverse: true,
        axisLine: { show: false },
        splitLine: { show: true },
      },
    ],
    tooltip: { trigger: 'item' },
    series: [
      {
        type: 'line',
        name: label,
        showSymbol: true,
        symbol: 'circle',
        symbolSize: 5,
        color: theme.accent,
        data: asOfs.map((at, index) => [Date.parse(at), course?.values[index] ?? null]),
        tooltip: { formatter: ({ value }: { value: [number, number] }) => pointTip(label, value) },
        ...(usual === null ? {} : { markArea: bandOf(usual, theme.accent, theme.muted) }),
      },
      {
        type: 'scatter',
        name: 'What happened',
        xAxisIndex: 1,
        yAxisIndex: 1,
        symbolSize: 9,
        color: theme.text,
        data: marks.map((entry) => ({ value: [Date.parse(entry.at), laneOf(entry.kind)], entry })),
        tooltip: { formatter: ({ data }: { data: { entry: Entry } }) => entryTip(data.entry) },
      },
    ],
  };
}

function bandOf({ low, high }: { readonly low: number; readonly high: number }, colour: string, ink: string) {
  return {
    silent: true,
    itemStyle: { color: colour, opacity: 0.15 },
    label: { show: true, position: 'insideTopLeft', color: ink, formatter: 'usual' },
    data: [[{ yAxis: low }, { yAxis: high }]],
  };
}

const pointTip = (label: string, [at, value]: readonly [number, number]): string =>
  tipMarkup(dayText(new Date(at).toISOString()), [[label, numberText(value)]]);

const entryTip = ({ at, title, text }: Entry): string => tipMarkup(dayText(at), [[title, text]]);
