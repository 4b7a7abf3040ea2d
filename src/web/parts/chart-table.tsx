import styles from './chart.module.css';
import { PageLink } from './page-link.tsx';
import { Unknown } from './unknown.tsx';

/** A column of the table beside a chart. */
interface ChartColumn {
  readonly name: string;
  /** How its numbers are written; absent: as they are. A column with it stands right. */
  readonly text?: (value: number) => string;
}

/** What a chart says, in rows. A null is unknown. */
export interface ChartTable {
  readonly columns: readonly ChartColumn[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Where the accounts behind a row are; null: nowhere. */
  readonly linkOf?: (row: number) => string | null;
  /** Why a value is unknown. */
  readonly whyUnknown?: string;
}

/** The same as the chart, for those who would rather read. */
export function ChartRows({ label, table }: { readonly label: string; readonly table: ChartTable }) {
  const { columns, rows, linkOf, whyUnknown = 'Too little is known to say.' } = table;
  return (
    <section className={styles['rows']} aria-label={label} tabIndex={0}>
      <table className={styles['table']}>
        <thead>
          <tr>
            {columns.map(({ name, text }, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns may share a name, and are told apart by their place
              <th key={column} scope="col" className={text === undefined ? '' : 'number'}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const link = linkOf?.(index) ?? null;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are told apart by their place alone
              <tr key={index}>
                {row.map((value, column) => {
                  const told = textOf(value, columns[column]);
                  const isNumber = columns[column]?.text !== undefined;
                  return (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a cell is told apart by its column
                    <td key={column} className={isNumber ? 'number' : ''}>
                      {told === null ? (
                        <Unknown why={whyUnknown} />
                      ) : column === 0 && link !== null ? (
                        <PageLink to={link}>{told}</PageLink>
                      ) : (
                        told
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function textOf(value: string | number | null, column: ChartColumn | undefined): string | null {
  return typeof value === 'number' ? (column?.text?.(value) ?? String(value)) : value;
}
