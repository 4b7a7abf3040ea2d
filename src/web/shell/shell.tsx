import { Button, Menu } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { AccountItems } from './account-items.tsx';
import { Bar } from './bar.tsx';
import { BegunOutlet } from './begin.tsx';
import { PAGES } from './pages.ts';
import { Palette } from './palette.tsx';
import { sessionQuery } from './session.ts';
import styles from './shell.module.css';
import { Shortcuts } from './shortcuts.tsx';

/** The frame of every page: where one can go, how to find something, and who one is. */
export function Shell() {
  return (
    <div className={styles['frame']}>
      <a className={styles['skip']} href="#page">
        Skip to the page
      </a>
      <aside className={styles['side']}>
        <div className={styles['brand']}>
          <img src="/mark.svg" alt="" width={22} height={22} />
          Bellwether
        </div>
        <Button
          variant="default"
          size="xs"
          justify="space-between"
          leftSection={<IconSearch size={14} />}
          rightSection={<kbd className={styles['key']}>Ctrl K</kbd>}
          onClick={spotlight.open}
        >
          Find
        </Button>
        <nav className={styles['nav']} aria-label="Pages">
          {PAGES.map(({ to, name, icon: Icon }) => (
            <Link key={to} to={to} activeOptions={{ exact: to === '/' }} className={styles['link']}>
              <Icon size={18} stroke={1.6} aria-hidden />
              {name}
            </Link>
          ))}
        </nav>
        <Account />
      </aside>
      <main id="page" className={styles['page']} tabIndex={-1}>
        <BegunOutlet />
      </main>
      <Bar />
      <Palette />
      <Shortcuts />
    </div>
  );
}

function Account() {
  const { data } = useQuery(sessionQuery);
  return (
    <div className={styles['foot']}>
      <Menu position="top-start" width={200}>
        <Menu.Target>
          <Button variant="subtle" size="xs" justify="flex-start" px={0}>
            {data?.name ?? '…'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <AccountItems />
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
