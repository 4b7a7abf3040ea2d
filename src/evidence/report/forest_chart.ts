import { type Markup, markup } from './markup.ts';
import { linearScale, logScale } from './scale.ts';

/** One estimate with its interval; `mark` tells how it is drawn. */
export interface ForestRow {
  readonly label: string;
  readonly note: string;
  readonly estimate: number;
  readonly interval: readonly [number, number];
  readonly mark: 'holds' | 'carried' | 'fails' | 'open';
}

/** What the estimates are, which value means no effect, and the words under both sides of it (empty: none there). */
export interface ForestAxis {
  readonly kind: 'ratio' | 'difference';
  readonly neutral: number;
  readonly below: string;
  readonly above: string;
  readonly ticks: readonly number[];
  readonly write: (value: number) => string;
}

const WIDTH = 720;
const NOTES = 150;
const LEAST_LABELS = 120;
const MOST_LABELS = 330;
/** Of a sign at the size of the labels. */
const SIGN = 6.4;
const LABEL_GAP = 12;
const ROW = 22;
const TOP = 8;
const FOOT = 44;

/** Estimates under each other, each a dot on the line of its interval; lines that leave the paper end in an arrow. */
export function forestChart(rows: readonly ForestRow[], axis: ForestAxis, title: string): Markup {
  const span = [axis.ticks[0] ?? 0, axis.ticks.at(-1) ?? 1] as const;
  const labels = gutterOf(rows.map(({ label }) => label));
  const scale = axis.kind === 'ratio' ? logScale : linearScale;
  const x = scale(span, [labels, WIDTH - NOTES]);
  const inside = (value: number) => x(Math.min(Math.max(value, span[0]), span[1]));
  const bottom = TOP + ROW * rows.length;
  return markup`<svg class="chart" viewBox="0 0 ${WIDTH} ${bottom + FOOT}" role="img" aria-label="${title}">
    ${axis.ticks.map((tick) => markup`<g class="grid"><line x1="${x(tick)}" x2="${x(tick)}" y1="${TOP}" y2="${bottom}"/><text x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${axis.write(tick)}</text></g>`)}
    <line class="neutral" x1="${x(axis.neutral)}" x2="${x(axis.neutral)}" y1="${TOP}" y2="${bottom}"/>
    ${axis.below === '' ? null : markup`<text class="side" x="${x(axis.neutral) - 8}" y="${bottom + 34}" text-anchor="end">← ${axis.below}</text>`}
    ${axis.above === '' ? null : markup`<text class="side" x="${x(axis.neutral) + 8}" y="${bottom + 34}">${axis.above} →</text>`}
    ${rows.map(({ label, note, estimate, interval, mark }, index) => {
      const y = TOP + ROW * index + ROW / 2;
      const [low, high] = interval;
      return markup`<g class="estimate ${mark}"><text x="${labels - LABEL_GAP}" y="${y + 4}" text-anchor="end">${shortened(label)}<title>${label}</title></text>
        <line x1="${inside(low)}" x2="${inside(high)}" y1="${y}" y2="${y}"/>
        ${low < span[0] ? markup`<text x="${inside(low) - 2}" y="${y + 4}">‹</text>` : null}
        ${high > span[1] ? markup`<text x="${inside(high) - 4}" y="${y + 4}">›</text>` : null}
        <circle cx="${inside(estimate)}" cy="${y}" r="4.5"/>
        <text class="note" x="${WIDTH - NOTES + 12}" y="${y + 4}">${note}</text></g>`;
    })}
  </svg>`;
}

/** How wide the names are that stand left of a chart, within what leaves room for it. */
export function gutterOf(labels: readonly string[]): number {
  const longest = Math.max(0, ...labels.map(({ length }) => length));
  return Math.min(MOST_LABELS, Math.max(LEAST_LABELS, Math.round(longest * SIGN) + 2 * LABEL_GAP));
}

/** A name that fits left of a chart: its end is what tells names of one family apart. */
export function shortened(label: string): string {
  const most = Math.floor((MOST_LABELS - 2 * LABEL_GAP) / SIGN);
  return label.length <= most ? label : `…${label.slice(label.length - most + 1)}`;
}
