import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { KnownBody } from '../../../api/contract.ts';
import { agoText, dayText, instantText, wholeText, wordText } from '../../format.ts';
import { type PlainColumn, PlainTable } from '../../parts/plain-table.tsx';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { Unknown } from '../../parts/unknown.tsx';
import { knownQuery } from './ask-data.ts';
import styles from './data.module.css';

type Input = KnownBody['inputs'][number];

/** How each state looks: a word, a sign, and a tone. */
const STATES: Readonly<Record<Input['state'], readonly [sign: string, word: string, tone: string]>> = {
  current: ['✓', 'current', 'good'],
  behind: ['!', 'behind', 'warn'],
  held: ['·', 'held', 'plain'],
  empty: ['○', 'nothing yet', 'plain'],
  absent: ['○', 'no source', 'plain'],
};

const columnsOf = (now: string): readonly PlainColumn<Input>[] => [
  {
    id: 'table',
    name: 'Input',
    isWide: true,
    cell: ({ table, source }) => (
      <>
        <strong style={{ fontWeight: 500 }}>{wordText(table)}</strong>
        {source !== null && source !== table && <span className="small muted"> from {source}</span>}
      </>
    ),
  },
  { id: 'state', name: 'Stands', cell: ({ state }) => <State state={state} /> },
  { id: 'rows', name: 'Rows', isNumber: true, cell: ({ rows }) => wholeText(rows) },
  {
    id: 'received',
    name: 'Last arrival',
    cell: ({ receivedAt }) =>
      receivedAt === null ? (
        <span className="muted">never</span>
      ) : (
        <span title={`${instantText(receivedAt)} UTC`} style={{ whiteSpace: 'nowrap' }}>
          {agoText(receivedAt, Date.parse(now))}
        </span>
      ),
  },
  { id: 'covers', name: 'Covers', cell: (input) => <Covers input={input} /> },
  {
    id: 'follows',
    name: 'What follows',
    isWide: true,
    cell: ({ follows }) => <span className="small">{follows}</span>,
  },
];

/** Question: which inputs are there, and how far does each reach? */
export function SourcesTab() {
  const { data, error } = useQuery(knownQuery);
  const here = data?.inputs.filter(({ state }) => state !== 'absent');
  const absent = data?.inputs.filter(({ state }) => state === 'absent') ?? [];
  return (
    <>
      <RefusalNote error={error} />
      <Figures known={data} />
      <section className={styles['part']} aria-labelledby="inputs">
        <h2 id="inputs">Inputs</h2>
        <PlainTable
          label="Inputs"
          columns={columnsOf(data?.now ?? '')}
          rows={here}
          keyOf={({ table, source }) => `${table} ${source}`}
          empty={<Nothing />}
        />
        <p className="small muted">
          The same for machines: <code>bellwether data --json</code>
        </p>
      </section>
      {absent.length > 0 && (
        <section className={styles['part']} aria-labelledby="absent">
          <h2 id="absent">Could be known</h2>
          <p className={styles['lead']}>
            No source fills these tables. Nothing is guessed in their place.{' '}
            <Link to="/data/upload">Upload a file</Link> or add a source to the model.
          </p>
          <ul className={styles['list']}>
            {absent.map(({ table, follows }) => (
              <li key={table} className={styles['event']} style={{ gridTemplateColumns: '140px minmax(0, 1fr)' }}>
                <span>{wordText(table)}</span>
                <span className="small muted">{follows}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Nothing() {
  return (
    <>
      Nothing has come in yet. <Link to="/data/upload">Upload a file</Link>, or send events to the tracking API.
    </>
  );
}

function Figures({ known }: { readonly known: KnownBody | undefined }) {
  const sum = (list: readonly { readonly rows?: number; readonly events?: number }[]): number =>
    list.reduce((total, { rows = 0, events = 0 }) => total + rows + events, 0);
  const behind = known?.inputs.filter(({ state }) => state === 'behind').length;
  const figures: readonly (readonly [string, number | undefined])[] = [
    ['rows held', known === undefined ? undefined : sum(known.inputs)],
    ['inputs behind', behind],
    ['rows refused', known?.refused],
    ['events of no account', known === undefined ? undefined : sum(known.unattributed)],
    ['ways in which facts disagree', known?.contradictions.length],
  ];
  return (
    <dl className={styles['figures']} aria-label="In short">
      {figures.map(([name, value], place) => (
        <div key={name}>
          <dt>{place < 2 ? name : <Link to="/data/refused">{name}</Link>}</dt>
          <dd>{value === undefined ? '…' : wholeText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function State({ state }: { readonly state: Input['state'] }) {
  const [sign, word, tone] = STATES[state];
  return (
    <span className={`${styles['state']} ${styles[tone]}`}>
      <span aria-hidden>{sign}</span> {word}
    </span>
  );
}

function Covers({ input: { coversFrom, completeThrough, happenedAt, state } }: { readonly input: Input }) {
  if (completeThrough === null) {
    if (state === 'empty') return <span className="muted">nothing</span>;
    if (happenedAt === null) return <Unknown why="Its rows carry no time." />;
    return <span style={{ whiteSpace: 'nowrap' }}>latest {dayText(happenedAt)}</span>;
  }
  const last = new Date(Date.parse(completeThrough) - 1).toISOString();
  return (
    <span style={{ whiteSpace: 'nowrap' }} title={`Complete before ${instantText(completeThrough)} UTC`}>
      {coversFrom === null ? 'through ' : `${dayText(coversFrom)} to `}
      {dayText(last)}
    </span>
  );
}
