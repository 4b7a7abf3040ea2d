import { Button, Code } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { BackupsBody, BegunBackupBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';
import { bytesText, instantText, wholeText } from '../../format.ts';
import { type PlainColumn, PlainTable } from '../../parts/plain-table.tsx';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { Part, SettingsSection } from './section.tsx';
import styles from './settings.module.css';

type Backup = BackupsBody['backups'][number];

const LISTED = ['backups'] as const;
const LOOK_MILLIS = 1_000;

const COLUMNS: readonly PlainColumn<Backup>[] = [
  { id: 'at', name: 'Begun', isWide: true, cell: ({ begunAt }) => `${instantText(begunAt)} UTC` },
  { id: 'status', name: 'State', cell: (backup) => <State backup={backup} /> },
  {
    id: 'rows',
    name: 'Rows',
    isNumber: true,
    cell: ({ rows }) => (rows === null ? <span className="muted">–</span> : wholeText(rows)),
  },
  {
    id: 'bytes',
    name: 'Size',
    isNumber: true,
    cell: ({ bytes }) => (bytes === null ? <span className="muted">–</span> : bytesText(bytes)),
  },
  { id: 'by', name: 'Asked by', cell: ({ by }) => by },
  {
    id: 'folder',
    name: 'Folder',
    isWide: true,
    cell: ({ folder }) => <Code style={{ overflowWrap: 'anywhere' }}>{folder}</Code>,
  },
];

/** Question: what could be had back, as of when, and how? */
export function BackupsSection() {
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: LISTED,
    queryFn: ({ signal }) => ask<BackupsBody>('/api/v1/backups', { signal }),
    refetchInterval: ({ state }) =>
      state.data?.backups.some(({ status }) => status === 'running') === true ? LOOK_MILLIS : false,
  });
  const make = useMutation({
    mutationFn: () => ask<BegunBackupBody>('/api/v1/backups', { method: 'POST' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: LISTED }),
  });
  const isRunning = data?.backups.some(({ status }) => status === 'running') === true;
  const last = data?.backups.find(({ status }) => status === 'done');
  return (
    <SettingsSection
      title="Backups"
      needs="backups.manage"
      lead="One folder with the facts, the decisions and the model, consistent with each other. Work goes on while it is made, and it is read back before it counts."
    >
      <div className={styles['part']}>
        <div className={`${styles['form']} ${styles['middle']}`}>
          <Button
            loading={make.isPending || isRunning}
            disabled={data === undefined || data.folder === null}
            onClick={() => make.mutate()}
          >
            Make one now
          </Button>
          <span className="muted">
            {data === undefined
              ? '…'
              : last === undefined
                ? 'There is none yet.'
                : `The last one is of ${instantText(last.begunAt)} UTC.`}
          </span>
        </div>
        <RefusalNote error={make.error} />
      </div>
      <Part title="Made so far">
        <PlainTable
          label="Backups"
          columns={COLUMNS}
          rows={data?.backups}
          keyOf={({ backupId }) => backupId}
          empty="No backup was made yet, so nothing could be had back if this disk were lost."
        />
      </Part>
      <Restoring folder={last?.folder ?? 'FOLDER'} />
    </SettingsSection>
  );
}

function State({ backup: { status, failure } }: { readonly backup: Backup }) {
  if (status === 'done') return <span style={{ color: 'var(--bw-good)' }}>✓ done</span>;
  if (status === 'running') return <span className="muted">being made…</span>;
  return <span style={{ color: 'var(--bw-bad)' }}>✕ failed{failure === null ? '' : `: ${failure}`}</span>;
}

function Restoring({ folder }: { readonly folder: string }) {
  return (
    <Part title="Getting one back">
      <p className={styles['lead']}>
        A backup becomes a workspace of its own, in a folder that holds none. That is done at the machine and not here,
        since it replaces everything that this page would be served from.
      </p>
      <ol className={styles['steps']}>
        <li>Copy the folder to another disk, now and then: one on the same disk is lost with it.</li>
        <li>
          Restore it. Every byte is checked first; nothing is written where one is wrong.
          <code className={styles['command']}>bellwether restore {folder} --workspace restored</code>
        </li>
        <li>
          Serve it, and look at it beside the one that runs.
          <code className={styles['command']}>bellwether serve --workspace restored --port 8322</code>
        </li>
        <li>
          Everybody signs in again. Whoever was erased after the backup is in it: erase them again (the receipts under
          Retention and erasure name the backups).
        </li>
      </ol>
    </Part>
  );
}
