import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { type Column, IsMoving, ListRow } from './list-row.tsx';
import styles from './list-table.module.css';

/** A long list, of which only what is looked at is drawn. */
export interface ListTableProps<Row> {
  /** What the rows are, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Rows in all, those not read yet included. */
  readonly total: number;
  readonly isLoading: boolean;
  /** This and `narrow` are the same function at every call, or every row is drawn anew. */
  readonly keyOf: (row: Row) => string;
  readonly onOpen: (row: Row) => void;
  /** Asks for more rows; called again only once `rows` has grown. */
  readonly onMore: () => void;
  /** `arr`, or `-arr` from the most; the first before the second. */
  readonly sort: readonly string[];
  /** Asked by a click, or by a click with Shift, which adds an order: makes of the orders those that are to be. */
  readonly onSort: (next: (sort: readonly string[]) => readonly string[]) => void;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  /** Two lines instead of columns, where the screen is narrow. */
  readonly narrow: (row: Row) => ReactNode;
  readonly empty: ReactNode;
}

const ROW_PIXELS = 40;
const NARROW_ROW_PIXELS = 64;
const HEAD_PIXELS = 36;
const OVERSCAN = 12;
const GHOSTS = 12;
const NO_COLUMNS: readonly never[] = [];
/** What stands above and below the list, so that it ends with the window. */
const AROUND = 'calc(100dvh - 200px)';

/** The list with keys: `j` `k` move, Enter opens, `x` selects. */
export function ListTable<Row>(props: ListTableProps<Row>) {
  const { columns, rows, total, isLoading, keyOf, onMore, selected, onSelect, narrow, empty, label } = props;
  const isNarrow = useMediaQuery('(max-width: 760px)') === true;
  const scroll = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const count = isLoading && rows.length === 0 ? GHOSTS : total;
  const height = isNarrow ? NARROW_ROW_PIXELS : ROW_PIXELS;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
    scrollPaddingStart: HEAD_PIXELS,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length && rows.length < total && !isLoading) onMore();
  }, [last, rows.length, total, isLoading, onMore]);
  const onToggle = useCallback((row: Row) => onSelect(toggled(selected, keyOf(row))), [onSelect, selected, keyOf]);
  const onKey = keysOf(props, { current, setCurrent, goTo: virtual.scrollToIndex, frame: scroll });
  if (!isLoading && total === 0) return <>{empty}</>;
  return (
    <IsMoving value={virtual.isScrolling}>
      <div
        ref={scroll}
        className={styles['scroll']}
        role="grid"
        aria-label={label}
        aria-rowcount={total + 1}
        aria-busy={isLoading}
        tabIndex={0}
        onKeyDown={onKey}
        style={{ height: AROUND, ...tracksOf(isNarrow ? [] : columns), '--row': `${height}px` } as CSSProperties}
      >
        {!isNarrow && <Head {...props} />}
        <div role="rowgroup" className={styles['body']} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            const key = row === undefined ? null : keyOf(row);
            return (
              <ListRow
                key={key ?? index}
                row={row}
                index={index}
                start={start}
                columns={isNarrow ? NO_COLUMNS : columns}
                narrow={isNarrow ? narrow : null}
                isCurrent={index === current && row !== undefined}
                isSelected={key !== null && selected.has(key)}
                onToggle={onToggle}
              />
            );
          })}
        </div>
      </div>
    </IsMoving>
  );
}

/** The tracks of a row and its least width; without columns one track for everything. */
function tracksOf<Row>(columns: readonly Column<Row>[]): Readonly<Record<string, string>> {
  if (columns.length === 0) return { '--columns': 'minmax(0, 1fr)', '--least': '0px' };
  const least = columns.reduce((sum, { width }) => sum + leastOf(width), 36);
  return { '--columns': `36px ${columns.map(({ width }) => width).join(' ')}`, '--least': `${least}px` };
}

/** The least pixels of a track such as `92px` or `minmax(220px, 1fr)`. */
function leastOf(width: string): number {
  return Number(/(\d+)px/.exec(width)?.[1] ?? 0);
}

function toggled(selected: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(key)) next.add(key);
  return next;
}

/** What the keys do while the list, or something in it, has the focus. */
function keysOf<Row>(
  { rows, selected, keyOf, onSelect, onOpen }: ListTableProps<Row>,
  at: {
    readonly current: number;
    readonly setCurrent: (index: number) => void;
    readonly goTo: (index: number) => void;
    readonly frame: RefObject<HTMLDivElement | null>;
  },
) {
  return (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLInputElement && event.target.type !== 'checkbox') return;
    const row = rows[at.current];
    const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.max(0, Math.min(rows.length - 1, at.current + step));
      at.setCurrent(next);
      at.goTo(next);
    } else if (event.key === 'Enter' && row !== undefined && event.target === at.frame.current) onOpen(row);
    else if (event.key === 'x' && row !== undefined) onSelect(toggled(selected, keyOf(row)));
  };
}

function Head<Row>({ columns, sort, onSort }: ListTableProps<Row>) {
  return (
    <div role="row" aria-rowindex={1} className={styles['head']}>
      <div role="columnheader" className={styles['cell']}>
        <span className="hidden">Selected</span>
      </div>
      {columns.map((column) => {
        const by = column.sort;
        const place = sort.findIndex((each) => each === by || each === `-${by}`);
        const state = by === undefined || place < 0 ? 'none' : sort[place] === by ? 'ascending' : 'descending';
        const kind = column.isNumber ? `${styles['cell']} ${styles['number']}` : styles['cell'];
        const arrow = { ascending: ' ↑', descending: ' ↓', none: '' }[state];
        const mark = arrow !== '' && sort.length > 1 ? `${arrow}${place + 1}` : arrow;
        return (
          <div key={column.id} role="columnheader" aria-sort={state} className={kind}>
            {by === undefined ? (
              column.header
            ) : (
              <button
                type="button"
                className={styles['sort']}
                title="Sort; with Shift also by this"
                onClick={({ shiftKey }) =>
                  onSort((before) => sortedBy(before, column.isNumber === true ? `-${by}` : by, shiftKey))
                }
              >
                {column.header}
                {mark}
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}

/** The orders after a click on a column: it turns, or comes first; with Shift beside the others. */
function sortedBy(sort: readonly string[], first: string, isAdded: boolean): readonly string[] {
  const turned = first.startsWith('-') ? first.slice(1) : `-${first}`;
  const wanted = sort.includes(first) ? turned : first;
  if (!isAdded) return [wanted];
  const isThere = sort.includes(first) || sort.includes(turned);
  return isThere ? sort.map((each) => (each === first || each === turned ? wanted : each)) : [...sort, wanted];
}
