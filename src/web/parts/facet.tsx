import { Accordion, Button, Checkbox, Popover, ScrollArea, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { wholeText, wordText } from '../format.ts';
import styles from './facet.module.css';

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

const nameOf = ({ label, chosen }: FacetProps): string =>
  `Filter by ${label}${chosen.length > 0 ? `, ${chosen.length} chosen` : ''}`;

/** What a button says behind which something is chosen, and how much of it. */
export const countedText = (label: string, chosen: number): string => (chosen > 0 ? `${label} · ${chosen}` : label);

/** A button that opens the values of a dimension with how many rows have each. */
export function Facet(props: FacetProps) {
  const { label, counts, chosen } = props;
  return (
    <Popover position="bottom-start" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant={chosen.length === 0 ? 'default' : 'light'}
          size="xs"
          disabled={counts === undefined}
          aria-label={nameOf(props)}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {countedText(label, chosen.length)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="sm" miw={220}>
        <ScrollArea.Autosize mah={340} viewportProps={{ tabIndex: 0 }}>
          <Values {...props} />
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Dimensions one below the other, each opening to its values in place: where many stand behind one button. */
export function FacetList({ facets }: { readonly facets: readonly (FacetProps & { readonly name: string })[] }) {
  return (
    <Accordion
      chevronSize={14}
      transitionDuration={0}
      classNames={{
        item: styles['item'] ?? '',
        control: styles['control'] ?? '',
        label: styles['label'] ?? '',
        content: styles['panel'] ?? '',
      }}
    >
      {facets.map(({ name, ...props }) => (
        <Accordion.Item key={name} value={name}>
          <Accordion.Control disabled={props.counts === undefined} aria-label={nameOf(props)}>
            {countedText(props.label, props.chosen.length)}
          </Accordion.Control>
          <Accordion.Panel>
            <Values {...props} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function Values({ label, counts, chosen, onToggle }: FacetProps) {
  const [search, setSearch] = useState('');
  const values = [...new Set([...Object.keys(counts ?? {}), ...chosen])];
  const shown = values.filter((value) => facetText(value).toLowerCase().includes(search.toLowerCase()));
  return (
    <div style={{ display: 'grid', gap: 'var(--bw-space-2)' }}>
      {values.length > MANY && (
        <TextInput
          size="xs"
          aria-label={`Search ${label.toLowerCase()}`}
          placeholder="Search"
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      )}
      {shown.map((value) => (
        <Checkbox
          key={value}
          size="xs"
          classNames={{ labelWrapper: styles['value'] ?? '' }}
          checked={chosen.includes(value)}
          onChange={() => onToggle(value)}
          label={
            <span className={styles['counted']}>
              {facetText(value)}
              <span className="number muted">{wholeText(counts?.[value] ?? 0)}</span>
            </span>
          }
        />
      ))}
      {shown.length === 0 && <span className="muted small">Nothing here has a value.</span>}
    </div>
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
