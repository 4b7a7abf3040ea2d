import type { ReactNode } from 'react';
import { useMay } from '../../shell/session.ts';
import styles from './settings.module.css';

/** One section of the settings: its heading, one sentence on what it is for, and what belongs to it. */
export function SettingsSection({
  title,
  lead,
  needs,
  children,
}: {
  readonly title: string;
  readonly lead: ReactNode;
  /** An action of the table of access; absent: everybody who is signed in. */
  readonly needs?: string;
  readonly children: ReactNode;
}) {
  const may = useMay(needs ?? 'self.manage');
  return (
    <section className={styles['section']} aria-labelledby="section">
      <div className={styles['part']}>
        <h2 id="section">{title}</h2>
        <p className={styles['lead']}>
          {may
            ? lead
            : 'This is for administrators. Ask one of them, or ask to become one: they change roles under People.'}
        </p>
      </div>
      {may && children}
    </section>
  );
}

/** A part of a section. */
export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className={styles['part']}>
      <h3>{title}</h3>
      {children}
    </div>
  );
}
