import { Button, Select, TextInput } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { InvitationsBody, SentInvitationBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { rolesQuery } from './ask-roles.ts';
import styles from './settings.module.css';
import { ShownOnce } from './shown-once.tsx';

/** Invitations that may still be accepted. */
export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: ({ signal }) => ask<InvitationsBody>('/api/v1/invitations', { signal }),
});

/** Asks somebody in; where no mail is sent, the link is shown this once. */
export function Invite() {
  const queries = useQueryClient();
  const roles = useQuery(rolesQuery).data?.roles.map((each) => each.role);
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<string>('viewer');
  const invite = useMutation({
    mutationFn: (body: { readonly email: string; readonly role: string }) =>
      ask<SentInvitationBody>('/api/v1/invitations', { method: 'POST', body }),
    onSuccess: async (_, asked) => {
      // The next address may be typed by now.
      setEmail((now) => (now === asked.email ? '' : now));
      await queries.invalidateQueries({ queryKey: invitationsQuery.queryKey });
    },
  });
  return (
    <div className={styles['part']}>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate({ email, role });
        }}
      >
        <TextInput
          type="email"
          label="Email"
          placeholder="grace@example.com"
          required
          maxLength={254}
          w={280}
          value={email}
          onChange={({ currentTarget: { value } }) => setEmail(value)}
        />
        <Select
          label="Role"
          data={roles ?? [role]}
          value={role}
          disabled={roles === undefined}
          allowDeselect={false}
          w={120}
          onChange={(value) => setRole(value ?? 'viewer')}
        />
        <Button type="submit" loading={invite.isPending}>
          Invite
        </Button>
      </form>
      <RefusalNote error={invite.error} />
      {invite.data !== undefined && <Sent sent={invite.data} />}
    </div>
  );
}

function Sent({ sent: { email, role, link } }: { readonly sent: SentInvitationBody }) {
  if (link === null) {
    return (
      <p role="status">
        A mail with the link is under way to {email}, who will sign in as {role}.
      </p>
    );
  }
  return (
    <ShownOnce title={`The link for ${email}`} secret={link}>
      No mail server is set, so hand it over yourself. It is shown this once, and whoever opens it signs in as {role}.
    </ShownOnce>
  );
}
