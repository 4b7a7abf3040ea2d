import { NumberInput, SegmentedControl, Skeleton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { MigrationBody } from '../../../api/contract.ts';
import { ask, pathOf } from '../../ask.ts';
import { dayText, moneyText, wholeText } from '../../format.ts';
import { Chart } from '../../parts/chart.tsx';
import type { ChartTable } from '../../parts/chart-table.tsx';
import type { ChartInk } from '../../parts/chart-theme.ts';
import { DayField } from '../../parts/day-field.tsx';
import { type FlowRow, flowOption } from '../../parts/flow-option.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { useSegmentLooks } from '../../shell/workspace.ts';
import { Holds } from './holds.tsx';
import { FlowMoves, HeadingList } from './lists.tsx';
import { Matrix, NetFlow } from './matrix.tsx';
import styles from './moves.module.css';
import type { MovesSearch } from './search.ts';

const USUAL_DAYS = 30;
const FLOW_PIXELS = 340;

/** Question: who moved between segments, why, and who is on the way? */
export function MovesPage() {
  const search = useSearch({ from: '/inside/moves' });
  const navigate = useNavigate({ from: '/moves' });
  const change = (part: Partial<MovesSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const period = periodOf(search);
  const { data, error } = useQuery({
    queryKey: ['moves', 'migration', period],
    queryFn: ({ signal }) => ask<MigrationBody>(pathOf('/api/v1/moves/migration', period), { signal }),
    placeholderData: keepPreviousData,
  });
  if (error !== null) throw error;
  const count = (isNew: boolean): number =>
    (data?.flows ?? [])
      .filter(({ from, to }) => from !== to && (from === null) === isNew)
      .reduce((sum, { accounts }) => sum + accounts, 0);
  return (
    <>
      <PageHead title="Moves" asOf={data?.until ?? null}>
        {data === undefined
          ? '…'
          : `${wholeText(count(false))} accounts are in another segment than on ${dayText(data.since)}, ${wholeText(count(true))} came into one since`}
      </PageHead>
      <Holds />
      <Choices search={search} onChange={change} />
      {data === undefined ? (
        <Skeleton height={FLOW_PIXELS + 60} radius="lg" />
      ) : (
        <Shown found={data} search={search} onChange={change} />
      )}
    </>
  );
}

/** What to ask for: days written out, else so many days back, which the server counts from now. */
function periodOf({ days, since, until }: MovesSearch): Readonly<Record<string, string | undefined>> {
  return { since, until, ...(since === undefined ? { days: days ?? String(USUAL_DAYS) } : {}) };
}

function Choices({
  search,
  onChange,
}: {
  readonly search: MovesSearch;
  readonly onChange: (part: Partial<MovesSearch>) => void;
}) {
  const { days = String(USUAL_DAYS), since, until, by = 'accounts', floor } = search;
  return (
    <div className={styles['bar']}>
      <SegmentedControl
        aria-label="Period"
        data={[
          { value: '7', label: '7 days' },
          { value: '30', label: '30 days' },
          { value: '90', label: '90 days' },
        ]}
        value={since === undefined ? days : ''}
        onChange={(value) => onChange({ days: value, since: undefined, until: undefined })}
      />
      <DayField
        label="From"
        size="xs"
        value={since ?? null}
        onChange={(day) => onChange({ since: day ?? undefined })}
      />
      <DayField
        label="Before"
        size="xs"
        value={until ?? null}
        onChange={(day) => onChange({ until: day ?? undefined })}
      />
      <SegmentedControl
        aria-label="Thickness by"
        data={[
          { value: 'accounts', label: 'Accounts' },
          { value: 'arr', label: 'ARR' },
        ]}
        value={by}
        onChange={(value) => onChange({ by: value as 'accounts' | 'arr' })}
      />
      <NumberInput
        label="Draw flows of at least"
        size="xs"
        w={150}
        min={1}
        max={1000}
        value={Number(floor ?? 1)}
        onChange={(value) => onChange({ floor: String(Math.max(1, Number(value) || 1)) })}
      />
    </div>
  );
}

function Shown({
  found,
  search,
  onChange,
}: {
  readonly found: MigrationBody;
  readonly search: MovesSearch;
  readonly onChange: (part: Partial<MovesSearch>) => void;
}) {
  const { by = 'accounts', from, to } = search;
  const { flows, segments, currency, causes } = found;
  return (
    <>
      <div className={styles['panes']}>
        <div>
          <FlowChart found={found} search={search} onChange={onChange} />
          <Matrix
            flows={flows}
            names={segments.map(({ name }) => name)}
            by={by}
            currency={currency}
            onPick={(source, target) => onChange({ from: source, to: target })}
          />
          {from !== undefined && to !== undefined && (
            <FlowMoves from={from} to={to} since={found.since} until={found.until} />
          )}
        </div>
        <div style={{ display: 'grid', gap: 'var(--bw-space-5)', alignContent: 'start' }}>
          <section aria-label="Causes">
            <h2>Why they moved</h2>
            <p>
              {causes.length === 0
                ? 'Nothing was recorded in this period.'
                : causes.map(({ cause, moves }) => `${wholeText(moves)} by ${cause}`).join(', ')}
            </p>
          </section>
          <NetFlow segments={segments} currency={currency} />
        </div>
      </div>
      <div className={`${styles['panes']} ${styles['section']}`}>
        <HeadingList
          title="Moving toward at-risk"
          what="Fallen from Power User or Steady State in the period, then those whose use declines: the best to step in for."
          empty="Nobody fell, and nobody’s use declines beyond chance."
          rows={found.towardAtRisk}
          currency={currency}
        />
        <HeadingList
          title="Moving toward power"
          what="Risen to Power User in the period, then steady ones whose use grows: the best to expand."
          empty="Nobody rose, and nobody’s use grows beyond chance."
          rows={found.towardPower}
          currency={currency}
        />
      </div>
    </>
  );
}

function FlowChart({
  found: { flows, since, until, currency },
  search: { by = 'accounts', floor },
  onChange,
}: {
  readonly found: MigrationBody;
  readonly search: MovesSearch;
  readonly onChange: (part: Partial<MovesSearch>) => void;
}) {
  const looks = useSegmentLooks();
  const least = Number(floor ?? 1);
  const drawn = useMemo(() => flows.filter(({ accounts }) => accounts >= least), [flows, least]);
  const option = useCallback(
    (ink: ChartInk) => {
      const text = (value: number): string => moneyText(value, currency);
      return flowOption(drawn, { looks, by, text, sides: [dayText(since), dayText(until)] }, ink);
    },
    [drawn, looks, by, currency, since, until],
  );
  const left = flows.length - drawn.length;
  const table: ChartTable = {
    columns: [
      { name: 'From' },
      { name: 'To' },
      { name: 'Accounts', text: wholeText },
      { name: `ARR (${currency})`, text: (value) => moneyText(value, currency) },
    ],
    rows: flows.map(({ from, to, accounts, arr }) => [from ?? 'in none', to ?? 'in none', accounts, arr]),
  };
  return (
    <Chart
      title={sentenceOf(flows)}
      file="moves-between-segments"
      height={FLOW_PIXELS}
      option={option}
      table={table}
      onPick={({ data }) => {
        const { row } = data as { readonly row?: FlowRow };
        if (row !== undefined && row.from !== row.to) onChange({ from: row.from ?? '', to: row.to ?? '' });
      }}
      note={`Who stayed is drawn thin and grey.${left === 0 ? '' : ` ${wholeText(left)} flows of fewer than ${wholeText(least)} accounts are not drawn; the table has them.`}`}
    />
  );
}

/** The largest flow in words, of those who were in a segment before where there are some. */
function sentenceOf(flows: MigrationBody['flows']): string {
  const moved = flows.filter(({ from, to }) => from !== to);
  const largest = moved.find(({ from }) => from !== null) ?? moved[0];
  if (largest === undefined) return 'No account changed its segment in this period';
  const alike = moved.filter(({ from, accounts }) => from !== null && accounts === largest.accounts).length;
  if (largest.from !== null && largest.accounts === 1 && alike > 1)
    return `${wholeText(alike)} accounts moved between segments, each on a way of its own`;
  const { from, to, accounts } = largest;
  return `The largest flow went from ${from ?? 'none'} to ${to ?? 'none'}: ${wholeText(accounts)} ${accounts === 1 ? 'account' : 'accounts'}`;
}
