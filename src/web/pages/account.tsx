import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Refusal } from '../ask.ts';
import styles from './account/account.module.css';
import { accountQuery, dossierQuery, explainQuery } from './account/ask-account.ts';
import { Behaviour } from './account/behaviour.tsx';
import { Head } from './account/head.tsx';
import { Notes } from './account/notes.tsx';
import { OverrideSection } from './account/override.tsx';
import { Coming } from './account/section.tsx';
import { Filed } from './account/side.tsx';
import { Then } from './account/then.tsx';
import { TimelineList } from './account/timeline-list.tsx';
import { Users } from './account/users.tsx';
import { Why } from './account/why.tsx';

const WAITING_MILLIS = 1_000;
const RESTING_MILLIS = 30_000;

/** Question: who is this, which segment and why, and what has changed? */
export function AccountPage() {
  const { id } = useParams({ from: '/inside/accounts/$id' });
  const { on = null } = useSearch({ from: '/inside/accounts/$id' });
  const filed = useQuery(dossierQuery(id, null)).data;
  const { data, error } = useQuery({
    ...accountQuery(id),
    // What a person decided is in force at once, and in the answer a moment later.
    refetchInterval: ({ state }) =>
      filed !== undefined && state.data !== undefined && (filed.override !== null) !== state.data.isOverridden
        ? WAITING_MILLIS
        : RESTING_MILLIS,
  });
  if (data === undefined) {
    if (error instanceof Refusal && error.status === 404) return <Unheard id={id} />;
    return <Coming height={640} error={error} what="The account" />;
  }
  return <Shown key={`${id} ${on}`} id={id} on={on} now={data} />;
}

function Shown({
  id,
  on,
  now,
}: {
  readonly id: string;
  readonly on: string | null;
  readonly now: Parameters<typeof Head>[0]['account'];
}) {
  const navigate = useNavigate({ from: '/accounts/$id' });
  const asOf = on ?? now.asOf;
  const part = on === null ? 'now' : 'all';
  const explained = useQuery(explainQuery(id, asOf, part));
  const account =
    on === null ? now : (explained.data?.account ?? { ...NOTHING_SAID, accountId: id, name: now.name, asOf: on });
  const isReady = explained.isFetched;
  return (
    <article className={on === null ? undefined : styles['past']} data-past={on !== null}>
      <Head
        account={account}
        on={on}
        latest={now.asOf.slice(0, 10)}
        onDay={(day) => void navigate({ search: day === null ? {} : { on: day }, replace: true })}
      />
      <div className={styles['columns']}>
        <div className={styles['main']}>
          {on !== null && <Then id={id} on={on} />}
          <Why id={id} asOf={asOf} part={part} />
          <Behaviour id={id} asOf={asOf} before={on} isReady={isReady} />
          <Users id={id} asOf={asOf} isReady={isReady} />
          <TimelineList id={id} before={on} />
        </div>
        <aside className={styles['side']} aria-label="What is on file">
          {on === null && <OverrideSection id={id} />}
          <Notes id={id} before={on} />
          <Filed id={id} before={on} />
        </aside>
      </div>
    </article>
  );
}

const NOTHING_SAID = {
  ...{ relationship: '', segment: null, since: null, isHeld: false, isOverridden: false, arr: null, health: null },
  ...{ cohort: null, valueTier: null, csm: null, home: null },
};

function Unheard({ id }: { readonly id: string }) {
  return (
    <div style={{ display: 'grid', gap: 'var(--bw-space-3)', justifyItems: 'start' }}>
      <h1>There is no account {id}</h1>
      <p className="muted">An account is known once a fact has named it. It may have been merged into another.</p>
      <p>
        <Link to="/accounts" search={{ search: id }}>
          Search the accounts for it
        </Link>
      </p>
    </div>
  );
}
