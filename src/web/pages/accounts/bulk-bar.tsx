import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { AccountItem } from '../../../api/contract.ts';
import { writeSearch } from '../../address.ts';
import { wholeText } from '../../format.ts';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Money } from '../../parts/money.tsx';

/** The server takes so many accounts by name. */
const MOST_NAMED = 500;

/** What can be done with the accounts that are selected. */
export function BulkBar({
  selected,
  rows,
  onClear,
}: {
  readonly selected: ReadonlySet<string>;
  readonly rows: readonly AccountItem[];
  readonly onClear: () => void;
}) {
  if (selected.size === 0) return null;
  const chosen = rows.filter(({ accountId }) => selected.has(accountId));
  const known = chosen.flatMap(({ arr }) => (arr === null ? [] : [arr]));
  const ids = [...selected];
  const copy = async () => {
    await navigator.clipboard.writeText(ids.join('\n'));
    notifications.show({ message: `${wholeText(ids.length)} ids are on the clipboard.` });
  };
  return (
    <section
      aria-label="Selected accounts"
      aria-live="polite"
      style={{
        position: 'sticky',
        bottom: 'var(--bw-space-3)',
        marginTop: 'var(--bw-space-3)',
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 'var(--bw-space-3)',
        padding: 'var(--bw-space-2) var(--bw-space-3)',
        background: 'var(--bw-raised)',
        border: '1px solid var(--bw-line-strong)',
        borderRadius: 10,
        zIndex: 2,
      }}
    >
      <strong>{wholeText(selected.size)} selected</strong>
      <span className="muted">
        ARR <Money value={known.length === 0 ? null : known.reduce((sum, arr) => sum + arr, 0)} />
      </span>
      {ids.length <= MOST_NAMED ? (
        <ExportMenu
          label="Export these"
          hrefOf={(format) => `/api/v1/exports/accounts.${format}${writeSearch({ account: ids })}`}
        />
      ) : (
        <span className="muted small">Narrow the list to export more than {MOST_NAMED}.</span>
      )}
      <Button variant="default" size="xs" onClick={() => void copy()}>
        Copy ids
      </Button>
      <Button variant="subtle" size="xs" onClick={onClear} ml="auto">
        Clear selection
      </Button>
    </section>
  );
}
