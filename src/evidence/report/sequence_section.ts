import type { SequenceRow } from '../sequence.ts';
import { forestChart } from './forest_chart.ts';
import { hazardAxis, qCell, ratioRow, ratioSpan, ratioText, writeQ } from './hazard.ts';
import { figure, reportTable, type Section, sayVerdict, shareCell, spanCell } from './page.ts';

const MOST_ROWS = 20;

/** The section on orders in which feature areas are first used. */
export function sequenceSection(rows: readonly SequenceRow[]): Section {
  const holding = rows.filter(({ verdict }) => verdict === 'holds');
  const failing = rows.filter(({ verdict }) => verdict === 'fails');
  const tried = rows[0]?.tried ?? 0;
  const shown = rows.toSorted((a, b) => (a.p ?? 2) - (b.p ?? 2)).slice(0, MOST_ROWS);
  const told = tried === 0 ? null : (shown[0]?.sentence ?? null);
  const title =
    'How much faster accounts that took an order leave than those that used the same three areas first in another order, with 95% intervals; filled where it holds.';
  const drawn = shown.flatMap(({ order, ageDays, n, q, hazardRatio, hazardInterval, verdict }) =>
    ratioRow(`${order.join(' › ')}, ${ageDays}d`, `${writeQ(q)}, ${n[0]} of ${n[0] + n[1]}`, {
      ratio: hazardRatio,
      interval: hazardInterval,
      verdict,
    }),
  );
  const table = reportTable(
    'Orders, clearest first',
    [
      'first three areas',
      'age, days',
      'accounts',
      'stay',
      '95%',
      'other orders',
      'stay',
      'hazard ratio',
      '95%',
      'q',
      'verdict',
    ],
    shown.map((row) => [
      row.order.join(' › '),
      row.ageDays,
      row.n[0],
      shareCell(row.estimate),
      spanCell(row.interval),
      row.n[1],
      shareCell(row.othersRetention),
      ratioText(row.hazardRatio),
      ratioSpan(row.hazardInterval),
      qCell(row.q),
      sayVerdict(row.verdict),
    ]),
  );
  const axis = hazardAxis(drawn, 'this order leaves more slowly', 'leaves faster');
  return {
    id: 'sequences',
    title: 'Order of first use',
    lead:
      rows.length === 0
        ? 'No order of three areas was taken by enough accounts to be looked at.'
        : `${rows.length} orders of the first three areas were taken by enough accounts; ${tried} could be tested. ${holding.length === 0 ? 'None' : holding.length} of them ${holding.length > 1 ? 'are' : 'is'} shown to go with staying or leaving${failing.length === 0 ? '' : `, and of ${failing.length} a difference worth acting on can be ruled out`}.${told === null ? '' : ` The clearest: ${told}`}`,
    body:
      rows.length === 0 ? [] : drawn.length === 0 ? [table] : [figure(title, forestChart(drawn, axis, title), table)],
  };
}
