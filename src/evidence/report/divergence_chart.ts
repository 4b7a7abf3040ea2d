import { type Markup, markup } from './markup.ts';
import { linearScale, ticks } from './scale.ts';

/** How far one signal of those who leave lies from that of those who stay, by weeks before the churn. */
export interface DivergenceLine {
  readonly label: string;
  readonly weeks: readonly {
    readonly weeksBefore: number;
    readonly standardised: number | null;
    readonly interval: readonly [number, number] | null;
  }[];
}

const WIDTH = 720;
const HEIGHT = 260;
const LEFT = 44;
const RIGHT = 150;
const TOP = 12;
const BOTTOM = 40;
const LABEL_GAP = 16;

/** Standardised differences with their simultaneous bands; time runs to the churn at the right. Gaps are weeks with too few. */
export function divergenceChart(lines: readonly DivergenceLine[], weeks: number, title: string): Markup {
  const limits = lines.flatMap(({ weeks: list }) => list.flatMap(({ interval }) => interval ?? []));
  const span = [Math.min(-0.5, ...limits), Math.max(0.5, ...limits)] as const;
  const x = linearScale([weeks, 0], [LEFT, WIDTH - RIGHT]);
  const y = linearScale(span, [HEIGHT - BOTTOM, TOP]);
  const marks = ticks([0, weeks], 6);
  let lastLabel = Number.NEGATIVE_INFINITY;
  return markup`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
    ${ticks(span, 5).map((value) => markup`<g class="grid"><line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}"/><text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${value}</text></g>`)}
    <line class="neutral" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(0)}" y2="${y(0)}"/>
    ${marks.map((week) => markup`<text class="tick" x="${x(week)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${week === 0 ? 'churn' : week === Math.max(...marks) ? `${week} weeks before` : week}</text>`)}
    ${lines.map(({ label, weeks: list }, index) => {
      const seen = list.filter((week) => week.standardised !== null && week.interval !== null);
      const path = seen.map(({ weeksBefore, standardised }) => `${x(weeksBefore)},${y(standardised ?? 0)}`).join(' ');
      const upper = seen.map(({ weeksBefore, interval }) => `${x(weeksBefore)},${y(interval?.[1] ?? 0)}`);
      const lower = seen.map(({ weeksBefore, interval }) => `${x(weeksBefore)},${y(interval?.[0] ?? 0)}`).toReversed();
      const end = seen.reduce((last, week) => (week.weeksBefore < last.weeksBefore ? week : last), seen[0] ?? NOWHERE);
      lastLabel = Math.max(y(end.standardised ?? 0), lastLabel + LABEL_GAP);
      return markup`<g class="series s${index}"><polygon class="band" points="${[...upper, ...lower].join(' ')}"/><polyline class="line" points="${path}"/><text x="${WIDTH - RIGHT + 8}" y="${lastLabel + 4}">${label}</text></g>`;
    })}
  </svg>`;
}

const NOWHERE = { weeksBefore: 0, standardised: 0, interval: null } as const;
