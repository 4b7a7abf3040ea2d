import { Button, Group, Popover, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import type { AccountsBody } from '../../../api/contract.ts';
import { wordText } from '../../format.ts';
import { Chips, Facet, facetText } from '../../parts/facet.tsx';
import { useTyped } from '../../parts/typed.ts';
import { useWorkspace } from '../../shell/workspace.ts';
import { type AccountsChange, type AccountsSearch, FACETS, IN_BAR, isChoosable } from './search.ts';

const QUIET_MILLIS = 150;

/** What narrows the list: a search, dimensions, what accounts are on paper; and what it is narrowed by, in chips. */
export function Filters({
  search,
  facets,
  onChange,
  children,
}: {
  readonly search: AccountsSearch;
  /** Undefined: not known yet. */
  readonly facets: AccountsBody['facets'] | undefined;
  readonly onChange: (change: AccountsChange) => void;
  readonly children: ReactNode;
}) {
  const firmographics = useWorkspace()?.firmographics ?? [];
  const isNarrow = useMediaQuery('(max-width: 760px)') === true;
  const inBar = isNarrow ? 0 : IN_BAR;
  const facet = ({ name, label }: (typeof FACETS)[number]) => (
    <Facet
      key={name}
      label={label}
      counts={facets === undefined ? undefined : (facets[name] ?? {})}
      chosen={search[name] ?? []}
      onToggle={(value) => onChange((before) => ({ [name]: toggled(before[name], value) }))}
    />
  );
  return (
    <div style={{ display: 'grid', gap: 'var(--bw-space-2)', marginBottom: 'var(--bw-space-3)' }}>
      <Group gap={6}>
        <Search value={search.search ?? ''} onChange={(value) => onChange(() => ({ search: value }))} />
        {FACETS.slice(0, inBar).map(facet)}
        <Popover position="bottom-start" withinPortal trapFocus returnFocus>
          <Popover.Target>
            <Button variant="default" size="xs">
              {isNarrow ? 'Filter' : 'More'}
            </Button>
          </Popover.Target>
          <Popover.Dropdown p="sm" aria-label="More dimensions">
            <div style={{ display: 'flex', flexWrap: 'wrap', gap: 6, maxWidth: 320 }}>
              {FACETS.slice(inBar).map(facet)}
              {firmographics.filter(isChoosable).map((name) => (
                <Facet
                  key={name}
                  label={wordText(name)}
                  counts={facets === undefined ? undefined : (facets[name] ?? {})}
                  chosen={chosenOf(search, name)}
                  onToggle={(value) =>
                    onChange(({ filter }) => ({ filter: toggled(filter, `${name}${SPLIT}${value}`) }))
                  }
                />
              ))}
            </div>
          </Popover.Dropdown>
        </Popover>
        <Group gap={6} ml="auto">
          {children}
        </Group>
      </Group>
      <Narrowed search={search} onChange={onChange} />
    </div>
  );
}

function Search({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { text, type } = useTyped(value, QUIET_MILLIS, onChange);
  return (
    <TextInput
      data-page-search
      size="xs"
      aria-label="Search accounts"
      placeholder="Search by name or id"
      w={176}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}

const SPLIT = ':';

/** Values of what accounts are on paper that the address asks for, of one field. */
function chosenOf({ filter = [] }: AccountsSearch, name: string): readonly string[] {
  return filter.filter((each) => each.startsWith(`${name}${SPLIT}`)).map((each) => each.slice(name.length + 1));
}

const without = (all: readonly string[] = [], one: string): readonly string[] => all.filter((each) => each !== one);

const toggled = (all: readonly string[] = [], one: string): readonly string[] =>
  all.includes(one) ? without(all, one) : [...all, one];

function Narrowed({
  search,
  onChange,
}: {
  readonly search: AccountsSearch;
  readonly onChange: (change: AccountsChange) => void;
}) {
  const dimensions = FACETS.flatMap(({ name, label }) =>
    (search[name] ?? []).map((value) => ({
      key: `${name}${SPLIT}${value}`,
      text: `${label}: ${facetText(value)}`,
      change: (before: AccountsSearch) => ({ [name]: without(before[name], value) }),
    })),
  );
  const papers = (search.filter ?? []).map((each) => ({
    key: `filter${SPLIT}${each}`,
    text: `${wordText(each.slice(0, each.indexOf(SPLIT)))}: ${facetText(each.slice(each.indexOf(SPLIT) + 1))}`,
    change: ({ filter }: AccountsSearch) => ({ filter: without(filter, each) }),
  }));
  const all = [...dimensions, ...papers];
  const nothing = { ...Object.fromEntries(FACETS.map(({ name }) => [name, []])), filter: [] };
  return (
    <Chips
      chips={all}
      onRemove={(key) => onChange(all.find((chip) => chip.key === key)?.change ?? (() => ({})))}
      onClear={() => onChange(() => nothing)}
    />
  );
}
