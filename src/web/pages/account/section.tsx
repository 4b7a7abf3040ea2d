import type { ReactNode } from 'react';
import { Refusal } from '../../ask.ts';
import styles from './account.module.css';

/** A part of the page with an anchor of its own. */
export function Section({
  id,
  title,
  beside,
  children,
}: {
  readonly id: string;
  readonly title: ReactNode;
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section id={id} className={styles['section']} aria-labelledby={`${id}-title`}>
      <div style={{ display: 'flex', alignItems: 'baseline', gap: 12, flexWrap: 'wrap' }}>
        <h2 id={`${id}-title`}>{title}</h2>
        {beside !== undefined && <span className="small muted">{beside}</span>}
      </div>
      {children}
    </section>
  );
}

/** What is coming, in the size that it will have; or what happened instead. */
export function Coming({
  height,
  error,
  what,
}: {
  readonly height: number;
  readonly error: Error | null;
  readonly what: string;
}) {
  if (error !== null) {
    return (
      <p role="alert">
        {error.message} <span className="muted">{error instanceof Refusal ? error.next : 'Load the page again.'}</span>
      </p>
    );
  }
  return <div className={styles['ghost']} style={{ height }} role="status" aria-label={`${what} is being computed`} />;
}

/** What a list says where nothing is in it. */
export function Nothing({ children }: { readonly children: ReactNode }) {
  return <p className="muted small">{children}</p>;
}
