import type { SpreadBody } from '../../../../api/contract.ts';
import { wholeText } from '../../../format.ts';
import { accountPath, PageLink } from '../../../parts/page-link.tsx';
import styles from './signals.module.css';

type Lists = SpreadBody['excluded']['out'];
type Count = SpreadBody['excluded']['after'];

/** How many of something: 1 user, 3 users. */
export const countText = (count: number, noun: string): string =>
  `${wholeText(count)} ${noun}${count === 1 ? '' : 's'}`;

/** Who is left out, or counts again: accounts and users, those with the most events first. */
export function LeftOut({
  lists,
  count,
  verb,
  isLinked = false,
}: {
  readonly lists: Lists;
  /** Null: said elsewhere. */
  readonly count: Count | null;
  readonly verb: string;
  /** Whether accounts have a page of their own now: who is left out has none. */
  readonly isLinked?: boolean;
}) {
  return (
    <>
      {count !== null && (
        <p data-left-out={`${count.users} ${count.accounts} ${count.events}`}>
          {countText(count.users, 'user')}, {countText(count.accounts, 'account')} and{' '}
          {countText(count.events, 'event')} {verb}.
        </p>
      )}
      <div className={styles['outs']}>
        <One list={lists.account} noun="account" verb={verb} isLinked={isLinked} />
        <One list={lists.user} noun="user" verb={verb} isLinked={false} />
      </div>
    </>
  );
}

function One({
  list: { count, first },
  noun,
  verb,
  isLinked,
}: {
  readonly list: Lists['user'];
  readonly noun: 'account' | 'user';
  readonly verb: string;
  readonly isLinked: boolean;
}) {
  if (count === 0) return null;
  const rest = count - first.length;
  return (
    <section aria-label={`${noun}s ${verb}`}>
      <h3>
        {countText(count, noun)} {verb}
      </h3>
      <ul>
        {first.map(({ id, name, events }) => (
          <li key={id}>
            <span>
              {isLinked ? <PageLink to={accountPath(id)}>{name ?? id}</PageLink> : (name ?? id)}
              {name !== null && name !== id && <span className="small muted"> {id}</span>}
            </span>
            <span className="small muted number">{countText(events, 'event')}</span>
          </li>
        ))}
      </ul>
      {rest > 0 && <p className="small muted">and {countText(rest, noun)} with fewer events</p>}
    </section>
  );
}
