import type { EChartsCoreOption } from 'echarts/core';
import { type ChartInk, tipMarkup } from './chart-theme.ts';
import type { SegmentLook } from './segment-colour.ts';

/** Accounts that went from one segment to another. */
export interface FlowRow {
  /** Null: in no segment. */
  readonly from: string | null;
  readonly to: string | null;
  readonly accounts: number;
  readonly arr: number | null;
}

/** How a flow is drawn. */
export interface FlowLook {
  readonly looks: ReadonlyMap<string, SegmentLook>;
  readonly by: 'accounts' | 'arr';
  readonly text: (value: number) => string;
  /** Words over both sides: then and now, or before and after. */
  readonly sides: readonly [string, string];
}

/** Those who stayed are drawn at most this thick beside those who went, so that the change is what is seen. */
const STAYED_SHARE = 0.25;
const NOWHERE = 'in none';

/** How thick a flow is: accounts, or ARR; what is unknown weighs nothing. */
const weightOf = ({ accounts, arr }: FlowRow, by: 'accounts' | 'arr'): number =>
  by === 'accounts' ? accounts : (arr ?? 0);

/** A flow diagram from segment to segment; who stayed is a thin line of the truth, told in the box and in the table. */
export function flowOption(
  rows: readonly FlowRow[],
  { looks, by, text, sides }: FlowLook,
  ink: ChartInk,
): EChartsCoreOption {
  const { theme, fill, isNarrow } = ink;
  const moved = rows.filter(({ from, to }) => from !== to).reduce((sum, row) => sum + weightOf(row, by), 0);
  const stayed = rows.filter(({ from, to }) => from === to).reduce((sum, row) => sum + weightOf(row, by), 0);
  const thinner = stayed === 0 || moved === 0 ? 1 : Math.min(1, (STAYED_SHARE * moved) / stayed);
  const nodes = (side: 0 | 1, names: ReadonlySet<string>) =>
    [...names].map((name) => ({
      name: `${side} ${name}`,
      depth: side,
      itemStyle: { ...fill(looks.get(name)), borderWidth: 0 },
      label: { position: side === 0 ? 'right' : 'left', formatter: name },
    }));
  const links = rows
    .filter((row) => weightOf(row, by) > 0)
    .map((row) => ({
      source: `0 ${row.from ?? NOWHERE}`,
      target: `1 ${row.to ?? NOWHERE}`,
      value: weightOf(row, by) * (row.from === row.to ? thinner : 1),
      row,
      lineStyle: {
        opacity: row.from === row.to ? 0.12 : 0.4,
        color: row.from === row.to ? theme.lineStrong : 'target',
      },
    }));
  return {
    tooltip: {
      trigger: 'item',
      formatter: ({ data }: { readonly data: { readonly row?: FlowRow; readonly name?: string } }) => {
        if (data.row === undefined) return tipMarkup(data.name?.slice(2) ?? '', []);
        const { from, to, accounts, arr } = data.row;
        const title = from === to ? `stayed in ${from ?? NOWHERE}` : `${from ?? NOWHERE} to ${to ?? NOWHERE}`;
        return tipMarkup(title, [
          ['accounts', String(accounts)],
          ['ARR', arr === null ? 'unknown' : text(arr)],
        ]);
      },
    },
    series: [
      {
        type: 'sankey',
        left: 4,
        right: 4,
        top: 24,
        bottom: 8,
        nodeWidth: 12,
        nodeGap: isNarrow ? 10 : 14,
        draggable: false,
        emphasis: { focus: 'adjacency' },
        label: { color: theme.text, fontSize: 12 },
        data: [
          ...nodes(0, new Set(links.map(({ row }) => row.from ?? NOWHERE))),
          ...nodes(1, new Set(links.map(({ row }) => row.to ?? NOWHERE))),
        ],
        links,
      },
    ],
    title: [
      { text: sides[0], left: 0, top: 0, textStyle: { fontSize: 12, fontWeight: 400, color: theme.muted } },
      { text: sides[1], right: 0, top: 0, textStyle: { fontSize: 12, fontWeight: 400, color: theme.muted } },
    ],
  };
}
