import { Button, Group, Select, TextInput } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { UserItem, UsersBody } from '../../api/contract.ts';
import { readSearch, writeSearch } from '../address.ts';
import { ask } from '../ask.ts';
import { wholeText, wordText } from '../format.ts';
import { ExportMenu } from '../parts/export-menu.tsx';
import type { Column } from '../parts/list-row.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { SavedViews } from '../parts/saved-views.tsx';
import { Term } from '../parts/term.tsx';
import { useTyped } from '../parts/typed.ts';
import { Unknown } from '../parts/unknown.tsx';
import { useWorkspace } from '../shell/workspace.ts';
import { AccountLink } from './accounts/columns.tsx';
import { readUsersSearch, type UsersSearch } from './users/search.ts';

const PAGE = 1_000;
const QUIET_MILLIS = 150;

/** Question: which users are of this kind, stall at this step, or do not use this area yet? */
export function UsersPage() {
  const search = useSearch({ from: '/inside/users' });
  const navigate = useNavigate({ from: '/users' });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { data, fetchNextPage, isPending, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery({
    queryKey: ['users', search],
    queryFn: ({ pageParam, signal }) =>
      ask<UsersBody>(`/api/v1/users${writeSearch({ ...search, limit: PAGE, cursor: pageParam ?? undefined })}`, {
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const first = data?.pages[0];
  const rows = useMemo(() => data?.pages.flatMap(({ users }) => users) ?? [], [data]);
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const change = (part: UsersSearch) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const { account, ...choice } = search;
  return (
    <>
      <PageHead title="Users" asOf={first?.asOf ?? null}>
        {first === undefined ? '…' : `${wholeText(first.total)} ${first.total === 1 ? 'user' : 'users'}`}
      </PageHead>
      <Filters search={search} counts={first?.counts} onChange={change}>
        <SavedViews
          page="users"
          search={writeSearch(search).slice(1)}
          onOpen={(text) => void navigate({ search: readUsersSearch(readSearch(text)) })}
        />
        <ExportMenu
          label="Export"
          hrefOf={(format) =>
            `/api/v1/exports/users.${format}${writeSearch({ ...choice, ...(account === undefined ? {} : { account }) })}`
          }
        />
      </Filters>
      <ListTable
        label="Users"
        columns={COLUMNS}
        rows={rows}
        total={first?.total ?? 0}
        isLoading={isPending || isFetchingNextPage || isPlaceholderData}
        keyOf={keyOf}
        onOpen={({ accountId }) => void navigate({ to: '/accounts/$id', params: { id: accountId }, hash: 'users' })}
        onMore={more}
        sort={[]}
        onSort={() => undefined}
        selected={selected}
        onSelect={setSelected}
        narrow={narrow}
        empty={<Empty onClear={() => void navigate({ search: {} })} />}
      />
    </>
  );
}

const keyOf = ({ accountId, userId }: UserItem): string => `${accountId} ${userId}`;

function Filters({
  search,
  counts,
  onChange,
  children,
}: {
  readonly search: UsersSearch;
  readonly counts: UsersBody['counts'];
  readonly onChange: (part: UsersSearch) => void;
  readonly children: ReactNode;
}) {
  const workspace = useWorkspace();
  const features = workspace?.features.map(({ name }) => name) ?? [];
  const counted = (names: readonly string[], by: Readonly<Record<string, number>> | undefined) =>
    names.map((value) => ({
      value,
      label: `${wordText(value)}${by === undefined ? '' : ` · ${wholeText(by[value] ?? 0)}`}`,
    }));
  const choose = (
    name: keyof UsersSearch,
    label: string,
    data: readonly { value: string; label: string }[],
    width: number,
  ) => (
    <Select
      size="xs"
      aria-label={label}
      placeholder={label}
      data={data}
      value={search[name] ?? null}
      onChange={(value) => onChange({ [name]: value ?? '' })}
      clearable
      searchable
      w={width}
      disabled={workspace === undefined}
    />
  );
  return (
    <Group gap={6} mb="md">
      <Search value={search.search ?? ''} onChange={(value) => onChange({ search: value })} />
      {choose('tier', 'Tier', counted(workspace?.tiers ?? [], counts?.tier), 160)}
      {choose('stalledStep', 'Stalled at', counted(workspace?.userSteps ?? [], counts?.stalledStep), 200)}
      {choose('notUsing', 'Does not use yet', counted(features, undefined), 190)}
      {choose('using', 'Uses', counted(features, counts?.using), 170)}
      {search.account !== undefined && (
        <Button variant="light" size="compact-xs" radius="xl" onClick={() => onChange({ account: '' })}>
          Account: {search.account}&nbsp;×
        </Button>
      )}
      {search.segment !== undefined && (
        <Button variant="light" size="compact-xs" radius="xl" onClick={() => onChange({ segment: '' })}>
          Segment: {search.segment}&nbsp;×
        </Button>
      )}
      {search.usesAny !== undefined && (
        <Button variant="light" size="compact-xs" radius="xl" onClick={() => onChange({ usesAny: '' })}>
          Uses some area, in 60 days&nbsp;×
        </Button>
      )}
      <Group gap={6} ml="auto">
        {children}
      </Group>
    </Group>
  );
}

function Search({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { text, type } = useTyped(value, QUIET_MILLIS, onChange);
  return (
    <TextInput
      data-page-search
      size="xs"
      aria-label="Search users"
      placeholder="Search by user or account"
      w={220}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}

const COLUMNS: readonly Column<UserItem>[] = [
  { id: 'user', name: 'User', header: 'User', width: 'minmax(180px, 1fr)', cell: ({ userId }) => userId },
  {
    id: 'account',
    name: 'Account',
    header: <Term word="account">Account</Term>,
    width: 'minmax(180px, 1fr)',
    cell: ({ accountId, accountName = null }) => <AccountLink accountId={accountId} name={accountName} />,
  },
  {
    id: 'tier',
    name: 'Tier',
    header: <Term word="tier">Tier</Term>,
    width: '112px',
    cell: ({ tier }) => (tier === null ? <Unknown why="No source says who does what." /> : wordText(tier)),
  },
  {
    id: 'stalled',
    name: 'Stalled at',
    header: <Term word="stalled">Stalled at</Term>,
    width: '180px',
    cell: ({ stalledStep }) => (stalledStep === null ? <span className="muted">nowhere</span> : wordText(stalledStep)),
  },
  {
    id: 'steps',
    name: 'Steps reached',
    header: 'Steps',
    width: '72px',
    isNumber: true,
    cell: ({ stepsReached }) => wholeText(stepsReached),
  },
  {
    id: 'features',
    name: 'Uses, in 60 days',
    header: <Term word="feature area">Uses, in 60 days</Term>,
    width: 'minmax(260px, 2fr)',
    cell: ({ features }) =>
      features.length === 0 ? (
        <span className="muted">nothing</span>
      ) : (
        <span title={features.map(wordText).join(', ')}>{features.map(wordText).join(', ')}</span>
      ),
  },
];

const narrow = (user: UserItem) => <Narrow user={user} />;

function Narrow({ user }: { readonly user: UserItem }) {
  const { userId, accountId, accountName = null, tier, stalledStep } = user;
  return (
    <>
      <span>{userId}</span>
      <span className="muted small">{tier === null ? 'tier unknown' : wordText(tier)}</span>
      <AccountLink accountId={accountId} name={accountName} />
      <span className="muted small">{stalledStep === null ? '' : `stalled at ${wordText(stalledStep)}`}</span>
    </>
  );
}

function Empty({ onClear }: { readonly onClear: () => void }) {
  return (
    <div style={{ padding: 'var(--bw-space-6) 0', display: 'grid', gap: 'var(--bw-space-3)', justifyItems: 'start' }}>
      <h2>No user is like that</h2>
      <p className="muted">
        Take away what you asked for; or, where there are no users at all, import a file of them or send events that
        name one.
      </p>
      <Button variant="default" onClick={onClear}>
        Show all users
      </Button>
    </div>
  );
}
