import { Button, Checkbox, Popover } from '@mantine/core';
import { IconColumns } from '@tabler/icons-react';

/** A button that opens the columns of a list, to show or to leave out. */
export function ColumnChooser({
  columns,
  shown,
  onChange,
}: {
  /** Undefined: not known yet. */
  readonly columns: readonly { readonly id: string; readonly name: string }[] | undefined;
  readonly shown: readonly string[];
  /** Makes of the columns that are shown those that are to be. */
  readonly onChange: (next: (shown: readonly string[]) => readonly string[]) => void;
}) {
  const ids = columns?.map(({ id }) => id) ?? [];
  const toggle = (id: string): void =>
    onChange((before) => ids.filter((each) => (each === id ? !before.includes(id) : before.includes(each))));
  return (
    <Popover position="bottom-end" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          disabled={columns === undefined}
          leftSection={<IconColumns size={14} aria-hidden />}
        >
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="sm" aria-label="Columns">
        <div style={{ display: 'grid', gap: 'var(--bw-space-2)' }}>
          {columns?.map(({ id, name }) => (
            <Checkbox key={id} size="xs" label={name} checked={shown.includes(id)} onChange={() => toggle(id)} />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
