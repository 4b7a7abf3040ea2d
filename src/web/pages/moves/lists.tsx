import { useQuery } from '@tanstack/react-query';
import type { MigrationBody, MovesBody } from '../../../api/contract.ts';
import { ask, pathOf } from '../../ask.ts';
import { dayText, moneyText, wholeText, wordText } from '../../format.ts';
import { accountPath, PageLink } from '../../parts/page-link.tsx';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import styles from './moves.module.css';

type Heading = MigrationBody['towardPower'][number];

const SHOWN = 12;

/** Accounts that are heading one way, those with the most ARR first. */
export function HeadingList({
  title,
  what,
  empty,
  rows,
  currency,
}: {
  readonly title: string;
  readonly what: string;
  readonly empty: string;
  readonly rows: readonly Heading[];
  readonly currency: string;
}) {
  const sorted = rows.toSorted(
    (a, b) => Number(b.kind === 'turned') - Number(a.kind === 'turned') || (b.arr ?? -1) - (a.arr ?? -1),
  );
  return (
    <section aria-label={title}>
      <h2>
        {title} <span className="muted">{wholeText(rows.length)}</span>
      </h2>
      <p className="small muted">{what}</p>
      {rows.length === 0 && <p className="muted">{empty}</p>}
      <ul className={styles['list']}>
        {sorted.slice(0, SHOWN).map((row) => (
          <li key={row.accountId}>
            <PageLink to={accountPath(row.accountId)}>{row.name ?? row.accountId}</PageLink>
            <span className="number">{row.arr === null ? '—' : moneyText(row.arr, currency)}</span>
            <SegmentChip segment={row.segment} />
            <span className="small muted">{wayOf(row)}</span>
          </li>
        ))}
      </ul>
      {rows.length > SHOWN && <p className="small muted">and {wholeText(rows.length - SHOWN)} more with less ARR</p>}
    </section>
  );
}

function wayOf({ kind, cohortBefore, cohort, direction }: Heading): string {
  if (kind === 'turned') return `${cohortBefore ?? 'unknown'} → ${cohort ?? 'unknown'}`;
  return `${cohort ?? 'unknown'}, use ${direction === null ? 'unknown' : wordText(direction)}`;
}

/** The recorded moves behind one flow, with their causes. */
export function FlowMoves({
  from,
  to,
  since,
  until,
}: {
  readonly from: string;
  readonly to: string;
  readonly since: string;
  readonly until: string;
}) {
  const query = { from, to, since, until, limit: 200 };
  const { data } = useQuery({
    queryKey: ['moves', query],
    queryFn: ({ signal }) => ask<MovesBody>(pathOf('/api/v1/moves', query), { signal }),
  });
  return (
    <section className={styles['section']} aria-label="Moves behind the flow">
      <h2>
        Recorded from <SegmentChip segment={from === '' ? null : from} whyNone="" /> to{' '}
        <SegmentChip segment={to === '' ? null : to} whyNone="" />
      </h2>
      <p className="small muted">
        {data === undefined
          ? '…'
          : data.moves.length === 0
            ? 'No single move went that way: these accounts came by way of another segment.'
            : `${wholeText(data.moves.length)} moves, in the order in which they happened.`}
      </p>
      <ul className={styles['list']}>
        {data?.moves.map((move) => (
          <li key={move.moveId}>
            <PageLink to={accountPath(move.accountId)}>{move.accountId}</PageLink>
            <span className="small muted">
              {dayText(move.at)}, by {move.cause}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
