import { Button, Select, TextInput } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { CallsBody } from '../../../api/contract.ts';
import { wholeText } from '../../format.ts';
import { accountPath, PageLink } from '../../parts/page-link.tsx';
import { useTyped } from '../../parts/typed.ts';
import styles from './data.module.css';
import { KINDS, type LiveSearch, matches } from './live-search.ts';
import { useCalls } from './use-calls.ts';

type Call = CallsBody['calls'][number];

const QUIET_MILLIS = 150;

/** What the account of a call is known by. */
const KNOWN_BY: Readonly<Record<NonNullable<Call['attributedBy']>, string>> = {
  context: 'named in the context',
  property: 'named by a property',
  call: 'named by the call',
  'only account of the user': 'the only account of the user',
};

/** Question: does what the product sends arrive, and to whom is it counted? */
export function LiveTab() {
  const search = useSearch({ from: '/inside/data/live' });
  const [isPaused, setIsPaused] = useState(false);
  const { calls, isOpen, waiting } = useCalls(isPaused);
  const shown = calls.filter((call) => matches(search, call));
  return (
    <section className={styles['part']} aria-labelledby="live">
      <h2 id="live">
        Live events{' '}
        <span className={`${styles['state']} ${styles[isOpen && !isPaused ? 'good' : 'plain']}`} role="status">
          {isPaused ? `‖ paused, ${wholeText(waiting)} more` : isOpen ? '● listening' : '○ connecting'}
        </span>
      </h2>
      <p className={styles['lead']}>
        The last 500 calls of the tracking API that this process took or refused, the latest first, and what each is
        counted to.
      </p>
      <Filters search={search} isPaused={isPaused} onPause={() => setIsPaused(!isPaused)} />
      <div className={styles['stream']} tabIndex={0} role="log" aria-label="Calls" aria-live="off">
        {shown.length === 0 && (
          <p className="muted" style={{ padding: 'var(--bw-space-5)' }}>
            {calls.length === 0 ? <Waiting /> : 'No call is like that. Take away what you asked for.'}
          </p>
        )}
        {shown.map((call) => (
          <CallRow key={call.id} call={call} />
        ))}
      </div>
    </section>
  );
}

function Waiting() {
  return (
    <>
      Nothing has come since this process began. Point an SDK of the Segment protocol at <code>{location.origin}</code>{' '}
      with a write key from <PageLink to="/settings/keys">Settings</PageLink>, and calls appear here as they come.
    </>
  );
}

function Filters({
  search,
  isPaused,
  onPause,
}: {
  readonly search: LiveSearch;
  readonly isPaused: boolean;
  readonly onPause: () => void;
}) {
  const navigate = useNavigate({ from: '/data/live' });
  const change = (part: Record<string, string | undefined>) =>
    void navigate({
      to: '/data/live',
      search: (before) =>
        Object.fromEntries(
          Object.entries({ ...before, ...part }).filter(([, value]) => value !== undefined && value !== ''),
        ),
      replace: true,
    });
  const { text, type } = useTyped(search.of ?? '', QUIET_MILLIS, (of) => change({ of }));
  return (
    <div className={styles['row']}>
      <TextInput
        aria-label="Event, user or account"
        placeholder="Event, user or account"
        data-page-search
        w={240}
        size="xs"
        value={text}
        onChange={({ currentTarget: { value } }) => type(value)}
      />
      <Select
        aria-label="Which calls"
        placeholder="every call"
        size="xs"
        w={180}
        clearable
        clearButtonProps={{ 'aria-label': 'Every call' }}
        data={Object.entries(KINDS).map(([value, label]) => ({ value, label }))}
        value={search.only ?? null}
        onChange={(only) => change({ only: only ?? undefined })}
      />
      <Button
        size="xs"
        variant="default"
        leftSection={isPaused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
        onClick={onPause}
      >
        {isPaused ? 'Go on' : 'Pause'}
      </Button>
    </div>
  );
}

function CallRow({ call }: { readonly call: Call }) {
  const { receivedAt, kind, event, userId, accountId, attributedBy, isPlanned, isLate, refused } = call;
  const [tone, word] =
    refused !== null ? ['bad', '✕ refused'] : isPlanned === false ? ['warn', '! unplanned'] : ['good', '✓ taken'];
  return (
    <div className={styles['call']}>
      <time className="small muted number" dateTime={receivedAt} style={{ textAlign: 'left' }}>
        {receivedAt.slice(11, 19)}
      </time>
      <span>
        {event ?? kind} {isLate && <span className="small muted">late</span>}
      </span>
      <span className="small muted">{userId ?? 'nobody'}</span>
      <span className="small">
        {refused !== null ? (
          <span style={{ color: 'var(--bw-bad)' }}>
            {refused.field} {refused.message}
          </span>
        ) : accountId === null ? (
          <span className="muted">counted to no account</span>
        ) : (
          <>
            <PageLink to={accountPath(accountId)}>{accountId}</PageLink>{' '}
            <span className="muted">{attributedBy === null ? '' : KNOWN_BY[attributedBy]}</span>
          </>
        )}
      </span>
      <span className={`${styles['state']} ${styles[tone ?? 'plain']}`}>{word}</span>
    </div>
  );
}
