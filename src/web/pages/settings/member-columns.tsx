import { Button, Menu, Select } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { PeopleBody } from '../../../api/contract.ts';
import { agoText } from '../../format.ts';
import { Day } from '../../parts/day.tsx';
import type { PlainColumn } from '../../parts/plain-table.tsx';
import { rolesQuery } from './ask-roles.ts';
import styles from './settings.module.css';

type Person = PeopleBody['people'][number];

/** What one does with people in their list. */
interface Doing {
  /** Id of whoever looks. */
  readonly own: string | undefined;
  /** Milliseconds. */
  readonly now: number;
  /** Whether a change is under way. */
  readonly isChanging: boolean;
  readonly onRole: (person: Person, role: string) => void;
  readonly onSessions: (person: Person) => void;
  readonly onDisable: (person: Person) => void;
  readonly onEnable: (person: Person) => void;
}

/** The columns of everybody who signs in. */
export function memberColumns({
  own,
  now,
  isChanging,
  onRole,
  onSessions,
  onDisable,
  onEnable,
}: Doing): readonly PlainColumn<Person>[] {
  return [
    {
      id: 'name',
      name: 'Name',
      isWide: true,
      cell: ({ name, email, operatorId }) => (
        <div className={styles['person']}>
          <span>
            {name}
            {operatorId === own && <span className="muted"> (you)</span>}
          </span>
          <span className="muted small">{email}</span>
        </div>
      ),
    },
    {
      id: 'role',
      name: 'Role',
      cell: (person) => <RoleChoice {...{ person, isChanging }} onChange={(role) => onRole(person, role)} />,
    },
    {
      id: 'ways',
      name: 'Signs in by',
      cell: ({ ways, disabledAt }) =>
        disabledAt === null ? (
          ways.join(', ')
        ) : (
          <span className="muted">
            not let in since <Day at={disabledAt} />
          </span>
        ),
    },
    {
      id: 'seen',
      name: 'Seen',
      cell: ({ lastSeenAt }) =>
        lastSeenAt === null ? (
          <span className="muted">not signed in</span>
        ) : (
          <time dateTime={lastSeenAt}>{agoText(lastSeenAt, now)}</time>
        ),
    },
    {
      id: 'more',
      name: '',
      isEnd: true,
      cell: (person) => (
        <PersonMenu
          person={person}
          isOwn={person.operatorId === own}
          onSessions={() => onSessions(person)}
          onDisable={() => onDisable(person)}
          onEnable={() => onEnable(person)}
        />
      ),
    },
  ];
}

function RoleChoice({
  person,
  isChanging,
  onChange,
}: {
  readonly person: Person;
  readonly isChanging: boolean;
  readonly onChange: (role: string) => void;
}) {
  const roles = useQuery(rolesQuery).data?.roles.map(({ role }) => role);
  return (
    <Select
      aria-label={`Role of ${person.name}`}
      data={roles ?? [person.role]}
      value={person.role}
      allowDeselect={false}
      disabled={roles === undefined || isChanging || person.disabledAt !== null}
      size="xs"
      w={110}
      onChange={(role) => {
        if (role !== null && role !== person.role) onChange(role);
      }}
    />
  );
}

function PersonMenu({
  person,
  isOwn,
  onSessions,
  onDisable,
  onEnable,
}: {
  readonly person: Person;
  readonly isOwn: boolean;
  readonly onSessions: () => void;
  readonly onDisable: () => void;
  readonly onEnable: () => void;
}) {
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button variant="subtle" size="compact-sm" aria-label={`What to do with ${person.name}`}>
          <IconDots size={16} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onSessions}>
          {person.sessions === 1 ? '1 open session' : `${person.sessions} open sessions`}
        </Menu.Item>
        {person.disabledAt !== null && <Menu.Item onClick={onEnable}>Let in again</Menu.Item>}
        {person.disabledAt === null && !isOwn && (
          <Menu.Item color="red" onClick={onDisable}>
            Let in no more
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
