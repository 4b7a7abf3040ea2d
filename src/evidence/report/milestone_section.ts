import type { History } from '../history.ts';
import type { MilestoneReport, MilestoneRow } from '../milestone.ts';
import { milestoneCurves } from '../milestone_curve.ts';
import type { Population } from '../milestone_population.ts';
import { curveChart } from './curve_chart.ts';
import { type ForestAxis, type ForestRow, forestChart } from './forest_chart.ts';
import { qCell, writeQ } from './hazard.ts';
import { type Markup, markup } from './markup.ts';
import { figure, reportTable, type Section, shareCell } from './page.ts';

const MOST_ROWS = 20;
const MOST_CURVES = 3;

/** How one population is told about. */
interface Telling {
  readonly axis: ForestAxis;
  readonly title: string;
  readonly share: string;
  readonly labels: readonly [string, string];
  readonly heads: readonly [string, string, string];
}

const TICKS = [0.25, 0.5, 1, 2, 4];

const TELLING: Readonly<Record<Population['name'], Telling>> = {
  customers: {
    axis: {
      kind: 'ratio',
      neutral: 1,
      below: 'those who reached it leave more slowly',
      above: 'leave faster',
      ticks: TICKS,
      write: (value) => String(value),
    },
    title: 'How much faster those who had reached it leave, with 95% intervals; filled where it holds by itself.',
    share: 'Share still customers',
    labels: ['reached', 'not reached'],
    heads: ['customers', 'churned later', 'no customer then'],
  },
  prospects: {
    axis: {
      kind: 'ratio',
      neutral: 1,
      below: 'those who reached it convert later',
      above: 'convert sooner',
      ticks: TICKS,
      write: (value) => String(value),
    },
    title: 'How much sooner those who had reached it convert, with 95% intervals; filled where it holds by itself.',
    share: 'Share converted',
    labels: ['reached, converted', 'not reached, converted'],
    heads: ['trials and prospects', 'converted later', 'customers already, merged or too young'],
  },
};

/** The section on milestones: the primary one, what else was explored, curves of the strongest, and the naive warning; then trials and prospects. */
export function milestoneSection(history: History, reports: readonly MilestoneReport[]): Section {
  const [customers] = reports;
  return {
    id: 'milestones',
    title: 'Milestones',
    lead: customers === undefined ? '' : leadOf(customers),
    body: reports.flatMap((report, place) => [
      ...(place === 0 ? [] : [markup`<h3>Trials and prospects</h3><p>${leadOf(report)}</p>`]),
      ...bodyOf(history, report),
    ]),
  };
}

function leadOf({ population, rows, tried }: MilestoneReport): string {
  const primary = rows.find(({ family }) => family === 'primary') ?? null;
  if (primary !== null)
    return `${primary.sentence} Beside it ${tried} comparisons were explored, and corrected for all of them.`;
  const holding = rows.filter(({ verdict, carriedBy }) => verdict === 'holds' && carriedBy === null).length;
  const explored = `${holding} of ${tried} comparisons explored hold by themselves`;
  return population.hasPrimary
    ? `The model names no primary milestone. ${explored}.`
    : `What goes with becoming a customer: ${explored}, corrected for all of them and apart from those of customers.`;
}

function bodyOf(history: History, report: MilestoneReport): readonly Markup[] {
  const tested = report.rows.filter(({ hazardRatio }) => hazardRatio !== null);
  const strongest = [...tested].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_ROWS);
  const primary = report.rows.find(({ family }) => family === 'primary') ?? null;
  const standing = strongest.filter((row) => row.verdict === 'holds' && row.carriedBy === null);
  const shown = unlike(primary === null ? standing : [primary, ...standing]).slice(0, MOST_CURVES);
  const { population } = report;
  return [
    ...shown.flatMap((row) => curves(history, row, population)),
    ...forest(strongest, population),
    naiveWarning(tested),
    coverage(report),
  ];
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

function curves(history: History, row: MilestoneRow, population: Population): readonly Markup[] {
  const { kind, measure, count, windowDays, horizonDays } = row;
  if (horizonDays === null || (row.retention ?? row.conversion) === null) return [];
  const { share, labels } = TELLING[population.name];
  const name = row.candidate.replace(/ (?:x\d+|by \d+ users)$/, '');
  const sides = milestoneCurves(history, population, { kind, name, measure, count }, { windowDays, horizonDays });
  const chart = curveChart(
    sides.map(({ side, points, watched }) => ({ label: labels[side === 'reached' ? 0 : 1], points, watched })),
    horizonDays,
    row.sentence,
  );
  const head = ['day', 'reached: share', '95%', 'not reached: share', '95%'];
  const at = (side: number, day: number) => sides[side]?.points.findLast((point) => point.day <= day);
  const days = sides[0]?.watched.map(({ day }) => day) ?? [];
  const rows = days.map((day) => [
    day,
    ...[0, 1].flatMap((side) => [shareCell(at(side, day)?.share), band(at(side, day))]),
  ]);
  const sentence = `${share} after ${windowDays} days of age, by whether ${row.candidate} had been reached by then.`;
  return [figure(sentence, chart, reportTable(`${share}, ${row.candidate}`, head, rows))];
}

function band(point: { readonly low: number; readonly high: number } | undefined): string | null {
  return point === undefined ? null : `${shareCell(point.low)} to ${shareCell(point.high)}`;
}

function forest(rows: readonly MilestoneRow[], population: Population): readonly Markup[] {
  if (rows.length === 0) return [];
  const { axis, title, heads } = TELLING[population.name];
  const drawn = rows.flatMap((row): readonly ForestRow[] =>
    row.hazardRatio === null || row.hazardInterval === null
      ? []
      : [
          {
            label: `${row.candidate}, ${row.windowDays} days`,
            note: `${writeQ(row.q)}, ${row.n[0]} of ${row.n[0] + row.n[1]}`,
            estimate: row.hazardRatio,
            interval: row.hazardInterval,
            mark: markOf(row),
          },
        ],
  );
  const table = reportTable(
    population.hasPrimary ? 'Candidates by strength' : 'Candidates by strength, of conversion',
    [
      'candidate',
      'age, days',
      `${heads[0]} that reached it`,
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
      qCell(row.q),
      row.carriedBy === null ? row.verdict.replaceAll('_', ' ') : `holds, carried by ${row.carriedBy}`,
    ]),
  );
  return [figure(title, forestChart(drawn, wideEnough(drawn, axis), title), table)];
}

function wideEnough(rows: readonly ForestRow[], axis: ForestAxis): ForestAxis {
  const estimates = rows.map(({ estimate }) => estimate);
  const low = Math.min(...estimates) < 0.3 ? [0.0625, 0.125] : [];
  const high = Math.max(...estimates) > 3.5 ? [8, 16] : [];
  return { ...axis, ticks: [...low, ...TICKS, ...high] };
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

function coverage({ landmarks, population }: MilestoneReport): Markup {
  const [accounts, came, away] = TELLING[population.name].heads;
  const hasTerms = landmarks.some(({ renewalShare }) => renewalShare !== null);
  return reportTable(
    population.hasPrimary ? 'Who was looked at' : 'Which trials and prospects were looked at',
    [
      'age, days',
      accounts,
      came,
      ...(hasTerms ? ['term ends within the horizon'] : []),
      away,
      'older than the events',
      'outside the ICP',
      'merged or renamed',
    ],
    landmarks.map(({ windowDays, accounts: looked, events, left, linked, renewalShare }) => [
      windowDays,
      looked,
      events,
      ...(hasTerms ? [shareCell(renewalShare)] : []),
      left.notThere,
      left.beforeEvents,
      left.outsideIcp,
      linked,
    ]),
  );
}
