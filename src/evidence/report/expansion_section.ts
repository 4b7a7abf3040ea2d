import type { ClaimRow } from '../claim_row.ts';
import type { ExpansionRow } from '../expansion.ts';
import type { SaleRow } from '../sale.ts';
import { type ForestAxis, type ForestRow, forestChart } from './forest_chart.ts';
import { hazardAxis, qCell, ratioRow, ratioSpan, ratioText, writeQ } from './hazard.ts';
import { type Markup, markup } from './markup.ts';
import { figure, reportTable, type Section, sayVerdict, shareCell, spanCell } from './page.ts';
import { ticks } from './scale.ts';

function shareAxis(rows: readonly ForestRow[]): ForestAxis {
  const most = Math.min(1, Math.max(0.1, ...rows.map(({ interval }) => interval[1])));
  const round = ticks([0, most], 5);
  const step = round[1] ?? most;
  const last = round.at(-1) ?? 0;
  const reaching = last < most ? [...round, Math.min(1, last + step)] : round;
  const write = (share: number): string => `${Math.round(share * 100)}%`;
  return { kind: 'difference', neutral: 0, below: '', above: '', ticks: reaching, write };
}

/** The section on when accounts expand, how they are won, and what of the ARR at risk could be kept. */
export function expansionSection(
  { moments, sales }: { readonly moments: readonly ExpansionRow[]; readonly sales: readonly SaleRow[] },
  recoverable: ClaimRow | undefined,
  currency: string,
): Section {
  const triggers = moments.filter(({ kind }) => kind === 'trigger');
  const holding = triggers.filter(({ verdict }) => verdict === 'holds');
  const told = holding.map(({ trigger, segment }) => `${trigger} (${segment})`);
  const first =
    triggers.length === 0
      ? 'The model names no expansion trigger.'
      : `${holding.length} of ${triggers.length} expansion triggers are shown to announce expansion${told.length === 0 ? '' : `: ${told.join(', ')}`}.`;
  return {
    id: 'expansion',
    title: 'Expansion, and what could be kept',
    lead: recoverable === undefined ? first : `${keptOf(recoverable, currency)} ${first}`,
    body: [...entries(moments), ...firings(triggers), ...(sales.length === 0 ? [] : [saleTable(sales)])],
  };
}

function keptOf({ estimate, interval, verdict, needed }: ClaimRow, currency: string): string {
  if (estimate === null || interval === null)
    return `What of the ARR at risk today could be kept cannot be told: ${needed?.reason ?? 'too little data'}.`;
  const [sum, low, high] = [estimate, ...interval].map((amount) => Math.round(amount).toLocaleString('en-US'));
  const told = `If the accounts at risk today were brought to the churn of others of their home segment, about ${sum} ${currency} a year (${low} to ${high}) would be kept`;
  return verdict === 'holds'
    ? `${told}. No work has been shown to do that: it is the most that there is to win.`
    : `${told}; whether they leave more often at all cannot be told yet: ${needed?.reason ?? 'too little data'}.`;
}

function entries(moments: readonly ExpansionRow[]): readonly Markup[] {
  const rows = moments.filter(({ kind }) => kind === 'entry');
  const title = `Share of accounts that have expanded within ${rows[0]?.horizonDays ?? 365} days of entering a segment, with 95% intervals; those that churn cannot.`;
  const drawn = rows.flatMap(({ segment, n, estimate, interval }): readonly ForestRow[] =>
    estimate === null || interval === null
      ? []
      : [{ label: segment, note: `${n} accounts`, estimate, interval, mark: 'open' }],
  );
  if (drawn.length === 0) return [];
  const table = reportTable(
    'From entering a segment',
    ['segment', 'accounts', 'expanded', 'share', '95%', 'half by day'],
    rows.map((row) => [
      row.segment,
      row.n,
      row.expanded,
      shareCell(row.estimate),
      spanCell(row.interval),
      row.medianDays ?? 'not reached',
    ]),
  );
  return [figure(title, forestChart(drawn, shareAxis(drawn), title), table)];
}

function firings(triggers: readonly ExpansionRow[]): readonly Markup[] {
  if (triggers.length === 0) return [];
  const title =
    'How much sooner accounts expand where a trigger fires than accounts of the same segment where it does not, with 95% intervals; filled where it holds.';
  const drawn = triggers.flatMap(({ segment, trigger, q, hazardRatio, hazardInterval, verdict }) =>
    ratioRow(`${trigger}, ${segment}`, writeQ(q), { ratio: hazardRatio, interval: hazardInterval, verdict }),
  );
  const table = reportTable(
    'From the first firing of an expansion trigger',
    ['trigger', 'segment', 'accounts', 'expanded', 'share', '95%', 'hazard ratio', '95%', 'q', 'verdict'],
    triggers.map((row) => [
      row.trigger,
      row.segment,
      row.n,
      row.expanded,
      shareCell(row.estimate),
      spanCell(row.interval),
      ratioText(row.hazardRatio),
      ratioSpan(row.hazardInterval),
      qCell(row.q),
      sayVerdict(row.verdict),
    ]),
  );
  const axis = hazardAxis(drawn, 'expand later where it fires', 'expand sooner');
  return drawn.length === 0 ? [table] : [figure(title, forestChart(drawn, axis, title), table)];
}

function saleTable(sales: readonly SaleRow[]): Markup {
  const table = reportTable(
    'Sales that are over',
    ['sales to', 'by', 'over', 'won', 'share won', '95%', 'days to close, median', 'lost after'],
    sales.map((row) => [
      row.by === 'all' ? 'everybody' : row.group,
      row.by === 'all' ? null : row.by,
      row.n,
      row.won,
      row.by === 'segment' ? null : shareCell(row.estimate),
      row.by === 'segment' ? null : spanCell(row.interval),
      row.daysToClose === null ? null : Math.round(row.daysToClose),
      row.lostAt.map(({ stage, lost }) => `${stage} (${lost})`).join(', ') || null,
    ]),
  );
  return markup`${table}`;
}
