import { Link } from '@tanstack/react-router';
import type { ImportReportBody } from '../../../api/contract.ts';
import { wholeText, wordText } from '../../format.ts';
import { type PlainColumn, PlainTable } from '../../parts/plain-table.tsx';
import styles from './data.module.css';

type Refused = ImportReportBody['refusals'][number];

const COLUMNS: readonly PlainColumn<Refused>[] = [
  { id: 'rows', name: 'Rows', isNumber: true, cell: ({ rows }) => wholeText(rows) },
  { id: 'field', name: 'Field', cell: ({ field }) => (field === '' ? <span className="muted">the row</span> : field) },
  { id: 'why', name: 'Why', isWide: true, cell: ({ message }) => message },
  { id: 'line', name: 'First at line', isNumber: true, cell: ({ line }) => wholeText(line) },
];

/** What became of every row of a file, or would. */
export function Report({ report }: { readonly report: ImportReportBody }) {
  const { files, refusals, diagnostics, dryRun, contradictions, unattributed, created } = report;
  const sum = (name: 'read' | 'accepted' | 'refused' | 'duplicates' | 'skipped'): number =>
    files.reduce((total, file) => total + file[name], 0);
  const figures = [
    ['read', sum('read')],
    [dryRun ? 'would be taken' : 'taken', sum('accepted')],
    [dryRun ? 'would be refused' : 'refused', sum('refused')],
    ['known already', sum('duplicates')],
    ...(sum('skipped') > 0 ? ([['left out by the source', sum('skipped')]] as const) : []),
  ] as const;
  return (
    <div className={styles['part']} aria-live="polite">
      <dl className={styles['figures']} aria-label="Rows" style={{ margin: 0 }}>
        {figures.map(([name, rows]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{wholeText(rows)}</dd>
          </div>
        ))}
      </dl>
      {diagnostics.map(({ code, message, suggestion }) => (
        <p key={`${code} ${message}`} style={{ color: 'var(--bw-warn)' }}>
          ! {message}. {suggestion}
        </p>
      ))}
      {refusals.length > 0 && (
        <PlainTable
          label="Why rows are refused"
          columns={COLUMNS}
          rows={refusals}
          keyOf={({ field, reason }) => `${field} ${reason}`}
          empty=""
        />
      )}
      <p className="small muted">
        {created.accounts > 0 || created.users > 0
          ? `Facts name ${wholeText(created.accounts)} accounts and ${wholeText(created.users)} users that no file declares. `
          : ''}
        {unattributed > 0 ? `${wholeText(unattributed)} events belong to no account. ` : ''}
        {contradictions.map(({ code, message }) => `${wordText(code)}: ${message}. `).join('')}
      </p>
      {!dryRun && sum('accepted') > 0 && (
        <p>
          Everybody whom it touches is computed anew now; it takes moments. <Link to="/accounts">See the accounts</Link>
          , or choose the next file.
        </p>
      )}
      {!dryRun && sum('refused') > 0 && (
        <p>
          <Link to="/data/refused">Put the refused rows right</Link>
        </p>
      )}
    </div>
  );
}
