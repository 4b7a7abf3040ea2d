import type { DriftRow, ReviewRow } from '../drift.ts';
import { barChart } from './bar_chart.ts';
import { writeQ } from './hazard.ts';
import { type Markup, markup } from './markup.ts';
import { figure, reportTable, type Section, shareCell } from './page.ts';

const MOST_ROWS = 15;
/** An index beyond which it does not matter how far: nothing is as it was. */
const MOST_INDEX = 1;

const SAID: Readonly<Record<DriftRow['verdict'], string>> = {
  holds: 'has moved',
  fails: 'has not moved',
  too_little_data: 'cannot be told',
};

/** The section on which signals of customers have moved, and which rules are past their review. */
export function driftSection(rows: readonly DriftRow[], reviews: readonly ReviewRow[]): Section {
  const judged = rows.filter(({ leak }) => leak === null);
  const moved = judged.filter(({ verdict }) => verdict === 'holds');
  const [first] = judged;
  const span =
    first === undefined
      ? 'There are no customers at any landmark.'
      : `Between ${first.reference.slice(0, 10)} (${first.n[0]} customers) and ${first.now.slice(0, 10)} (${first.n[1]}) ${moved.length} of ${first.tried} signals have moved more than chance explains.`;
  const stale = reviews.filter(({ isStale }) => isStale).map(({ segment }) => segment);
  const overdue = stale.length === 0 ? 'No segment is past its review.' : `Past their review: ${stale.join(', ')}.`;
  const furthest = judged
    .filter(({ estimate }) => estimate !== null)
    .toSorted((a, b) => (b.estimate ?? 0) - (a.estimate ?? 0))
    .slice(0, MOST_ROWS);
  return {
    id: 'drift',
    title: 'Drift',
    lead: `${span} ${overdue}`,
    body: [...(furthest.length === 0 ? [] : [picture(furthest)]), reviewTable(reviews)],
  };
}

function picture(rows: readonly DriftRow[]): Markup {
  const title =
    'How far the distribution of a signal has moved: population stability index, with a stroke where chance would seldom reach; filled where it has moved.';
  const chart = barChart(
    rows.map(({ signal, estimate, threshold, q, verdict }) => ({
      label: signal,
      note: `${estimate?.toFixed(2)}, ${writeQ(q)}`,
      value: estimate ?? 0,
      chance: threshold ?? 0,
      isHeld: verdict === 'holds',
    })),
    MOST_INDEX,
    title,
  );
  const table = reportTable(
    'Signals, furthest first',
    ['signal', 'index', 'chance', 'q', 'moved most in', 'then', 'now', 'verdict'],
    rows.map((row) => [
      row.signal,
      row.estimate?.toFixed(2) ?? null,
      row.threshold?.toFixed(2) ?? null,
      row.q === null ? null : writeQ(row.q).slice(2),
      row.mostMoved?.label ?? null,
      shareCell(row.mostMoved?.referenceShare),
      shareCell(row.mostMoved?.currentShare),
      SAID[row.verdict],
    ]),
  );
  return markup`${figure(title, chart, table)}`;
}

function reviewTable(reviews: readonly ReviewRow[]): Markup {
  return reportTable(
    'Reviews of rules',
    ['segment', 'every, days', 'rules since', 'due', 'past'],
    reviews.map(({ segment, cadenceDays, publishedAt, dueOn, isStale }) => [
      segment,
      cadenceDays,
      publishedAt?.slice(0, 10) ?? null,
      dueOn,
      isStale ? 'yes' : 'no',
    ]),
  );
}
