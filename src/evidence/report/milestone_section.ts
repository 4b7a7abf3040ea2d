import type { History } from '../history.ts';
import type { MilestoneReport, MilestoneRow } from '../milestone.ts';
import { milestoneCurves } from '../milestone_curve.ts';
import { curveChart } from './curve_chart.ts';
import { type ForestAxis, type ForestRow, forestChart } from './forest_chart.ts';
import { type Markup, markup } from './markup.ts';
import { figure, reportTable, type Section, shareCell } from './page.ts';

const MOST_ROWS = 20;
const MOST_CURVES = 3;

const HAZARD: ForestAxis = {
  kind: 'ratio',
  neutral: 1,
  below: 'those who reached it leave more slowly',
  above: 'leave faster',
  ticks: [0.25, 0.5, 1, 2, 4],
  write: (value) => String(value),
};

/** The section on milestones: the primary one, what else was explored, curves of the strongest, and the naive warning. */
export function milestoneSection(history: History, report: MilestoneReport): Section {
  const tested = report.rows.filter(({ hazardRatio }) => hazardRatio !== null);
  const strongest = [...tested].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_ROWS);
  const primary = report.rows.find(({ family }) => family === 'primary') ?? null;
  const standing = strongest.filter((row) => row.verdict === 'holds' && row.carriedBy === null);
  const shown = unlike(primary === null ? standing : [primary, ...standing]).slice(0, MOST_CURVES);
  const holding = report.rows.filter(({ verdict, carriedBy }) => verdict === 'holds' && carriedBy === null).length;
  const lead =
    primary === null
      ? `The model names no primary milestone. ${holding} of ${report.tried} comparisons explored hold by themselves.`
      : `${primary.sentence} Beside it ${report.tried} comparisons were explored, and corrected for all of them.`;
  return {
    id: 'milestones',
    title: 'Milestones',
    lead,
    body: [
      ...shown.flatMap((row) => curves(history, row)),
      ...forest(strongest),
      naiveWarning(tested),
      coverage(report),
    ],
  };
}

/** Rows that are not one that stands before them over again: another name for the same accounts, or another age. */
function unlike(rows: readonly MilestoneRow[]): readonly MilestoneRow[] {
  const isAgain = (one: MilestoneRow, other: MilestoneRow) =>
    one.candidate === other.candidate || (one.n.join() === other.n.join() && one.events.join() === other.events.join());
  return rows.filter((row, index) => !rows.slice(0, index).some((earlier) => isAgain(earlier, row)));
}

function rank({ family, p }: MilestoneRow): number {
  return family === 'primary' ? -1 : (p ?? 2);
}

function curves(history: History, row: MilestoneRow): readonly Markup[] {
  if (row.horizonDays === null || row.retention === null) return [];
  const name = row.candidate.replace(/ x\d+$/, '');
  const sides = milestoneCurves(history, { kind: row.kind, name, count: row.count }, row.windowDays, row.horizonDays);
  const labels = { reached: 'reached', others: 'not reached' };
  const chart = curveChart(
    sides.map(({ side, points, watched }) => ({ label: labels[side], points, watched })),
    row.horizonDays,
    row.sentence,
  );
  const head = ['day', 'reached: share', '95%', 'not reached: share', '95%'];
  const at = (side: number, day: number) => sides[side]?.points.findLast((point) => point.day <= day);
  const days = sides[0]?.watched.map(({ day }) => day) ?? [];
  const rows = days.map((day) => [
    day,
    ...[0, 1].flatMap((side) => [shareCell(at(side, day)?.share), band(at(side, day))]),
  ]);
  const sentence = `Share still customers after ${row.windowDays} days of age, by whether ${row.candidate} had been reached by then.`;
  return [figure(sentence, chart, reportTable(`Share still customers, ${row.candidate}`, head, rows))];
}

function band(point: { readonly low: number; readonly high: number } | undefined): string | null {
  return point === undefined ? null : `${shareCell(point.low)} to ${shareCell(point.high)}`;
}

function forest(rows: readonly MilestoneRow[]): readonly Markup[] {
  if (rows.length === 0) return [];
  const title = 'How much faster those who had reached it leave, with 95% intervals; filled where it holds by itself.';
  const drawn = rows.flatMap((row): readonly ForestRow[] =>
    row.hazardRatio === null || row.hazardInterval === null
      ? []
      : [
          {
            label: `${row.candidate}, ${row.windowDays} days`,
            note: `${qOf(row)}, ${row.n[0]} of ${row.n[0] + row.n[1]}`,
            estimate: row.hazardRatio,
            interval: row.hazardInterval,
            mark: markOf(row),
          },
        ],
  );
  const table = reportTable(
    'Candidates by strength',
    [
      'candidate',
      'age, days',
      'accounts that reached it',
      'others',
      'hazard ratio',
      '95%',
      'beside its rivals',
      'q',
      'verdict',
    ],
    rows.map((row) => [
      row.candidate,
      row.windowDays,
      row.n[0],
      row.n[1],
      row.hazardRatio?.toFixed(2) ?? null,
      row.hazardInterval?.map((limit) => limit.toFixed(2)).join(' to ') ?? null,
      row.adjustedHazardRatio?.toFixed(2) ?? null,
      row.q?.toPrecision(2) ?? null,
      row.carriedBy === null ? row.verdict.replaceAll('_', ' ') : `holds, carried by ${row.carriedBy}`,
    ]),
  );
  return [figure(title, forestChart(drawn, wideEnough(drawn), title), table)];
}

function wideEnough(rows: readonly ForestRow[]): ForestAxis {
  const least = Math.min(...rows.map(({ estimate }) => estimate));
  return least < 0.3 ? { ...HAZARD, ticks: [0.0625, 0.125, ...HAZARD.ticks] } : HAZARD;
}

function qOf({ q }: MilestoneRow): string {
  if (q === null) return 'not tested';
  return q < 0.001 ? 'q < 0.001' : `q ${q.toFixed(3)}`;
}

function markOf({ verdict, carriedBy }: MilestoneRow): ForestRow['mark'] {
  if (verdict === 'holds') return carriedBy === null ? 'holds' : 'carried';
  return verdict === 'fails' ? 'fails' : 'open';
}

/** The candidates that only the naive comparison praises. */
function naiveWarning(rows: readonly MilestoneRow[]): Markup {
  const praised = new Map(
    rows
      .filter(({ naive, verdict }) => (naive?.p ?? 1) < 0.01 && (naive?.hazardRatio ?? 1) < 1 && verdict !== 'holds')
      .map((row) => [row.candidate, row]),
  );
  for (const { candidate } of rows.filter(({ verdict }) => verdict === 'holds')) praised.delete(candidate);
  if (praised.size === 0) return markup``;
  const [first] = praised.values();
  const example = `${first?.candidate}: hazard ${first?.naive?.hazardRatio?.toFixed(2)} when accounts that ever did it are compared with those that never did, ${first?.hazardRatio?.toFixed(2)} when they are compared at ${first?.windowDays} days of age.`;
  return markup`<p class="warning">${praised.size} candidates look as if they kept customers when one asks who ever reached them, and hold at no age: an account must live to get there. ${example}</p>`;
}

function coverage({ landmarks }: MilestoneReport): Markup {
  return reportTable(
    'Who was looked at',
    [
      'age, days',
      'customers',
      'churned later',
      'term ends within the horizon',
      'no customer then',
      'older than the events',
      'outside the ICP',
      'merged or renamed',
    ],
    landmarks.map(({ windowDays, accounts, churned, left, linked, renewalShare }) => [
      windowDays,
      accounts,
      churned,
      shareCell(renewalShare),
      left.notCustomer,
      left.beforeEvents,
      left.outsideIcp,
      linked,
    ]),
  );
}
