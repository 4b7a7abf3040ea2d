import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { SignedInBody, WaysBody } from '../../api/contract.ts';
import { ask, Refusal } from '../ask.ts';
import { Door, DoorFoot, DoorForm, Or } from '../door/door.tsx';
import { RefusalNote } from '../parts/refusal-note.tsx';
import { sessionQuery } from '../shell/session.ts';

/** What is said of a sign-in by a provider that did not work, by the word in the address. */
const REFUSED: Readonly<Record<string, string>> = {
  not_invited: 'Nobody has invited this address. Ask an administrator for an invitation.',
  not_allowed: 'This address may not sign in any more. Ask an administrator.',
  provider_away: 'The provider does not answer. Try again in a moment, or sign in with a password.',
  email_not_verified: 'The provider has not proved that this address is yours. Confirm it there, and come back.',
};

const WAYS = ['ways'] as const;

/** Question: who are you? */
export function SignInPage() {
  const { to, error } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const ways = useQuery({
    queryKey: WAYS,
    queryFn: ({ signal }) => ask<WaysBody>('/api/v1/sign-in', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const signIn = useMutation({
    mutationFn: (form: FormData) =>
      ask<SignedInBody>('/api/v1/session', {
        method: 'POST',
        body: { email: form.get('email'), password: form.get('password') },
      }),
    onSuccess: async (who) => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, who);
      await navigate({ href: to ?? '/' });
    },
  });
  const refused =
    error === undefined
      ? null
      : new Refusal(403, null, REFUSED[error] ?? 'The provider did not let you in. Try again.');
  return (
    <Door title="Sign in">
      <DoorForm onSend={(form) => signIn.mutate(form)}>
        <TextInput name="email" type="email" label="Email" autoComplete="username" required autoFocus maxLength={254} />
        <PasswordInput
          name="password"
          label="Password"
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
          required
          maxLength={1024}
        />
        <RefusalNote error={signIn.error ?? refused} />
        <Button type="submit" size="md" loading={signIn.isPending}>
          Sign in
        </Button>
      </DoorForm>
      {ways.data?.provider === true && (
        <>
          <Or />
          <Button
            component="a"
            href="/api/v1/sign-in/oidc"
            variant="default"
            size="md"
            rightSection={<IconExternalLink size={16} aria-hidden />}
          >
            Sign in with your provider
          </Button>
        </>
      )}
      <DoorFoot>
        <Anchor component={Link} to="/forgot" size="xs">
          Forgot your password?
        </Anchor>
        <span className="muted">First start? Open the link that serve printed.</span>
      </DoorFoot>
    </Door>
  );
}
