import { Button, PasswordInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../ask.ts';
import { instantText } from '../../format.ts';
import { NewPassword } from '../../parts/new-password.tsx';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { sessionQuery } from '../../shell/session.ts';
import { rolesQuery } from './ask-roles.ts';
import { Part, SettingsSection } from './section.tsx';
import styles from './settings.module.css';

/** Question: who am I here, and what may I do? */
export function YouSection() {
  const { data: who } = useQuery(sessionQuery);
  const { data: roles } = useQuery(rolesQuery);
  const may = roles?.actions.filter(({ action }) => who?.may.includes(action) === true) ?? [];
  return (
    <SettingsSection title="You" lead="Who you are here, what you may do, and your password.">
      <dl className={styles['facts']}>
        <Fact name="Name" value={who?.name} />
        <Fact name="Email" value={who?.email} />
        <Fact name="Role" value={who?.role} />
        <Fact name="Signed in since" value={who === undefined ? undefined : `${instantText(who.startedAt)} UTC`} />
      </dl>
      <Part title="Another password">
        <PasswordChange />
      </Part>
      <Part title="What you may do">
        <ul className={`${styles['steps']} ${styles['columns']}`}>
          {may.map(({ action, means }) => (
            <li key={action}>{means}</li>
          ))}
        </ul>
      </Part>
    </SettingsSection>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? '…'}</dd>
    </div>
  );
}

function PasswordChange() {
  const [count, setCount] = useState(0);
  const change = useMutation({
    mutationFn: async (form: FormData) => {
      const body = { current: form.get('current'), wanted: form.get('wanted') };
      await ask<undefined>('/api/v1/password', { method: 'POST', body });
    },
    onSuccess: () => {
      setCount((before) => before + 1);
      notifications.show({ message: 'Your password is changed. Every other session of yours has ended.' });
    },
  });
  return (
    <form
      key={count}
      style={{ display: 'grid', gap: 'var(--bw-space-3)', maxWidth: 400 }}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(new FormData(event.currentTarget));
      }}
    >
      <PasswordInput
        name="current"
        label="The one you have"
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
        required
        maxLength={1024}
      />
      <NewPassword name="wanted" label="The new one" />
      <RefusalNote error={change.error} />
      <Button type="submit" variant="default" loading={change.isPending} style={{ justifySelf: 'start' }}>
        Change it
      </Button>
    </form>
  );
}
