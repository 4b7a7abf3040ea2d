import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { PastUserBody } from '../../../api/contract.ts';
import { shareText, wholeText, wordText } from '../../format.ts';
import { Term } from '../../parts/term.tsx';
import { Unknown } from '../../parts/unknown.tsx';
import styles from './account.module.css';
import { usersQuery } from './ask-account.ts';
import { Coming, Nothing, Section } from './section.tsx';
import { numberText } from './value-text.ts';

const MOST = 40;
const ORDER = ['at_risk', 'power', 'average', 'new', 'dormant'];

/** Question: who uses it, how, and where are they stuck? */
export function Users({
  id,
  asOf,
  isReady,
}: {
  readonly id: string;
  readonly asOf: string;
  readonly isReady: boolean;
}) {
  const { data, error } = useQuery({ ...usersQuery(id, asOf), enabled: isReady });
  const users = data?.users.toSorted((a, b) => rankOf(a) - rankOf(b) || (b.events30d ?? 0) - (a.events30d ?? 0));
  return (
    <Section
      id="users"
      title="Users"
      beside={
        users === undefined ? undefined : (
          <>
            {wholeText(users.length)} ·{' '}
            <Anchor renderRoot={(props) => <Link {...props} to="/users" search={{ account: id }} />}>
              in the list of users
            </Anchor>
          </>
        )
      }
    >
      {users === undefined ? (
        <Coming height={320} error={error} what="The list of users" />
      ) : users.length === 0 ? (
        <Nothing>
          No user of this account is known. Users come with events that name them, or with a file of users.
        </Nothing>
      ) : (
        <UserRows users={users} />
      )}
    </Section>
  );
}

function rankOf({ tier }: PastUserBody): number {
  const place = ORDER.indexOf(tier ?? '');
  return place === -1 ? ORDER.length : place;
}

function UserRows({ users }: { readonly users: readonly PastUserBody[] }) {
  const rest = users.length - MOST;
  return (
    <section className={styles['scroll']} tabIndex={0} aria-label="Users of this account">
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">User</th>
            <th scope="col">
              <Term word="tier">Tier</Term>
            </th>
            <th scope="col">
              <Term word="stalled">Stalled at</Term>
            </th>
            <th scope="col" className="number">
              Days a week
            </th>
            <th scope="col" className="number">
              <Term word="own baseline">Usual for them</Term>
            </th>
            <th scope="col" className="number">
              Last seen
            </th>
          </tr>
        </thead>
        <tbody>
          {users.slice(0, MOST).map((user) => (
            <tr key={user.userId}>
              <td>{user.userId}</td>
              <td>{user.tier === null ? <Unknown why="No source says who does what." /> : wordText(user.tier)}</td>
              <td>{user.stalledStep === null ? <span className="muted">nowhere</span> : wordText(user.stalledStep)}</td>
              <td className="number">
                <Measure value={user.frequencyNow} why="Too young, or never active." />
              </td>
              <td className="number">
                <Measure value={user.frequencyBaseline} why="Too young, or too few active days for a habit." />
                <Fall user={user} />
              </td>
              <td className="number">{seenText(user.daysSinceLastActivity)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && <p className="muted small">and {wholeText(rest)} more, in the list of users.</p>}
    </section>
  );
}

function Measure({ value, why }: { readonly value: number | null; readonly why: string }) {
  return value === null ? <Unknown why={why} /> : numberText(value);
}

/** A fall below the own habit that stands out from chance. */
function Fall({ user }: { readonly user: PastUserBody }) {
  if (user.inDecline !== 1 || user.frequencyDecline === null) return null;
  return <span style={{ color: 'var(--bw-bad)' }}> ↓ {shareText(user.frequencyDecline)}</span>;
}

const seenText = (days: number | null): string =>
  days === null ? 'never' : days === 0 ? 'today' : days === 1 ? 'yesterday' : `${wholeText(days)} days ago`;
