import { gutterOf, shortened } from './forest_chart.ts';
import { type Markup, markup } from './markup.ts';
import { linearScale, ticks } from './scale.ts';

/** One bar from 0 with a stroke across it where chance would end. */
export interface Bar {
  readonly label: string;
  readonly note: string;
  readonly value: number;
  readonly chance: number;
  readonly isHeld: boolean;
}

const WIDTH = 720;
const LABEL_GAP = 12;
const NOTES = 150;
const ROW = 22;
const BAR = 10;
const TOP = 8;
const FOOT = 28;

/** Bars under each other on one scale from 0, filled where they are held; what is longer than `longest` ends in an arrow. */
export function barChart(bars: readonly Bar[], longest: number, title: string): Markup {
  const labels = gutterOf(bars.map(({ label }) => label));
  const most = Math.min(longest, Math.max(0.1, ...bars.flatMap(({ value, chance }) => [value, chance])));
  const x = linearScale([0, most], [labels, WIDTH - NOTES]);
  const bottom = TOP + ROW * bars.length;
  return markup`<svg class="chart" viewBox="0 0 ${WIDTH} ${bottom + FOOT}" role="img" aria-label="${title}">
    ${ticks([0, most], 5).map((tick) => markup`<g class="grid"><line x1="${x(tick)}" x2="${x(tick)}" y1="${TOP}" y2="${bottom}"/><text x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${tick}</text></g>`)}
    ${bars.map(({ label, note, value, chance, isHeld }, index) => {
      const y = TOP + ROW * index + ROW / 2;
      return markup`<g class="bar${isHeld ? ' holds' : ''}"><text x="${labels - LABEL_GAP}" y="${y + 4}" text-anchor="end">${shortened(label)}<title>${label}</title></text>
        <rect x="${labels}" y="${y - BAR / 2}" width="${x(Math.min(value, most)) - labels}" height="${BAR}"/>
        ${value > most ? markup`<text x="${WIDTH - NOTES + 2}" y="${y + 4}">›</text>` : null}
        <line class="chance" x1="${x(Math.min(chance, most))}" x2="${x(Math.min(chance, most))}" y1="${y - BAR / 2 - 3}" y2="${y + BAR / 2 + 3}"/>
        <text class="note" x="${WIDTH - NOTES + 12}" y="${y + 4}">${note}</text></g>`;
    })}
  </svg>`;
}
