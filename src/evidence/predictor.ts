import type { Panel, PanelRow } from './panel.ts';
import type { PanelSignal } from './signal.ts';

/** A column that a regression takes; NaN is missing. */
export interface Column {
  readonly name: string;
  readonly values: Float64Array;
}

const LEAST_ROWS = 20;
const MOST_LEVELS = 12;

/**
 * Columns of a signal for some rows of a panel: a number as it is; one column per value of a text that enough rows have.
 *
 * Which values a text gets columns for is decided without looking at outcomes. Long tails of amounts are taken as
 * logarithms, so that one large account does not outweigh the others.
 */
export function columnsOf(panel: Panel, signal: PanelSignal, rows: readonly PanelRow[]): readonly Column[] {
  const { name } = signal;
  if (signal.isNumber) {
    const all = panel.numbers(name);
    const values = Float64Array.from(rows, ({ index }) => all[index] ?? Number.NaN);
    if (values.every((value) => Number.isNaN(value))) return [];
    const isAmount = values.every((value) => Number.isNaN(value) || value >= 0) && isLongTailed(values);
    return [{ name, values: isAmount ? values.map((value) => Math.log1p(value)) : values }];
  }
  const all = panel.texts(name);
  const counts = new Map<string, number>();
  for (const { index } of rows) {
    const word = all[index] ?? null;
    if (word !== null) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count >= LEAST_ROWS)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, MOST_LEVELS)
    .map(([word]) => ({
      name: `${name} = ${word}`,
      values: Float64Array.from(rows, ({ index }) => (all[index] === word ? 1 : 0)),
    }));
}

/** The mean is far above the middle. */
function isLongTailed(values: Float64Array): boolean {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return mean > 2 * (known[known.length >> 1] ?? 0) && mean > 1;
}
