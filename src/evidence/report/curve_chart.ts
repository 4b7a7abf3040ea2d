import type { StepCurve } from '../milestone_curve.ts';
import { type Markup, markup } from './markup.ts';
import { linearScale, type Scale, ticks } from './scale.ts';

/** One curve with the name that stands at its end. */
interface Curve extends StepCurve {
  readonly label: string;
}

const WIDTH = 720;
const HEIGHT = 300;
const LEFT = 44;
const RIGHT = 150;
const TOP = 12;
const BOTTOM = 34;
const ROW = 18;
const LABEL_GAP = 16;

/**
 * Curves with bands at 15% and direct labels, and the number still watched under them.
 *
 * The axis begins at 0 unless everything lies above 50%: then at 50%, and says so.
 */
export function curveChart(curves: readonly Curve[], horizonDays: number, title: string): Markup {
  const lowest = Math.min(...curves.flatMap(({ points }) => points.map(({ low }) => low)));
  const floor = lowest > 0.5 ? 0.5 : 0;
  const x = linearScale([0, horizonDays], [LEFT, WIDTH - RIGHT]);
  const y = linearScale([floor, 1], [HEIGHT - BOTTOM, TOP]);
  const height = HEIGHT + ROW * curves.length;
  const days = ticks([0, horizonDays], 6);
  const ends = spread(curves.map(({ points }) => y(points.at(-1)?.share ?? 1)));
  return markup`<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
    ${ticks([floor, 1], 5).map((share) => markup`<g class="grid"><line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share)}" y2="${y(share)}"/><text x="${LEFT - 6}" y="${y(share) + 4}" text-anchor="end">${Math.round(share * 100)}%</text></g>`)}
    ${days.map((day) => markup`<text class="tick" x="${x(day)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${day === 0 ? '0 days' : day}</text>`)}
    ${curves.map((curve, index) => drawn(curve, index, x, y, ends[index] ?? 0))}
    ${curves.map((curve, index) => watchedRow(curve, index, x))}
  </svg>`;
}

function drawn({ label, points }: Curve, index: number, x: Scale, y: Scale, labelAt: number): Markup {
  const line = stepPath(points.map(({ day, share }) => [x(day), y(share)]));
  const upper = stepPath(points.map(({ day, high }) => [x(day), y(high)]));
  const lower = points.map(({ day, low }): [number, number] => [x(day), y(low)]);
  const last = points.at(-1);
  return markup`<g class="series s${index}"><path class="band" d="${upper}${backPath(lower)}Z"/><path class="line" d="${line}"/>
    <text x="${x(last?.day ?? 0) + 8}" y="${labelAt + 4}">${label} ${Math.round((last?.share ?? 1) * 100)}%</text></g>`;
}

function stepPath(points: readonly (readonly number[])[]): string {
  return points.map(([x, y], index) => (index === 0 ? `M${x},${y}` : `H${x}V${y}`)).join('');
}

function backPath(points: readonly (readonly [number, number])[]): string {
  const back = points.toReversed();
  return back.map(([x, y], index) => (index === 0 ? `L${x},${y}` : `V${y}H${x}`)).join('');
}

function watchedRow({ label, watched }: Curve, index: number, x: Scale): Markup {
  const at = HEIGHT + ROW * index + 4;
  return markup`<g class="watched s${index}">${watched.map(({ day, accounts }) => markup`<text x="${x(day)}" y="${at}" text-anchor="middle">${accounts}</text>`)}<text x="${WIDTH - RIGHT + 8}" y="${at}">watched: ${label}</text></g>`;
}

/** Positions moved apart so that labels do not lie on each other. */
function spread(positions: readonly number[]): readonly number[] {
  const order = positions.map((_, index) => index).sort((a, b) => (positions[a] ?? 0) - (positions[b] ?? 0));
  const placed = [...positions];
  for (let index = 1; index < order.length; index += 1) {
    const [above, here] = [order[index - 1] ?? 0, order[index] ?? 0];
    placed[here] = Math.max(placed[here] ?? 0, (placed[above] ?? 0) + LABEL_GAP);
  }
  return placed;
}
