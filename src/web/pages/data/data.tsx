import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { useOpenInSight } from '../../parts/open-in-sight.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { useMay } from '../../shell/session.ts';
import { knownQuery } from './ask-data.ts';
import styles from './data.module.css';
import { TABS, type Tab } from './tabs.ts';

/** Question: what do we know, how fresh is it, and what could not be used? */
export function DataPage() {
  const { data } = useQuery(knownQuery);
  const strip = useOpenInSight();
  return (
    <>
      <PageHead title="Data" asOf={data?.now ?? null}>
        What we know, how fresh it is, and what could not be used
      </PageHead>
      <nav ref={strip} className={styles['tabs']} aria-label="Data">
        {TABS.map((tab) => (
          <TabLink key={tab.to} tab={tab} />
        ))}
      </nav>
      <Outlet />
    </>
  );
}

function TabLink({ tab: { to, name, needs } }: { readonly tab: Tab }) {
  const may = useMay(needs);
  if (!may) return null;
  return (
    <Link to={to} className={styles['tab']} activeOptions={{ exact: true, includeSearch: false }}>
      {name}
    </Link>
  );
}
