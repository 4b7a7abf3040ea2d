import { Anchor, Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '../ask.ts';
import { Door, DoorFoot, DoorForm } from '../door/door.tsx';
import { forgetLink, useLinkToken } from '../door/link.ts';
import { NoLink } from '../door/no-link.tsx';
import { NewPassword } from '../parts/new-password.tsx';
import { RefusalNote } from '../parts/refusal-note.tsx';

/** Question: what is your password from now on? */
export function ResetPage() {
  const token = useLinkToken();
  const reset = useMutation({
    mutationFn: async (form: FormData) => {
      await ask<undefined>('/api/v1/password-resets', {
        method: 'PUT',
        body: { token, password: form.get('password') },
      });
    },
    onSuccess: forgetLink,
  });
  if (token === '') {
    return (
      <NoLink
        title="A new password"
        text="Open the link to the new password, whole: what stands behind the # belongs to it."
      />
    );
  }
  if (reset.isSuccess) {
    return (
      <Door title="The password is set" text="Every session of yours has ended. Sign in with it.">
        <Button component={Link} to="/sign-in" size="md">
          Sign in
        </Button>
      </Door>
    );
  }
  return (
    <Door title="A new password" text="Every session of yours ends with it.">
      <DoorForm onSend={(form) => reset.mutate(form)}>
        <NewPassword label="New password" />
        <RefusalNote error={reset.error} />
        <Button type="submit" size="md" loading={reset.isPending}>
          Set it
        </Button>
      </DoorForm>
      <DoorFoot>
        <Anchor component={Link} to="/forgot" size="xs">
          Ask for another link
        </Anchor>
      </DoorFoot>
    </Door>
  );
}
