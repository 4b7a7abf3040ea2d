import { Button, Select } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { KnownBody, QuarantineBody } from '../../../api/contract.ts';
import { ask, pathOf } from '../../ask.ts';
import { instantText, wholeText, wordText } from '../../format.ts';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { Term } from '../../parts/term.tsx';
import { useMay } from '../../shell/session.ts';
import { knownQuery, tablesQuery } from './ask-data.ts';
import styles from './data.module.css';
import { Fix, fieldsOf } from './fix.tsx';

type Row = QuarantineBody['rows'][number];

/** Question: what came and could not be used, and what would make it usable? */
export function RefusedTab() {
  const { table } = useSearch({ from: '/inside/data/refused' });
  const list = useInfiniteQuery({
    queryKey: ['data', 'quarantine', table],
    queryFn: ({ pageParam, signal }) =>
      ask<QuarantineBody>(pathOf('/api/v1/quarantine', { table, cursor: pageParam, limit: 50 }), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  const known = useQuery(knownQuery);
  const rows = list.data?.pages.flatMap((page) => page.rows);
  return (
    <>
      <section className={styles['part']} aria-labelledby="refused">
        <h2 id="refused">
          Refused rows <span className="muted">{known.data === undefined ? '' : wholeText(known.data.refused)}</span>
        </h2>
        <p className={styles['lead']}>
          They are in <Term word="quarantine" />: kept, and counted nowhere. Correct a row, and it goes through the same
          door again.
        </p>
        <RefusalNote error={list.error} />
        <TableFilter table={table} />
        {rows?.length === 0 ? (
          <p className="muted">No row waits: everything that came could be read, or was put right.</p>
        ) : (
          <ul className={styles['list']} aria-label="Refused rows" aria-busy={rows === undefined}>
            {byLine(rows ?? []).map((faults) => (
              <RefusedRow key={`${faults[0].table} ${faults[0].file} ${faults[0].line}`} faults={faults} />
            ))}
          </ul>
        )}
        {list.hasNextPage && (
          <Button
            variant="default"
            style={{ justifySelf: 'start' }}
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show more
          </Button>
        )}
        <p className="small muted">
          The same for machines: <code>bellwether quarantine --json</code>
        </p>
      </section>
      <Contradictions known={known.data} />
      <Unattributed known={known.data} />
    </>
  );
}

function TableFilter({ table }: { readonly table: string | undefined }) {
  const navigate = useNavigate();
  const tables = useQuery(tablesQuery).data?.tables;
  return (
    <Select
      aria-label="Only of one table"
      placeholder="every table"
      w={200}
      size="xs"
      clearable
      clearButtonProps={{ 'aria-label': 'Every table' }}
      disabled={tables === undefined}
      data={tables?.map(({ name }) => ({ value: name, label: wordText(name) })) ?? []}
      value={table ?? null}
      onChange={(name) =>
        void navigate({ to: '/data/refused', search: name === null ? {} : { table: name }, replace: true })
      }
    />
  );
}

type Faults = readonly [Row, ...Row[]];

/** Faults of one row stand together. */
function byLine(rows: readonly Row[]): readonly Faults[] {
  const found = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const key = `${row.table}\n${row.file}\n${row.line}`;
    const before = found.get(key);
    if (before === undefined) found.set(key, [row]);
    else before.push(row);
  }
  return [...found.values()];
}

function RefusedRow({ faults }: { readonly faults: Faults }) {
  const [isOpen, setIsOpen] = useState(false);
  const may = useMay('imports.write');
  const [{ table, source, file, line, raw, receivedAt }] = faults;
  const fields = fieldsOf(faults[0]);
  const isCall = source === 'tracking';
  const isConflict = faults.some(({ reason }) => reason === 'conflict');
  return (
    <li className={styles['refused']}>
      <div className={styles['refusedHead']}>
        <div>
          {faults.map(({ field, reason, message }) => (
            <p key={`${field} ${reason}`}>
              {field !== '' && <strong style={{ fontWeight: 500 }}>{field} </strong>}
              {message}
            </p>
          ))}
          <p className="small muted" style={{ overflowWrap: 'anywhere' }}>
            {isCall ? 'A call of the tracking API' : `${file}, line ${line}`}, {wordText(table)},{' '}
            {instantText(receivedAt)} UTC
          </p>
        </div>
        {may && fields !== null && !isCall && !isConflict && !isOpen && (
          <Button size="xs" variant="default" onClick={() => setIsOpen(true)} aria-label={`Put right line ${line}`}>
            Put right
          </Button>
        )}
      </div>
      {isOpen && fields !== null ? (
        <Fix faults={faults} fields={fields} onClose={() => setIsOpen(false)} />
      ) : (
        <p className={`${styles['code']} muted`}>{raw}</p>
      )}
      {isCall && <p className="small muted">Whoever sent it sends it again: a call is not changed here.</p>}
      {isConflict && (
        <p className="small muted">
          An earlier row has the same key and stays. Correct it at its source and import again.
        </p>
      )}
      {fields === null && !isCall && (
        <p className="small muted">The line itself is broken. Correct it in the file and send that again.</p>
      )}
    </li>
  );
}

function Contradictions({ known }: { readonly known: KnownBody | undefined }) {
  return (
    <section className={styles['part']} aria-labelledby="contradictions">
      <h2 id="contradictions">Where facts disagree</h2>
      {known?.contradictions.length === 0 && <p className="muted">No source says otherwise than another.</p>}
      <ul className={known?.contradictions.length === 0 ? 'hidden' : styles['list']}>
        {known?.contradictions.map(({ code, message, count, of }) => (
          <li key={code} className={styles['event']} style={{ gridTemplateColumns: 'minmax(0, 1fr) 120px' }}>
            <span>{message}.</span>
            <span className="number small muted">
              {wholeText(count)} of {wholeText(of)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What each reason means, and what makes the events count. */
const REASONS: Readonly<Record<KnownBody['unattributed'][number]['reason'], readonly [what: string, next: string]>> = {
  'unknown-user': ['whom no row of users names', 'They join the account when a row of users says where the person is.'],
  'no-account-then': [
    'who were in no account at that time',
    'Let the row of users begin when the person began to work.',
  ],
  'several-accounts': [
    'who were in several accounts at that time',
    'Let the product say for which account: an account on the event, or a group call.',
  ],
};

function Unattributed({ known }: { readonly known: KnownBody | undefined }) {
  return (
    <section className={styles['part']} aria-labelledby="unattributed">
      <h2 id="unattributed">
        Events of no account{' '}
        <span className="small muted" style={{ fontWeight: 400 }}>
          <Term word="unattributed" />
        </span>
      </h2>
      {known?.unattributed.length === 0 && <p className="muted">Every event belongs to an account.</p>}
      <ul className={styles['list']}>
        {known?.unattributed.map(({ reason, events, users, examples }) => (
          <li key={reason} className={styles['refused']}>
            <p>
              <strong style={{ fontWeight: 500 }}>{wholeText(events)}</strong> events of {wholeText(users)}{' '}
              {users === 1 ? 'user' : 'users'} {REASONS[reason][0]}. <span className="muted">{REASONS[reason][1]}</span>
            </p>
            <p className="small muted">
              Most:{' '}
              {examples.map(({ userId, events: n, event }) => `${userId} (${wholeText(n)}, last ${event})`).join(', ')}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
