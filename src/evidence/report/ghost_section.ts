import type { CellRow, GhostCohort, MixRow } from '../ghost_row.ts';
import type { TwinRow } from '../ghost_twin.ts';
import { writeNumber } from '../wording.ts';
import { forestChart } from './forest_chart.ts';
import { hazardAxis, qCell, ratioRow, ratioSpan, ratioText, writeQ } from './hazard.ts';
import { type HeatField, heatTable } from './heat_table.ts';
import { type Markup, markup } from './markup.ts';
import { figure, reportTable, type Section, sayVerdict, shareCell } from './page.ts';

const LEAST_ACCOUNTS = 10;

/** The section on what the average of a firmographic segment hides. */
export function ghostSection(rows: readonly (MixRow | CellRow | TwinRow)[]): Section {
  const cells = rows.filter((row) => row.kind === 'cell');
  const mix = rows.find((row) => row.kind === 'mix');
  const twins = rows.filter((row) => row.kind === 'twins');
  return {
    id: 'ghosts',
    title: 'What size and industry hide',
    lead: mix?.sentence ?? 'There are no customers to look at.',
    body: [
      ...(cells.length === 0 ? [] : [mixTable(cells)]),
      ...(mix === undefined ? [] : withinCells(mix)),
      ...(twins.length === 0 ? [] : [twinTable(twins)]),
    ],
  };
}

function mixTable(cells: readonly CellRow[]): Markup {
  const counts = new Map<string, number>();
  for (const { cohort, n } of cells.flatMap(({ cohorts: own }) => own))
    counts.set(cohort, (counts.get(cohort) ?? 0) + n);
  const cohorts = [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
  const caption = `Customers today by size and industry: the share of each cohort (the darker the more), and under it how many of that cohort stay ${cells[0]?.horizonDays ?? 365} days, where ten accounts or more tell. Framed: stays at another rate than the rest of its cell.`;
  return heatTable(
    caption,
    ['size and industry', 'customers', 'stay, on average', ...cohorts],
    cells.map((row) => ({
      label: row.cell,
      figures: [row.n.toLocaleString('en-US'), shareCell(row.estimate) ?? '–'],
      fields: cohorts.map((name) => fieldOf(row.cohorts.find(({ cohort }) => cohort === name))),
    })),
  );
}

function fieldOf(cohort: GhostCohort | undefined): HeatField | null {
  if (cohort === undefined || (cohort.n === 0 && cohort.accounts === 0)) return null;
  const stay = cohort.accounts >= LEAST_ACCOUNTS ? shareCell(cohort.estimate) : null;
  return {
    fill: cohort.share,
    text: shareCell(cohort.share) ?? '–',
    note: stay === null ? '' : `${stay} stay`,
    isHeld: cohort.verdict === 'holds',
  };
}

function withinCells({ withinCells: cohorts }: MixRow): readonly Markup[] {
  const title =
    'How much faster accounts of a cohort leave than others of the same size and industry, with 95% intervals; filled where it holds.';
  const drawn = cohorts.flatMap(({ cohort, hazardRatio, hazardInterval, q, verdict }) =>
    ratioRow(cohort, writeQ(q), { ratio: hazardRatio, interval: hazardInterval, verdict }),
  );
  if (drawn.length === 0) return [];
  const table = reportTable(
    'Cohorts among accounts alike on paper',
    ['cohort', 'hazard ratio', '95%', 'q', 'verdict'],
    cohorts.map((row) => [
      row.cohort,
      ratioText(row.hazardRatio),
      ratioSpan(row.hazardInterval),
      qCell(row.q),
      sayVerdict(row.verdict),
    ]),
  );
  return [figure(title, forestChart(drawn, hazardAxis(drawn, 'stay longer', 'leave faster'), title), table)];
}

function twinTable(twins: readonly TwinRow[]): Markup {
  const table = reportTable(
    'Twins: alike on paper on a day, opposite in their end',
    ['left', 'stayed', 'size and industry', 'on', 'left after, days', 'they differed most in'],
    twins.map(({ accounts, cell, landmark, days, differed }) => [
      accounts[0],
      accounts[1],
      cell,
      landmark,
      days[0],
      differed
        .map(({ signal, values }) => `${signal} ${writeNumber(values[0])} against ${writeNumber(values[1])}`)
        .join('; '),
    ]),
    'cards',
  );
  return markup`${table}<p class="note">Twins are examples, chosen for their ends.</p>`;
}
