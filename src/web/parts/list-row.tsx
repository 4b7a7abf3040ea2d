import { createContext, memo, type ReactNode, useContext } from 'react';
import styles from './list-table.module.css';

/** A column: its header, how wide it is, and what stands in it. */
export interface Column<Row> {
  readonly id: string;
  readonly header: ReactNode;
  /** In words, for the chooser of columns and for screen readers. */
  readonly name: string;
  readonly width: string;
  readonly isNumber?: boolean;
  /** Field by which the server sorts; absent: it does not. */
  readonly sort?: string;
  readonly cell: (row: Row) => ReactNode;
}

/** Whether the list that a cell is in is being scrolled; for `ListTable` to say. */
export const IsMoving = createContext(false);

/** Whether the rows fly by: a cell that would ask the server waits until they rest. */
export const useIsMoving = (): boolean => useContext(IsMoving);

interface ListRowProps<Row> {
  /** Absent: it is not read yet. */
  readonly row: Row | undefined;
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly start: number;
  readonly columns: readonly Column<Row>[];
  /** What stands in it instead of columns, where the screen is narrow. */
  readonly narrow: ((row: Row) => ReactNode) | null;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly onToggle: (row: Row) => void;
}

function Row<Row>({ row, index, start, columns, narrow, isCurrent, isSelected, onToggle }: ListRowProps<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={isCurrent ? `${styles['row']} ${styles['current']}` : styles['row']}
      style={{ transform: `translateY(${start}px)` }}
    >
      {row === undefined ? (
        <Ghost columns={columns.length} />
      ) : narrow !== null ? (
        <div role="gridcell" className={styles['narrow']}>
          {narrow(row)}
        </div>
      ) : (
        <Cells row={row} columns={columns} isSelected={isSelected} onToggle={onToggle} />
      )}
    </div>
  );
}

/** One row of a long list; drawn anew only when something of its own has changed, since a wheel turns sixty times a second. */
export const ListRow = memo(Row) as typeof Row;

function Cells<Row>({
  row,
  columns,
  isSelected,
  onToggle,
}: {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly isSelected: boolean;
  readonly onToggle: (row: Row) => void;
}) {
  return (
    <>
      <div role="gridcell" className={styles['cell']}>
        <input
          type="checkbox"
          className={styles['box']}
          checked={isSelected}
          onChange={() => onToggle(row)}
          aria-label="Select"
          tabIndex={-1}
        />
      </div>
      {columns.map(({ id, cell, isNumber }) => (
        <div key={id} role="gridcell" className={isNumber ? `${styles['cell']} ${styles['number']}` : styles['cell']}>
          {cell(row)}
        </div>
      ))}
    </>
  );
}

function Ghost({ columns }: { readonly columns: number }) {
  return (
    <>
      {Array.from({ length: columns + 1 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={index} role="gridcell" className={styles['cell']}>
          <div className={styles['ghost']} />
        </div>
      ))}
    </>
  );
}
