import { Link } from '@tanstack/react-router';
import type { HomeBody } from '../../../api/contract.ts';
import { intervalText, shareText, wholeText, wordText } from '../../format.ts';
import { Money } from '../../parts/money.tsx';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import { Term } from '../../parts/term.tsx';
import { useWorkspace } from '../../shell/workspace.ts';
import { AccountLink } from '../accounts/columns.tsx';
import styles from './home.module.css';

/** Question: who are our best customers? By what they are worth, those at risk left out. */
export function Best({ best }: Pick<HomeBody, 'best'>) {
  return (
    <section className={styles['part']} aria-labelledby="best-title" data-question="best">
      <h2 id="best-title">Who are our best customers?</h2>
      <p className="muted">
        The most <Term word="worth">worth</Term> of {wholeText(best.total)} customers who are not at risk, with{' '}
        <Money value={best.arr} /> a year.
      </p>
      <List
        accounts={best.accounts}
        empty="No customer has been ranked yet. Import contracts, so that it is known what each pays."
      />
      <Link to="/accounts" search={{ relationship: ['customer'], sort: ['-valueScore'] }}>
        All customers, by what they are worth
      </Link>
    </section>
  );
}

/** Question: who is most at risk? The overlay's accounts, by ARR. */
export function AtRisk({ atRisk, name }: { readonly atRisk: HomeBody['atRisk']; readonly name: string }) {
  return (
    <section className={styles['part']} aria-labelledby="risk-title" data-question="at-risk">
      <h2 id="risk-title">Who is most at risk?</h2>
      <p className="muted">
        {wholeText(atRisk.total)} customers in <SegmentChip segment={name} />, with <Money value={atRisk.arr} /> a year.
      </p>
      <List accounts={atRisk.accounts} empty="Nobody is at risk by the rules of your model." />
      <Link to="/accounts" search={{ segment: [name], sort: ['-arr'] }}>
        All of them, by ARR
      </Link>
    </section>
  );
}

function List({ accounts, empty }: { readonly accounts: HomeBody['best']['accounts']; readonly empty: string }) {
  if (accounts.length === 0) return <p>{empty}</p>;
  return (
    <ol className={styles['list']}>
      {accounts.map(({ accountId, name, arr, segment, home }) => (
        <li key={accountId} className={styles['item']} data-account={accountId}>
          <span>
            <AccountLink accountId={accountId} name={name} />{' '}
            <span className="muted small">{segment !== home && home !== null ? `was ${home}` : segment}</span>
          </span>
          <Money value={arr} />
        </li>
      ))}
    </ol>
  );
}

/** Question: who do we want more of? Kinds of company whose customers are among the best more often than others. */
export function More({ more }: Pick<HomeBody, 'more'>) {
  const tiers = useWorkspace()?.valueTiers.slice(0, 2).join(' or ') ?? '';
  const sure = more.kinds.filter(({ verdict }) => verdict === 'holds');
  const shown = sure.length > 0 ? sure : more.kinds.slice(0, 4);
  return (
    <section className={styles['part']} aria-labelledby="more-title" data-question="more">
      <h2 id="more-title">Who do we want more of?</h2>
      <p className="muted">
        {sure.length > 0
          ? `Kinds of company that are ${tiers} more often than all other customers; ${wholeText(more.tried)} kinds were tried.`
          : `Of ${wholeText(more.tried)} kinds that were tried none is ${tiers} more often than chance would have it, with ${wholeText(more.customers)} customers. The nearest:`}
      </p>
      {shown.length === 0 && <p>Fewer than five customers of any kind: too little data to say.</p>}
      <ul className={styles['list']}>
        {shown.map((kind) => (
          <li
            key={`${kind.dimension} ${kind.value}`}
            className={styles['item']}
            data-kind={`${kind.dimension}:${kind.value}`}
          >
            <span>
              <Link to="/accounts" search={searchOf(kind)}>
                {wordText(kind.value)}
              </Link>{' '}
              <span className="muted small">
                {wordText(kind.dimension)}
                {kind.open > 0 && `, ${wholeText(kind.open)} open`}
              </span>
            </span>
            <span
              className="number"
              title={`${intervalText([kind.interval[0] ?? 0, kind.interval[1] ?? 1])}, of ${kind.customers} customers`}
            >
              {shareText(kind.share)}
              {kind.elsewhere !== null && <span className="muted"> against {shareText(kind.elsewhere)}</span>}
            </span>
            <Interval kind={kind} />
            <span className="small muted">
              {kind.verdict === 'holds' ? '✓ holds' : <Term word="too little data">too little data</Term>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function searchOf({ dimension, value }: HomeBody['more']['kinds'][number]) {
  return dimension === 'job' ? { job: [value] } : { filter: [`${dimension}:${value}`] };
}

/** The share with its interval, from none to all, and the share of all others as a tick. */
function Interval({ kind }: { readonly kind: HomeBody['more']['kinds'][number] }) {
  const [low = 0, high = 1] = kind.interval;
  const at = (share: number): string => `${(100 * share).toFixed(1)}%`;
  return (
    <svg className={styles['interval']} aria-hidden>
      <line x1="0" x2="100%" y1="6" y2="6" stroke="var(--bw-line)" />
      <line x1={at(low)} x2={at(high)} y1="6" y2="6" stroke="var(--bw-accent)" strokeWidth="2" />
      <circle cx={at(kind.share)} cy="6" r="4" fill="var(--bw-accent)" />
      {kind.elsewhere !== null && (
        <line x1={at(kind.elsewhere)} x2={at(kind.elsewhere)} y1="0" y2="12" stroke="var(--bw-muted)" strokeWidth="2" />
      )}
    </svg>
  );
}
