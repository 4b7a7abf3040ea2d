import { Button, Group, Select, TextInput } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { AuditBody } from '../../../api/contract.ts';
import { ask, pathOf } from '../../ask.ts';
import { instantText } from '../../format.ts';
import { DayField } from '../../parts/day-field.tsx';
import { type PlainColumn, PlainTable } from '../../parts/plain-table.tsx';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { useTyped } from '../../parts/typed.ts';
import type { AuditSearch } from './audit-search.ts';
import { peopleQuery } from './people-query.ts';
import { SettingsSection } from './section.tsx';
import styles from './settings.module.css';

type Entry = AuditBody['entries'][number];

const QUIET_MILLIS = 500;
const OUTCOMES = ['done', 'refused', 'failed'] as const;

/** What went which way, with a sign beside the colour. */
const LOOKS: Readonly<Record<(typeof OUTCOMES)[number], readonly [sign: string, colour: string]>> = {
  done: ['✓', 'var(--bw-good)'],
  refused: ['⊘', 'var(--bw-warn)'],
  failed: ['✕', 'var(--bw-bad)'],
};

const columnsOf = (names: ReadonlyMap<string, string>): readonly PlainColumn<Entry>[] => [
  { id: 'at', name: 'When (UTC)', cell: ({ at }) => <span style={{ whiteSpace: 'nowrap' }}>{instantText(at)}</span> },
  { id: 'who', name: 'Who', isWide: true, cell: (entry) => <Who entry={entry} /> },
  { id: 'action', name: 'What', cell: ({ action }) => <code className="small">{action}</code> },
  {
    id: 'subject',
    name: 'Of what',
    isWide: true,
    cell: ({ subject, details }) => (
      <>
        <span style={{ overflowWrap: 'anywhere' }} title={subject}>
          {names.get(subject) ?? subject}
        </span>{' '}
        <span className="small muted">{toldOf(details)}</span>
      </>
    ),
  },
  { id: 'outcome', name: 'How it went', cell: ({ outcome }) => <How outcome={outcome} /> },
  {
    id: 'from',
    name: 'From',
    cell: ({ ipAddress }) => <span className="small muted">{ipAddress ?? 'this machine'}</span>,
  },
];

/** Question: who did what, when, and how did it go? */
export function AuditSection() {
  const search = useSearch({ from: '/inside/settings/audit' });
  const log = useInfiniteQuery({
    queryKey: ['audit', search],
    queryFn: ({ pageParam, signal }) =>
      ask<AuditBody>(pathOf('/api/v1/audit', { ...instantsOf(search), cursor: pageParam }), { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
  });
  const people = useQuery(peopleQuery).data?.people ?? [];
  const names = new Map(people.map(({ operatorId, email }) => [operatorId, email]));
  const entries = log.data?.pages.flatMap((page) => page.entries);
  const chosen = Object.entries(search).map(([name, value]) => `${name} ${value}`);
  return (
    <SettingsSection
      title="Audit log"
      needs="audit.read"
      lead="Every change and every sign-in, refused ones too. Nothing rewrites it: the database refuses. What was asked is never written down, only what it was about."
    >
      <Filters search={search} />
      <p className={styles['printed']}>
        {chosen.length === 0 ? 'Every entry' : `Entries with ${chosen.join(', ')}`}, the latest first.
      </p>
      <RefusalNote error={log.error} />
      <PlainTable
        label="Audit log"
        columns={columnsOf(names)}
        rows={entries}
        keyOf={({ entryId }) => entryId}
        empty="No entry is like that. Take away what you asked for, and all of them are back."
      />
      {log.hasNextPage && (
        <Button
          className={styles['screen']}
          variant="default"
          style={{ justifySelf: 'start' }}
          loading={log.isFetchingNextPage}
          onClick={() => void log.fetchNextPage()}
        >
          Show older entries
        </Button>
      )}
    </SettingsSection>
  );
}

/** The instants of whole days: from the first of one to the last of the other. */
function instantsOf({ from, to, ...rest }: AuditSearch): AuditSearch {
  return {
    ...rest,
    ...(from === undefined ? {} : { from: `${from}T00:00:00Z` }),
    ...(to === undefined ? {} : { to: `${to}T23:59:59.999Z` }),
  };
}

function Filters({ search }: { readonly search: AuditSearch }) {
  const navigate = useNavigate({ from: '/settings/audit' });
  const change = (part: { readonly [name in keyof AuditSearch]: string | undefined }) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(
          Object.entries({ ...before, ...part }).filter(([, value]) => value !== undefined && value !== ''),
        ),
      replace: true,
    });
  const who = useTyped(search.who ?? '', QUIET_MILLIS, (text) => change({ who: text }));
  const action = useTyped(search.action ?? '', QUIET_MILLIS, (text) => change({ action: text }));
  return (
    <Group gap="sm" align="flex-end" className={styles['screen'] ?? ''}>
      <TextInput
        label="Who"
        placeholder="ada@example.com"
        data-page-search
        w={220}
        value={who.text}
        onChange={({ currentTarget: { value } }) => who.type(value)}
      />
      <TextInput
        label="What"
        placeholder="session.create"
        w={180}
        value={action.text}
        onChange={({ currentTarget: { value } }) => action.type(value)}
      />
      <Select
        label="How it went"
        placeholder="any"
        data={OUTCOMES}
        value={search.outcome ?? null}
        clearable
        w={130}
        onChange={(value) => change({ outcome: value ?? undefined })}
      />
      {(['from', 'to'] as const).map((name) => (
        <DayField
          key={name}
          label={name === 'from' ? 'From' : 'To'}
          value={search[name] ?? null}
          onChange={(day) => change({ [name]: day ?? undefined })}
        />
      ))}
      <Button variant="default" leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => window.print()}>
        Print
      </Button>
    </Group>
  );
}

function Who({ entry: { by, who } }: { readonly entry: Entry }) {
  if (by === 'nobody') return <span className="muted">nobody known</span>;
  const kind = by === 'key' ? 'key ' : by === 'system' ? 'at the machine: ' : '';
  return (
    <span style={{ overflowWrap: 'anywhere' }}>
      <span className="muted">{kind}</span>
      {who}
    </span>
  );
}

function How({ outcome }: { readonly outcome: Entry['outcome'] }) {
  if (outcome === null) {
    return (
      <span className="muted" title="The process ended before it could tell.">
        ? not known
      </span>
    );
  }
  const [sign, colour] = LOOKS[outcome];
  return (
    <span style={{ color: colour, whiteSpace: 'nowrap' }}>
      {sign} {outcome}
    </span>
  );
}

const toldOf = (details: Entry['details']): string =>
  Object.entries(details)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ');
