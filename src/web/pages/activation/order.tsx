import type { EChartsCoreOption } from 'echarts/core';
import { useCallback, useMemo } from 'react';
import type { ActivationBody } from '../../../api/contract.ts';
import { intervalText, shareText, wholeText, wordText } from '../../format.ts';
import { Chart } from '../../parts/chart.tsx';
import type { ChartTable } from '../../parts/chart-table.tsx';
import { type ChartInk, tipMarkup } from '../../parts/chart-theme.ts';
import { PageLink } from '../../parts/page-link.tsx';
import styles from './activation.module.css';
import { daysText } from './funnel.tsx';

type Order = ActivationBody['order'];
type Area = Order['areas'][number];

const PLACES = ['first', 'second', 'third'];
const ROW_PIXELS = 30;
const AROUND_PIXELS = 72;

/** In which order accounts come to use feature areas, and the orders that are most frequent. */
export function AdoptionOrder({ order }: { readonly order: Order }) {
  const drawn = useMemo(() => order.areas.filter(({ places }) => places.some((count) => count > 0)), [order]);
  const option = useCallback((ink: ChartInk) => optionOf(order, drawn, ink), [order, drawn]);
  const later = order.areas.filter((area) => !drawn.includes(area)).map(({ area }) => wordText(area));
  const table: ChartTable = {
    columns: [
      { name: 'Feature area' },
      ...PLACES.map((place, at) => ({ name: `${place} (of ${order.accounts[at] ?? 0})`, text: wholeText })),
      ...PLACES.map((place) => ({ name: `${place}, share`, text: shareText })),
      { name: 'Ever used', text: wholeText },
      { name: 'Median days', text: (days) => days.toFixed(1) },
    ],
    rows: order.areas.map(({ area, places, shares, adopted, medianDays }) => [
      ...[wordText(area), ...places, ...shares, adopted, medianDays],
    ]),
    whyUnknown: 'No account has come so far.',
  };
  return (
    <section className={styles['section']} aria-label="Order of adoption">
      <div className={styles['columns']}>
        <Chart
          title={order.sentence}
          file="adoption-order"
          height={AROUND_PIXELS + drawn.length * ROW_PIXELS}
          option={option}
          table={table}
          note={noteOf(order, later)}
        />
        <Orders order={order} />
      </div>
    </section>
  );
}

function noteOf({ unknown }: Order, later: readonly string[]): string {
  const told = [
    ...(later.length > 0 ? [`Never among the first three: ${later.join(', ')}.`] : []),
    ...(unknown > 0
      ? [
          `${wholeText(unknown)} accounts are older than the events, or have no day of creation: what they used first is not known.`,
        ]
      : []),
  ];
  return told.join(' ');
}

function Orders({ order: { orders, accounts } }: { readonly order: Order }) {
  const all = accounts[PLACES.length - 1] ?? 0;
  return (
    <section className={styles['panel']} aria-label="Most frequent orders">
      <h2>Most frequent orders</h2>
      <p className="small muted">
        Of the {wholeText(all)} accounts that have used three areas.{' '}
        <PageLink to="/evidence/sequences">Does the order go with staying?</PageLink>
      </p>
      {orders.length === 0 && <p className="muted">No account has used three areas yet.</p>}
      <ol className={styles['list']}>
        {orders.map(({ order, accounts: count }) => (
          <li key={order.join(' ')}>
            <span>{order.map(wordText).join(' → ')}</span>
            <span className="number">
              {wholeText(count)} <span className="small muted">{shareText(count / all)}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function tellingOf({ shares, intervals, places, adopted, medianDays }: Area, order: Order): [string, string][] {
  const told = PLACES.map((place, at): [string, string] => {
    const share = shares[at] ?? null;
    const interval = intervals[at] ?? null;
    if (share === null || interval === null) return [place, 'no account has come so far'];
    const of = `${wholeText(places[at] ?? 0)} of ${wholeText(order.accounts[at] ?? 0)}`;
    return [place, `${of}, ${shareText(share)} (${intervalText([interval[0], interval[1]])})`];
  });
  const days = daysText(medianDays);
  return [...told, ['Ever used', wholeText(adopted)], ['Median from creation', days === '' ? 'unknown' : days]];
}

function optionOf(order: Order, drawn: readonly Area[], { theme, isNarrow }: ChartInk): EChartsCoreOption {
  const opacities = [1, 0.6, 0.28];
  return {
    grid: { left: 8, right: 16, top: 36, bottom: 8, outerBoundsMode: 'same' },
    legend: { top: 0, left: 0, itemGap: isNarrow ? 8 : 16, selectedMode: false },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'none' },
      formatter: (points: readonly { dataIndex: number }[]) => {
        const area = drawn[points[0]?.dataIndex ?? 0];
        return area === undefined ? '' : tipMarkup(wordText(area.area), tellingOf(area, order));
      },
    },
    xAxis: { type: 'value', axisLabel: { formatter: wholeText }, splitNumber: isNarrow ? 3 : 5 },
    yAxis: { type: 'category', inverse: true, data: drawn.map(({ area }) => wordText(area)) },
    series: PLACES.map((name, at) => ({
      name: `${name} area`,
      type: 'bar',
      stack: 'all',
      barWidth: 16,
      itemStyle: { color: theme.accent, opacity: opacities[at], borderColor: theme.raised, borderWidth: 1 },
      data: drawn.map(({ places }) => places[at] ?? 0),
    })),
  };
}
