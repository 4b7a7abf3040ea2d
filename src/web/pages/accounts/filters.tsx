import { Button, Group, Popover, ScrollArea, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import type { AccountsBody } from '../../../api/contract.ts';
import { wordText } from '../../format.ts';
import { Chips, countedText, Facet, FacetList, facetText } from '../../parts/facet.tsx';
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
  const dimensions = FACETS.map(({ name, label }) => ({
    name,
    label,
    counts: countsOf(facets, name),
    chosen: search[name] ?? [],
    onToggle: (value: string) => onChange((before) => ({ [name]: toggled(before[name], value) })),
  }));
  const papers = firmographics.filter(isChoosable).map((name) => ({
    name,
    label: wordText(name),
    counts: countsOf(facets, name),
    chosen: chosenOf(search, name),
    onToggle: (value: string) => onChange(({ filter }) => ({ filter: toggled(filter, `${name}${SPLIT}${value}`) })),
  }));
  const behind = [...dimensions.slice(inBar), ...papers];
  const behindChosen = behind.reduce((sum, { chosen }) => sum + chosen.length, 0);
  return (
    <div style={{ display: 'grid', gap: 'var(--bw-space-2)', marginBottom: 'var(--bw-space-3)' }}>
      <Group gap={6}>
        <Search value={search.search ?? ''} onChange={(value) => onChange(() => ({ search: value }))} />
        {dimensions.slice(0, inBar).map(({ name, ...facet }) => (
          <Facet key={name} {...facet} />
        ))}
        <Popover position="bottom-start" withinPortal trapFocus returnFocus>
          <Popover.Target>
            <Button variant={behindChosen === 0 ? 'default' : 'light'} size="xs">
              {countedText(isNarrow ? 'Filter' : 'More', behindChosen)}
            </Button>
          </Popover.Target>
          <Popover.Dropdown p={0} w={300}>
            <ScrollArea.Autosize mah="60vh" scrollbarSize={8} viewportProps={{ tabIndex: 0 }}>
              <FacetList facets={behind} />
            </ScrollArea.Autosize>
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

/** Accounts by value of a dimension; undefined while nothing is known yet. */
const countsOf = (
  facets: AccountsBody['facets'] | undefined,
  name: string,
): Readonly<Record<string, number>> | undefined => (facets === undefined ? undefined : (facets[name] ?? {}));

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
