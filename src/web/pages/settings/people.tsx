import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { InvitationsBody, OperatorBody, PeopleBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';
import { wholeText } from '../../format.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Day } from '../../parts/day.tsx';
import { type PlainColumn, PlainTable } from '../../parts/plain-table.tsx';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { sessionQuery } from '../../shell/session.ts';
import { Invite, invitationsQuery } from './invite.tsx';
import { memberColumns } from './member-columns.tsx';
import { peopleQuery } from './people-query.ts';
import { Part, SettingsSection } from './section.tsx';
import { Sessions } from './sessions.tsx';

type Person = PeopleBody['people'][number];

/** Question: who may sign in here, and as what? */
export function PeopleSection() {
  const { data, dataUpdatedAt: now } = useQuery(peopleQuery);
  const people = data?.people;
  const invitations = useQuery(invitationsQuery).data?.invitations;
  const invited = invitations?.length ?? 0;
  const title =
    people === undefined
      ? 'Who signs in'
      : `${wholeText(people.length)} ${people.length === 1 ? 'person' : 'people'}${invited === 0 ? '' : `, ${wholeText(invited)} invited`}`;
  return (
    <SettingsSection
      title="People"
      needs="people.manage"
      lead="Who may sign in, as what, and who was asked to. A link of an invitation is good once within seven days."
    >
      <Invite />
      <Part title={title}>
        <Members people={people} now={now} />
      </Part>
      {invitations !== undefined && invitations.length > 0 && (
        <Part title="Invited">
          <Invitations invitations={invitations} />
        </Part>
      )}
    </SettingsSection>
  );
}

function Members({ people, now }: { readonly people: readonly Person[] | undefined; readonly now: number }) {
  const queries = useQueryClient();
  const own = useQuery(sessionQuery).data?.operatorId;
  const [looked, setLooked] = useState<Person | null>(null);
  const [leaving, setLeaving] = useState<Person | null>(null);
  const change = useMutation({
    mutationFn: ({ operatorId, ...body }: { operatorId: string; role?: string; disabled?: boolean }) =>
      ask<OperatorBody>(`/api/v1/people/${encodeURIComponent(operatorId)}`, { method: 'PATCH', body }),
    onSuccess: async ({ name, role, disabledAt }) => {
      setLeaving(null);
      const told = disabledAt === null ? `${name} signs in as ${role}.` : `${name} is not let in any more.`;
      // Told once the list says so too.
      await queries.invalidateQueries({ queryKey: peopleQuery.queryKey });
      notifications.show({ message: told });
    },
  });
  const columns = memberColumns({
    own,
    now,
    isChanging: change.isPending,
    onRole: (person, role) => change.mutate({ operatorId: person.operatorId, role }),
    onSessions: setLooked,
    onDisable: setLeaving,
    onEnable: (person) => change.mutate({ operatorId: person.operatorId, disabled: false }),
  });
  return (
    <>
      {leaving === null && <RefusalNote error={change.error} />}
      <PlainTable
        label="People"
        columns={columns}
        rows={people}
        keyOf={({ operatorId }) => operatorId}
        empty="Nobody yet."
      />
      <Sessions person={looked} onClose={() => setLooked(null)} />
      <Confirm
        title={`Let ${leaving?.name ?? ''} in no more?`}
        verb="Let in no more"
        isOpen={leaving !== null}
        isDoing={change.isPending}
        error={change.error}
        onClose={() => setLeaving(null)}
        onConfirm={() => {
          if (leaving !== null) change.mutate({ operatorId: leaving.operatorId, disabled: true });
        }}
      >
        <p>Every session of theirs ends at once. What they did stays theirs, and you can let them in again.</p>
      </Confirm>
    </>
  );
}

function Invitations({ invitations }: { readonly invitations: InvitationsBody['invitations'] }) {
  const queries = useQueryClient();
  const withdraw = useMutation({
    mutationFn: async (id: number) => {
      await ask<undefined>(`/api/v1/invitations/${id}`, { method: 'DELETE' });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  });
  const columns: readonly PlainColumn<(typeof invitations)[number]>[] = [
    { id: 'email', name: 'Email', isWide: true, cell: ({ email }) => email },
    { id: 'role', name: 'Role', cell: ({ role }) => role },
    { id: 'by', name: 'By', cell: ({ invitedBy }) => invitedBy },
    { id: 'until', name: 'Good until', cell: ({ expiresAt }) => <Day at={expiresAt} /> },
    {
      id: 'withdraw',
      name: '',
      isEnd: true,
      cell: ({ invitationId, email }) => (
        <Button
          variant="subtle"
          color="red"
          size="compact-sm"
          aria-label={`Withdraw the invitation of ${email}`}
          loading={withdraw.isPending && withdraw.variables === invitationId}
          onClick={() => withdraw.mutate(invitationId)}
        >
          Withdraw
        </Button>
      ),
    },
  ];
  return (
    <>
      <RefusalNote error={withdraw.error} />
      <PlainTable
        label="Invitations"
        columns={columns}
        rows={invitations}
        keyOf={({ invitationId }) => invitationId}
        empty=""
      />
    </>
  );
}
