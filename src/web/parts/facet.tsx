import { Button, Checkbox, Popover, ScrollArea, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { wholeText, wordText } from '../format.ts';

/** A dimension by which a list is narrowed. */
export interface FacetProps {
  readonly label: string;
  /** Rows by value, as the server counts them; the empty text counts the unknown. Undefined: not known yet. */
  readonly counts: Readonly<Record<string, number>> | undefined;
  readonly chosen: readonly string[];
  /** A value is to be chosen, or no longer. */
  readonly onToggle: (value: string) => void;
}

const MANY = 10;

/** How a value of a facet reads; the empty text is the unknown. */
export const facetText = (value: string): string => (value === '' ? 'Unknown' : wordText(value));

/** A button that opens the values of a dimension with how many rows have each. */
export function Facet({ label, counts, chosen, onToggle }: FacetProps) {
  const [search, setSearch] = useState('');
  const values = [...new Set([...Object.keys(counts ?? {}), ...chosen])];
  const shown = values.filter((value) => facetText(value).toLowerCase().includes(search.toLowerCase()));
  return (
    <Popover position="bottom-start" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant={chosen.length === 0 ? 'default' : 'light'}
          size="xs"
          disabled={counts === undefined}
          aria-label={`Filter by ${label}${chosen.length > 0 ? `, ${chosen.length} chosen` : ''}`}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {label}
          {chosen.length > 0 ? ` · ${chosen.length}` : ''}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="sm" miw={220} aria-label={label}>
        {values.length > MANY && (
          <TextInput
            size="xs"
            mb="sm"
            aria-label={`Search ${label.toLowerCase()}`}
            placeholder="Search"
            value={search}
            onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          />
        )}
        <ScrollArea.Autosize mah={300} viewportProps={{ tabIndex: 0 }}>
          <div style={{ display: 'grid', gap: 'var(--bw-space-2)' }}>
            {shown.map((value) => (
              <Checkbox
                key={value}
                size="xs"
                checked={chosen.includes(value)}
                onChange={() => onToggle(value)}
                label={
                  <span style={{ display: 'flex', gap: 16, justifyContent: 'space-between', minWidth: 160 }}>
                    {facetText(value)}
                    <span className="number muted">{wholeText(counts?.[value] ?? 0)}</span>
                  </span>
                }
              />
            ))}
            {shown.length === 0 && <span className="muted small">Nothing here has a value.</span>}
          </div>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What a list is narrowed by, one chip each, to be taken away. */
export function Chips({
  chips,
  onRemove,
  onClear,
}: {
  readonly chips: readonly { readonly key: string; readonly text: string }[];
  readonly onRemove: (key: string) => void;
  readonly onClear: () => void;
}) {
  if (chips.length === 0) return null;
  return (
    <ul
      aria-label="Narrowed by"
      style={{ display: 'flex', flexWrap: 'wrap', gap: 6, listStyle: 'none', margin: 0, padding: 0 }}
    >
      {chips.map(({ key, text }) => (
        <li key={key}>
          <Button
            variant="light"
            size="compact-xs"
            radius="xl"
            onClick={() => onRemove(key)}
            aria-label={`Remove ${text}`}
          >
            {text}&nbsp;×
          </Button>
        </li>
      ))}
      <li>
        <Button variant="subtle" size="compact-xs" onClick={onClear}>
          Clear all
        </Button>
      </li>
    </ul>
  );
}
