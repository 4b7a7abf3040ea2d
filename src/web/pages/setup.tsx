import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { SetupWishBody, SignedInBody } from '../../api/contract.ts';
import { ask } from '../ask.ts';
import { Door, DoorForm } from '../door/door.tsx';
import { forgetLink, useLinkToken } from '../door/link.ts';
import { NoLink } from '../door/no-link.tsx';
import { NewPassword } from '../parts/new-password.tsx';
import { RefusalNote } from '../parts/refusal-note.tsx';
import { sessionQuery } from '../shell/session.ts';

/** Question: who administers this? */
export function SetupPage() {
  const token = useLinkToken();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const setUp = useMutation({
    mutationFn: (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? '');
      const operator = { name: text('name'), email: text('email'), password: text('password') };
      const body: SetupWishBody = { token, operator };
      return ask<{ readonly operator: SignedInBody | null }>('/api/v1/setup', { method: 'POST', body });
    },
    onSuccess: async ({ operator }) => {
      forgetLink();
      queries.setQueryData(sessionQuery.queryKey, operator ?? undefined);
      await navigate({ to: '/settings/people' });
    },
  });
  if (token === '') {
    return (
      <NoLink
        title="Set up Bellwether"
        text="Open the link that serve printed when it was started, whole: what stands behind the # belongs to it."
      />
    );
  }
  return (
    <Door
      title="Set up Bellwether"
      text="You are the first administrator. Next you invite the others, and make keys for what sends events."
    >
      <DoorForm onSend={(form) => setUp.mutate(form)}>
        <TextInput name="name" label="Your name" autoComplete="name" required autoFocus maxLength={200} />
        <TextInput name="email" type="email" label="Email" autoComplete="username" required maxLength={254} />
        <NewPassword />
        <RefusalNote error={setUp.error} />
        <Button type="submit" size="md" loading={setUp.isPending}>
          Set up
        </Button>
      </DoorForm>
    </Door>
  );
}
