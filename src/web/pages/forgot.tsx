import { Anchor, Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '../ask.ts';
import { Door, DoorFoot, DoorForm } from '../door/door.tsx';
import { RefusalNote } from '../parts/refusal-note.tsx';

/** Question: where is my way back in? */
export function ForgotPage() {
  const wish = useMutation({
    mutationFn: async (form: FormData) => {
      await ask<undefined>('/api/v1/password-resets', { method: 'POST', body: { email: form.get('email') } });
    },
  });
  return (
    <Door
      title={wish.isSuccess ? 'A link is under way' : 'A new password'}
      text={
        wish.isSuccess
          ? 'If the address is one that may sign in. It is good once, within an hour. Without a mail server it is printed where Bellwether runs: ask an administrator.'
          : 'Say who you are, and you get a link to set another one.'
      }
    >
      {!wish.isSuccess && (
        <DoorForm onSend={(form) => wish.mutate(form)}>
          <TextInput
            name="email"
            type="email"
            label="Email"
            autoComplete="username"
            required
            autoFocus
            maxLength={254}
          />
          <RefusalNote error={wish.error} />
          <Button type="submit" size="md" loading={wish.isPending}>
            Send me a link
          </Button>
        </DoorForm>
      )}
      <DoorFoot>
        <Anchor component={Link} to="/sign-in" size="xs">
          Back to the sign-in
        </Anchor>
      </DoorFoot>
    </Door>
  );
}
