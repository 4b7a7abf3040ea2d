import { MOTION, RADIUS, SEGMENT_COLOURS, SPACE, THEMES, type Theme, TYPE } from '../tokens.ts';
import type { SegmentLook } from './segment-colour.ts';

/** What a chart is drawn with in the reader's theme. */
export interface ChartInk {
  readonly scheme: 'light' | 'dark';
  readonly theme: Theme;
  /** Colours of series that are no segments, told apart with any colour vision. */
  readonly series: readonly string[];
  /** Whether the frame is too narrow for labels at the side. */
  readonly isNarrow: boolean;
  /** How an area of a segment is filled: its colour, hatched where it is the overlay. */
  readonly fill: (look: SegmentLook | undefined) => Fill;
}

/** Colour of an area, and the lines over it. */
interface Fill {
  readonly color: string;
  readonly decal?: Readonly<Record<string, unknown>>;
}

const FONT = `'Inter Variable', system-ui, sans-serif`;
const NARROW_PIXELS = 560;

/** The ink of a scheme for a frame of so many pixels. */
export function chartInk(scheme: 'light' | 'dark', widthPixels: number): ChartInk {
  const theme = THEMES[scheme];
  const fill = (look: SegmentLook | undefined): Fill => {
    if (look === undefined) return { color: theme.lineStrong };
    if (!look.isHatched) return { color: look.colour };
    const hatch = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4 };
    return { color: look.colour, decal: { ...hatch, color: theme.raised } };
  };
  return { scheme, theme, series: SEGMENT_COLOURS[scheme], isNarrow: widthPixels < NARROW_PIXELS, fill };
}

/** What every chart begins with, in the words of the drawing library: type, lines and boxes from the tokens. */
export function chartTheme({ theme, series }: ChartInk): Readonly<Record<string, unknown>> {
  const text = { fontFamily: FONT, fontSize: TYPE.small.size, color: theme.muted };
  const axis = {
    axisLine: { show: true, lineStyle: { color: theme.lineStrong } },
    axisTick: { show: false },
    axisLabel: text,
    nameTextStyle: text,
    splitLine: { show: true, lineStyle: { color: theme.line } },
  };
  return {
    color: series,
    backgroundColor: 'transparent',
    textStyle: { ...text, color: theme.text },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: { ...axis, splitLine: { show: false } },
    legend: { textStyle: text, icon: 'roundRect', itemWidth: 10, itemHeight: 10 },
    line: { symbol: 'none', lineStyle: { width: 2 } },
    tooltip: {
      confine: true,
      transitionDuration: 0,
      backgroundColor: theme.raised,
      borderColor: theme.lineStrong,
      borderRadius: RADIUS.base,
      padding: [SPACE[2], SPACE[3]],
      textStyle: { ...text, color: theme.text },
      extraCssText: 'box-shadow: none; max-width: 320px; white-space: normal;',
    },
    animationDuration: MOTION.base,
    animationDurationUpdate: MOTION.base,
  };
}

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as markup in which nothing is markup: names come from the data. */
export function plainMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
}

/** What stands in the box beside the pointer: a line of what it is, and rows of name and value. */
export function tipMarkup(title: string, rows: readonly (readonly [name: string, value: string])[]): string {
  const lines = rows.map(
    ([name, value]) =>
      `<tr><td style="padding-right:12px">${plainMarkup(name)}</td><td style="text-align:right;font-variant-numeric:tabular-nums">${plainMarkup(value)}</td></tr>`,
  );
  return `<strong style="font-weight:600">${plainMarkup(title)}</strong><table>${lines.join('')}</table>`;
}
