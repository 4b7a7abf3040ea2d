import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { AcceptanceBody, SignedInBody } from '../../api/contract.ts';
import { ask } from '../ask.ts';
import { Door, DoorForm } from '../door/door.tsx';
import { forgetLink, useLinkToken } from '../door/link.ts';
import { NoLink } from '../door/no-link.tsx';
import { NewPassword } from '../parts/new-password.tsx';
import { RefusalNote } from '../parts/refusal-note.tsx';
import { sessionQuery } from '../shell/session.ts';

/** Question: who is it that was invited? */
export function InvitationPage() {
  const token = useLinkToken();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const accept = useMutation({
    mutationFn: (form: FormData) => {
      const body: AcceptanceBody = {
        token,
        name: String(form.get('name') ?? ''),
        password: String(form.get('password') ?? ''),
      };
      return ask<SignedInBody>('/api/v1/invitations/accept', { method: 'POST', body });
    },
    onSuccess: async (who) => {
      forgetLink();
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, who);
      await navigate({ to: '/' });
    },
  });
  if (token === '') {
    return (
      <NoLink
        title="You are invited"
        text="Open the link of the invitation, whole: what stands behind the # belongs to it."
      />
    );
  }
  return (
    <Door
      title="You are invited"
      text="Say who you are, and choose a password. Your address and role are the invitation’s."
    >
      <DoorForm onSend={(form) => accept.mutate(form)}>
        <TextInput name="name" label="Your name" autoComplete="name" required autoFocus maxLength={200} />
        <NewPassword />
        <RefusalNote error={accept.error} />
        <Button type="submit" size="md" loading={accept.isPending}>
          Accept
        </Button>
      </DoorForm>
    </Door>
  );
}
