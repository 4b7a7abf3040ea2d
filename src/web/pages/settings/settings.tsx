import { Link, Outlet } from '@tanstack/react-router';
import { useOpenInSight } from '../../parts/open-in-sight.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { useMay } from '../../shell/session.ts';
import { SECTIONS, type Section } from './sections.ts';
import styles from './settings.module.css';

/** Question: who may do what here, what was done, and how is it kept? */
export function SettingsPage() {
  const strip = useOpenInSight();
  return (
    <>
      <PageHead title="Settings" asOf={null} />
      <div className={styles['frame']}>
        <nav ref={strip} className={styles['nav']} aria-label="Settings">
          {SECTIONS.map((section) => (
            <SectionLink key={section.to} section={section} />
          ))}
        </nav>
        <Outlet />
      </div>
    </>
  );
}

function SectionLink({ section: { to, name, needs } }: { readonly section: Section }) {
  const may = useMay(needs ?? 'self.manage');
  if (!may) return null;
  return (
    <Link to={to} className={styles['link']} activeOptions={{ exact: true }}>
      {name}
    </Link>
  );
}
