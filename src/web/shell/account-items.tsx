import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ask } from '../ask.ts';
import { sessionQuery } from './session.ts';

/** What one chooses for oneself, as items of a menu: the theme, and to leave. */
export function AccountItems() {
  const { data } = useQuery(sessionQuery);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = async () => {
    await ask('/api/v1/session', { method: 'DELETE' });
    queries.clear();
    await navigate({ to: '/sign-in', search: {} });
  };
  return (
    <>
      <Menu.Label>{data === undefined ? '' : `${data.email}, ${data.role}`}</Menu.Label>
      <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
        <Menu.RadioItem value="light">Light</Menu.RadioItem>
        <Menu.RadioItem value="dark">Dark</Menu.RadioItem>
        <Menu.RadioItem value="auto">As the system</Menu.RadioItem>
      </Menu.RadioGroup>
      <Menu.Divider />
      <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
    </>
  );
}
