import type { ReactNode } from 'react';
import styles from './plain-table.module.css';

/** A column of a short table. */
export interface PlainColumn<Row> {
  readonly id: string;
  /** As it stands over the column, and before the value on a narrow page; empty: nowhere, for what explains itself. */
  readonly name: string;
  readonly header?: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  readonly isNumber?: boolean;
  /** Stands at the end of its row: what one may do with it. */
  readonly isEnd?: boolean;
  /** On which pages it stands; absent: on all of them. */
  readonly on?: 'wide' | 'narrow';
  /** Takes a line of its own on a narrow page, and needs no name there. */
  readonly isWide?: boolean;
}

const WAITING = [0, 1, 2] as const;

/** A table that is short enough to be written as it is; on a narrow page each row is a few lines. Absent rows: they are on their way. */
export function PlainTable<Row>({
  label,
  columns,
  rows,
  keyOf,
  empty,
}: {
  readonly label: string;
  readonly columns: readonly PlainColumn<Row>[];
  readonly rows: readonly Row[] | undefined;
  readonly keyOf: (row: Row) => string | number;
  readonly empty: ReactNode;
}) {
  if (rows?.length === 0) return <div className={`${styles['scroll']} ${styles['empty']}`}>{empty}</div>;
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']} aria-label={label} aria-busy={rows === undefined}>
        <thead>
          <tr>
            {columns.map(({ id, name, header, isNumber, on }) => (
              <th key={id} scope="col" className={classesOf({ number: isNumber === true, [on ?? '']: true })}>
                {header ?? (name === '' ? <span className="hidden">{id}</span> : name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows === undefined
            ? WAITING.map((place) => (
                <tr key={place}>
                  {columns.map(({ id, on }) => (
                    <td key={id} className={classesOf({ [on ?? '']: true })}>
                      <div className={styles['skeleton']} />
                    </td>
                  ))}
                </tr>
              ))
            : rows.map((row) => (
                <tr key={keyOf(row)}>
                  {columns.map((column) => (
                    <Cell key={column.id} column={column} row={row} />
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
    </div>
  );
}

function classesOf(wanted: Readonly<Record<string, boolean>>): string {
  return Object.entries(wanted)
    .flatMap(([name, isWanted]) => (isWanted ? [styles[name] ?? ''] : []))
    .join(' ')
    .trim();
}

function Cell<Row>({ column, row }: { readonly column: PlainColumn<Row>; readonly row: Row }) {
  const { name, cell, isNumber = false, isEnd = false, isWide = false, on = '' } = column;
  const label = name === '' || isEnd || isWide ? {} : { 'data-label': name };
  return (
    <td className={classesOf({ number: isNumber, end: isEnd, line: isWide, [on]: true })} {...label}>
      {cell(row)}
    </td>
  );
}
