import { Menu, UnstyledButton } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconDots, IconSearch } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { AccountItems } from './account-items.tsx';
import { PAGES } from './pages.ts';
import styles from './shell.module.css';

/** Pages that stand in the bar itself: as many as a thumb can tell apart. */
const ON_BAR = 4;

/** The navigation of a phone: the first pages, and a menu of all the others, of what the frame has elsewhere too. */
export function Bar() {
  const { pathname } = useLocation();
  const others = PAGES.slice(ON_BAR);
  const isElsewhere = others.some(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  return (
    <nav className={styles['bar']} aria-label="Pages">
      {PAGES.slice(0, ON_BAR).map(({ to, name, icon: Icon }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === '/' }} className={styles['link']}>
          <Icon size={20} stroke={1.6} aria-hidden />
          {name}
        </Link>
      ))}
      <Menu position="top-end" width={240} shadow="md" offset={12} classNames={{ item: styles['touch'] ?? '' }}>
        <Menu.Target>
          <UnstyledButton className={styles['link']} data-status={isElsewhere ? 'active' : undefined}>
            <IconDots size={20} stroke={1.6} aria-hidden />
            More
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {others.map(({ to, name, icon: Icon }) => (
            <Menu.Item
              key={to}
              leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
              renderRoot={(props) => <Link to={to} {...props} />}
            >
              {name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconSearch size={18} stroke={1.6} aria-hidden />} onClick={spotlight.open}>
            Find
          </Menu.Item>
          <Menu.Divider />
          <AccountItems />
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
