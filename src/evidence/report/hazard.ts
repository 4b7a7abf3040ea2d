import type { Verdict } from '../verdict.ts';
import type { ForestAxis, ForestRow } from './forest_chart.ts';

/** A ratio of hazards with its interval, as rows of evidence carry it; null where it could not be told. */
interface Ratio {
  readonly ratio: number | null;
  readonly interval: readonly [number, number] | null;
  readonly verdict: Verdict;
}

const REACH = [0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16];
const LEAST = REACH.indexOf(0.5);
const MOST = REACH.indexOf(2);

/** An axis of ratios that is as wide as its estimates ask for, and no narrower than a half to two. */
export function hazardAxis(rows: readonly ForestRow[], below: string, above: string): ForestAxis {
  const estimates = rows.map(({ estimate }) => estimate);
  const [low, high] = [Math.min(1, ...estimates), Math.max(1, ...estimates)];
  const from = REACH.findLastIndex((tick) => tick < low);
  const to = REACH.findIndex((tick) => tick > high);
  const ticks = REACH.slice(Math.min(LEAST, Math.max(0, from)), Math.max(MOST, to < 0 ? REACH.length - 1 : to) + 1);
  return { kind: 'ratio', neutral: 1, below, above, ticks, write: String };
}

/** A line of a forest plot for a ratio; nothing where there is none. */
export function ratioRow(label: string, note: string, { ratio, interval, verdict }: Ratio): readonly ForestRow[] {
  if (ratio === null || interval === null) return [];
  const mark = verdict === 'too_little_data' ? ('open' as const) : verdict;
  return [{ label, note, estimate: ratio, interval, mark }];
}

/** A ratio for a cell of a table: `0.55`; null where there is none. */
export function ratioText(ratio: number | null): string | null {
  return ratio?.toFixed(2) ?? null;
}

/** Its interval: `0.32 to 0.96`. */
export function ratioSpan(interval: readonly [number, number] | null): string | null {
  return interval?.map((limit) => limit.toFixed(2)).join(' to ') ?? null;
}

/** A q for a cell of a table: two digits, or `< 0.001`; null where there is none. */
export function qCell(q: number | null): string | null {
  if (q === null) return null;
  return q < 0.001 ? '< 0.001' : q.toPrecision(2);
}

/** A q for the margin of a chart. */
export function writeQ(q: number | null): string {
  if (q === null) return 'not tested';
  return q < 0.001 ? 'q < 0.001' : `q ${q.toFixed(3)}`;
}
