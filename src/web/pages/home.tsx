import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { FreshnessBody, HomeBody } from '../../api/contract.ts';
import { ask } from '../ask.ts';
import { agoText, changeText, instantText, wholeText, wordText } from '../format.ts';
import { Money } from '../parts/money.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { SegmentChip } from '../parts/segment-chip.tsx';
import { Term } from '../parts/term.tsx';
import { useWorkspace } from '../shell/workspace.ts';
import { Coming } from './account/section.tsx';
import { AccountLink } from './accounts/columns.tsx';
import styles from './home/home.module.css';
import { AtRisk, Best, More } from './home/questions.tsx';

const FEW = 8;

const homeQuery = queryOptions({
  queryKey: ['home'],
  queryFn: ({ signal }) => ask<HomeBody>('/api/v1/home', { signal }),
  refetchInterval: 30_000,
});
const freshnessQuery = queryOptions({
  queryKey: ['freshness'],
  queryFn: ({ signal }) => ask<FreshnessBody>('/api/v1/freshness', { signal }),
  refetchInterval: 30_000,
});

/** Question: who are our best customers, who is most at risk, who do we want more of? */
export function HomePage() {
  const { data, error } = useQuery(homeQuery);
  const name = useWorkspace()?.name;
  if (data === undefined) {
    return (
      <>
        <PageHead title={name ?? 'Home'} asOf={null} />
        <Coming height={640} error={error} what="The three questions" />
      </>
    );
  }
  const overlay = data.segments.find(({ isOverlay }) => isOverlay)?.name ?? 'At-Risk';
  return (
    <>
      <PageHead title={name ?? 'Home'} asOf={data.asOf} />
      <div className={styles['questions']}>
        <Best best={data.best} />
        <AtRisk atRisk={data.atRisk} name={overlay} />
        <More more={data.more} />
      </div>
      <div className={styles['below']}>
        <Segments segments={data.segments} days={data.flowDays} />
        <div style={{ display: 'grid', gap: 'var(--bw-space-5)', minWidth: 0 }}>
          <Changes changes={data.changes} />
          <Freshness />
        </div>
      </div>
    </>
  );
}

function Segments({ segments, days }: { readonly segments: HomeBody['segments']; readonly days: number }) {
  return (
    <section className={styles['part']} aria-labelledby="segments-title">
      <h2 id="segments-title">
        <Term word="segment">Segments</Term>
      </h2>
      <div className={styles['scroll']}>
        <table className={styles['table']} data-part="segments">
          <thead>
            <tr>
              <th scope="col">Segment</th>
              <th scope="col" className="number">
                Accounts
              </th>
              <th scope="col" className="number">
                ARR
              </th>
              <th scope="col" className="number">
                Came
              </th>
              <th scope="col" className="number">
                Left
              </th>
              <th scope="col" className="number">
                <Term word="net flow">{`Net, ${days} days`}</Term>
              </th>
            </tr>
          </thead>
          <tbody>
            {segments.map((segment) => (
              <tr key={segment.name} data-segment={segment.name}>
                <td>
                  <Link to="/accounts" search={{ segment: [segment.name] }} style={{ color: 'inherit' }}>
                    <SegmentChip segment={segment.name} />
                  </Link>
                </td>
                <td className="number">{wholeText(segment.accounts)}</td>
                <td className="number">
                  <Money value={segment.arr} />
                </td>
                <td className="number">{wholeText(segment.came)}</td>
                <td className="number">{wholeText(segment.left)}</td>
                <td className="number">{changeText(segment.net)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Changes({ changes }: Pick<HomeBody, 'changes'>) {
  const { moves, since } = changes;
  return (
    <section className={styles['part']} aria-labelledby="changes-title" data-part="changes">
      <h2 id="changes-title">What changed since yesterday</h2>
      <p className="muted">
        {moves.length === 0 ? 'Nobody moved' : `${wholeText(moves.length)} ${moves.length === 1 ? 'move' : 'moves'}`}{' '}
        since {instantText(since)} UTC.
      </p>
      <ol className={styles['list']} aria-live="polite">
        {moves.slice(0, FEW).map(({ accountId, name, at, from, to, cause }) => (
          <li key={`${accountId} ${at}`} className={styles['item']}>
            <span>
              <AccountLink accountId={accountId} name={name} />{' '}
              <span className="muted small">
                {from ?? 'none'} to {to ?? 'none'}
              </span>
            </span>
            <span className="muted small">{wordText(cause)}</span>
          </li>
        ))}
      </ol>
      {moves.length > FEW && <p className="muted small">and {wholeText(moves.length - FEW)} more</p>}
    </section>
  );
}

function Freshness() {
  const { data, error } = useQuery(freshnessQuery);
  return (
    <section className={styles['part']} aria-labelledby="fresh-title" data-part="freshness">
      <h2 id="fresh-title">How fresh each input is</h2>
      {data === undefined ? (
        <Coming height={180} error={error} what="Freshness" />
      ) : data.inputs.length === 0 ? (
        <p>
          Nothing has come in yet. <Link to="/data/upload">Upload a file</Link>, or send events.
        </p>
      ) : (
        <ul className={styles['list']}>
          {data.inputs.map(({ table, source, receivedAt, happenedAt }) => (
            <li key={`${table} ${source}`} className={styles['item']}>
              <span>
                {wordText(table)} {source !== table && <span className="muted small">{source}</span>}
              </span>
              <span className="muted small" title={`received ${instantText(receivedAt)} UTC`}>
                {happenedAt === null ? 'no dates' : `up to ${agoText(happenedAt, Date.parse(data.now))}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
