import { Button } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import type { AccountItem, AccountsBody } from '../../api/contract.ts';
import { readSearch, writeSearch } from '../address.ts';
import { ask } from '../ask.ts';
import { wholeText, wordText } from '../format.ts';
import { ColumnChooser } from '../parts/column-chooser.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Money } from '../parts/money.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { SavedViews } from '../parts/saved-views.tsx';
import { SegmentChip } from '../parts/segment-chip.tsx';
import { useWorkspace } from '../shell/workspace.ts';
import { BulkBar } from './accounts/bulk-bar.tsx';
import { AccountLink, accountColumns, USUAL_COLUMNS } from './accounts/columns.tsx';
import { Filters } from './accounts/filters.tsx';
import {
  type AccountsChange,
  type AccountsSearch,
  choiceOf,
  FACETS,
  isChoosable,
  readAccountsSearch,
  USUAL_SORT,
} from './accounts/search.ts';
import { TrendBlocks } from './accounts/trend-cell.tsx';

/** Rows that are read together. */
const PAGE = 1_000;

/** Question: which accounts are there, and how do they stand? */
export function AccountsPage() {
  const search = useSearch({ from: '/inside/accounts' });
  const navigate = useNavigate({ from: '/accounts' });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const list = useAccounts(search);
  const { first, rows } = list;
  const columns = useColumns(search.columns);
  const sort = search.sort ?? USUAL_SORT;
  const change = (part: AccountsChange) =>
    void navigate({ search: (before) => ({ ...before, ...part(before) }), replace: true });
  return (
    <>
      <PageHead title="Accounts" asOf={first?.asOf ?? null}>
        {first === undefined ? '…' : `${wholeText(first.total)} ${first.total === 1 ? 'account' : 'accounts'}`}
      </PageHead>
      <Filters search={search} facets={first?.facets} onChange={change}>
        <SavedViews
          page="accounts"
          search={writeSearch(search).slice(1)}
          onOpen={(text) => void navigate({ search: readAccountsSearch(readSearch(text)) })}
        />
        <ColumnChooser
          columns={columns.isKnown ? columns.all : undefined}
          shown={columns.ids}
          onChange={(next) => change(({ columns: shown = USUAL_COLUMNS }) => ({ columns: next(shown) }))}
        />
        <ExportMenu
          label="Export"
          hrefOf={(format) => `/api/v1/exports/accounts.${format}${writeSearch(choiceOf(search))}`}
        />
      </Filters>
      <TrendBlocks rows={rows} asOf={first?.asOf ?? null}>
        <ListTable
          label="Accounts"
          columns={columns.shown}
          rows={rows}
          total={first?.total ?? 0}
          isLoading={list.isLoading}
          keyOf={keyOf}
          onOpen={({ accountId }) => void navigate({ to: '/accounts/$id', params: { id: accountId } })}
          onMore={list.more}
          sort={sort}
          onSort={(next) => change(({ sort: orders = USUAL_SORT }) => ({ sort: next(orders) }))}
          selected={selected}
          onSelect={setSelected}
          narrow={narrow}
          empty={<Empty onClear={() => void navigate({ search: {} })} />}
        />
      </TrendBlocks>
      <BulkBar selected={selected} rows={rows} onClear={() => setSelected(new Set())} />
    </>
  );
}

/** The server counts the values of so many fields. */
const MOST_FACETS = 20;

const keyOf = ({ accountId }: AccountItem): string => accountId;

function useAccounts({ columns: _, ...search }: AccountsSearch) {
  const firmographics = useWorkspace()?.firmographics;
  const facets = [...FACETS.map(({ name }) => name), ...(firmographics ?? []).filter(isChoosable)].slice(
    0,
    MOST_FACETS,
  );
  const { data, fetchNextPage, isPending, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery({
    queryKey: ['accounts', search, facets],
    queryFn: ({ pageParam, signal }) => {
      const asked = { ...search, sort: search.sort ?? USUAL_SORT, limit: PAGE, cursor: pageParam ?? undefined };
      const counted = pageParam === null ? facets : [];
      return ask<AccountsBody>(`/api/v1/accounts${writeSearch({ ...asked, facets: counted })}`, { signal });
    },
    enabled: firmographics !== undefined,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => data?.pages.flatMap(({ accounts }) => accounts) ?? [], [data]);
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const isLoading = isPending || isFetchingNextPage || isPlaceholderData;
  return { first: data?.pages[0], rows, isLoading, more };
}

function useColumns(chosen: readonly string[] | undefined) {
  const firmographics = useWorkspace()?.firmographics;
  return useMemo(() => {
    const all = accountColumns(firmographics ?? []);
    const ids = chosen ?? USUAL_COLUMNS;
    return { all, ids, shown: all.filter(({ id }) => ids.includes(id)), isKnown: firmographics !== undefined };
  }, [firmographics, chosen]);
}

const narrow = (account: AccountItem) => <Narrow account={account} />;

function Narrow({ account }: { readonly account: AccountItem }) {
  const { name, accountId, segment, isHeld, isOverridden, arr, cohort } = account;
  return (
    <>
      <AccountLink accountId={accountId} name={name} />
      <Money value={arr} />
      <SegmentChip segment={segment} marks={{ isHeld: isHeld === true, isOverridden }} />
      <span className="muted small">{cohort === null ? '' : wordText(cohort)}</span>
    </>
  );
}

function Empty({ onClear }: { readonly onClear: () => void }) {
  return (
    <div style={{ padding: 'var(--bw-space-6) 0', display: 'grid', gap: 'var(--bw-space-3)', justifyItems: 'start' }}>
      <h2>No account is like that</h2>
      <p className="muted">Nothing is lost: take away what you asked for, and all accounts are back.</p>
      <Button variant="default" onClick={onClear}>
        Show all accounts
      </Button>
    </div>
  );
}
