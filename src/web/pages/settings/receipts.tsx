import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReceiptsBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';
import { instantText, wholeText } from '../../format.ts';
import { type PlainColumn, PlainTable } from '../../parts/plain-table.tsx';
import { Part } from './section.tsx';
import styles from './settings.module.css';

/** A receipt of an erasure. */
export type Receipt = ReceiptsBody['erasures'][number];

const LOOK_MILLIS = 1_000;

/** Receipts of erasures, looked at again until the files of the last one are gone. */
export const receiptsQuery = queryOptions({
  queryKey: ['erasures'],
  queryFn: ({ signal }) => ask<ReceiptsBody>('/api/v1/erasures', { signal }),
  refetchInterval: ({ state }) =>
    state.data?.erasures.some(({ filesGoneAt }) => filesGoneAt === null) === true ? 5 * LOOK_MILLIS : false,
});

const sumOf = ({ tables }: Receipt, what: 'removed' | 'mended'): number =>
  tables.reduce((sum, table) => sum + table[what], 0);

const COLUMNS: readonly PlainColumn<Receipt>[] = [
  { id: 'number', name: 'Number', isNumber: true, cell: ({ erasureId }) => erasureId },
  { id: 'at', name: 'Removed (UTC)', cell: ({ removedAt }) => instantText(removedAt) },
  { id: 'by', name: 'By', cell: ({ by }) => by },
  { id: 'rows', name: 'Rows gone', isNumber: true, cell: (receipt) => wholeText(sumOf(receipt, 'removed')) },
  { id: 'mended', name: 'Rows mended', isNumber: true, cell: (receipt) => wholeText(sumOf(receipt, 'mended')) },
  { id: 'left', name: 'Left', isWide: true, cell: ({ remaining }) => <Left remaining={remaining} /> },
  {
    id: 'files',
    name: 'Files gone (UTC)',
    cell: ({ filesGoneAt }) => (filesGoneAt === null ? 'within a minute' : instantText(filesGoneAt)),
  },
];

function Left({ remaining }: Pick<Receipt, 'remaining'>) {
  if (remaining.length === 0) return <span style={{ color: 'var(--bw-good)' }}>✓ nothing</span>;
  return (
    <span style={{ color: 'var(--bw-warn)' }}>
      {remaining.map(({ table, rows, because }) => `${wholeText(rows)} in ${table}: ${because}`).join('; ')}
    </span>
  );
}

/** What was erased, told without naming anybody. */
export function Receipts() {
  const { data } = useQuery(receiptsQuery);
  return (
    <Part title="Receipts">
      <PlainTable
        label="Receipts of erasures"
        columns={COLUMNS}
        rows={data?.erasures}
        keyOf={({ erasureId }) => erasureId}
        empty="Nobody was erased yet."
      />
    </Part>
  );
}

/** One receipt in full: what went, what is left and why, and which backups still hold it. */
export function ReceiptInFull({ receipt }: { readonly receipt: Receipt }) {
  const { erasureId, tables, remaining, backups, filesGoneAt, subject } = receipt;
  return (
    <div className={styles['once']} role="status">
      <h3>Receipt {erasureId}</h3>
      <p>
        {wholeText(sumOf(receipt, 'removed'))} rows of the person are gone from {tables.length} tables, and{' '}
        {wholeText(sumOf(receipt, 'mended'))} rows of others lost their words.{' '}
        {remaining.length === 0 ? 'A search through every column of both databases found nothing left.' : ''}
      </p>
      {remaining.length > 0 && (
        <p>
          Still there: <Left remaining={remaining} />
        </p>
      )}
      <p className="small muted">
        {filesGoneAt === null
          ? 'The files that held it are let go of within a minute; this line says when.'
          : `The files that held it were gone at ${instantText(filesGoneAt)} UTC.`}{' '}
        It names nobody: the person is <code style={{ overflowWrap: 'anywhere' }}>{subject}</code>.
      </p>
      {backups.length > 0 && (
        <div>
          <p>
            {backups.length === 1 ? 'One backup still holds' : `${backups.length} backups still hold`} what was removed:
          </p>
          <ul className={styles['steps']}>
            {backups.map(({ folder, expire }) => (
              <li key={folder}>
                <code style={{ overflowWrap: 'anywhere' }}>{folder}</code>: {expire}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
