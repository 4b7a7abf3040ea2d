import { Spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { AccountItem, AccountsBody } from '../../api/contract.ts';
import { ask, pathOf } from '../ask.ts';
import { PAGES } from './pages.ts';

const MOST_ACCOUNTS = 8;

/** Whether an account is called so: what the server answers, of what is known already. */
const isCalled = ({ accountId, name }: AccountItem, search: string): boolean =>
  `${accountId}\n${name ?? ''}`.toLowerCase().includes(search.toLowerCase());

/** Finds a page or an account by a few letters, from anywhere. */
export function Palette() {
  const [query, setQuery] = useState('');
  const navigate = useNavigate();
  const search = query.trim();
  const { data, isFetching } = useQuery({
    queryKey: ['accounts', 'palette', search],
    queryFn: ({ signal }) =>
      ask<AccountsBody>(pathOf('/api/v1/accounts', { search, limit: MOST_ACCOUNTS }), { signal }),
    enabled: search !== '',
    placeholderData: (before) => before,
  });
  const pages = PAGES.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  // Until the answer is there, those of the one before that are called so too.
  const found = search === '' ? [] : (data?.accounts ?? []).filter((account) => isCalled(account, search));
  return (
    <Spotlight.Root query={query} onQueryChange={setQuery} shortcut="mod + K">
      <Spotlight.Search placeholder="Find a page or an account" leftSection={<IconSearch size={16} />} />
      <Spotlight.ActionsList>
        {pages.map(({ to, name, question, icon: Icon }) => (
          <Spotlight.Action
            key={to}
            label={name}
            description={question}
            leftSection={<Icon size={18} />}
            onClick={() => void navigate({ to })}
          />
        ))}
        {found.map(({ accountId, name, segment }) => (
          <Spotlight.Action
            key={accountId}
            label={name ?? accountId}
            description={segment ?? 'in no segment'}
            onClick={() => void navigate({ to: '/accounts/$id', params: { id: accountId } })}
          />
        ))}
        {pages.length + found.length === 0 && !isFetching && <Spotlight.Empty>Nothing is called that.</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
