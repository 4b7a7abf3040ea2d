import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { RolesBody } from '../../../api/contract.ts';
import { type PlainColumn, PlainTable } from '../../parts/plain-table.tsx';
import { rolesQuery } from './ask-roles.ts';
import { SettingsSection } from './section.tsx';
import styles from './settings.module.css';

type Action = RolesBody['actions'][number];

/** Question: what may each role do? */
export function RolesSection() {
  const { data } = useQuery(rolesQuery);
  const columns: readonly PlainColumn<Action>[] = [
    { id: 'action', name: 'May', isWide: true, cell: ({ means }) => means },
    ...(data?.roles ?? []).map(
      ({ role, may }): PlainColumn<Action> => ({
        id: role,
        name: role,
        on: 'wide',
        cell: ({ action }) => <Mark isYes={may.includes(action)} />,
      }),
    ),
    {
      id: 'least',
      name: 'From',
      on: 'narrow',
      cell: ({ action }) => data?.roles.find(({ may }) => may.includes(action))?.role ?? 'nobody',
    },
    { id: 'keys', name: 'Keys', cell: ({ scopes }) => <span className="muted">{scopes.join(', ') || 'none'}</span> },
  ];
  return (
    <SettingsSection
      title="Roles"
      lead="Each role may all that the one before it may. Whoever may less than before is signed out everywhere at once. Keys are for machines; their scope says what they may."
    >
      <PlainTable
        label="What each role may do"
        columns={columns}
        rows={data?.actions}
        keyOf={({ action }) => action}
        empty="Nothing is guarded."
      />
    </SettingsSection>
  );
}

function Mark({ isYes }: { readonly isYes: boolean }) {
  return isYes ? (
    <span className={styles['yes']}>
      <IconCheck size={16} aria-hidden />
      <span className="hidden">yes</span>
    </span>
  ) : (
    <span className="muted" title="no">
      <span aria-hidden>–</span>
      <span className="hidden">no</span>
    </span>
  );
}
