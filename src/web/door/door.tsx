import type { ReactNode } from 'react';
import styles from './door.module.css';
import { FlowPicture } from './flow-picture.tsx';

/** The frame of every page at the door: what this is on one side, what is asked on the other. */
export function Door({
  title,
  text,
  children,
}: {
  readonly title: string;
  readonly text?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles['door']}>
      <header className={styles['side']}>
        <div className={styles['brand']}>
          <img src="/mark.svg" alt="" width={28} height={28} />
          Bellwether
        </div>
        <FlowPicture />
        <p className={styles['claim']}>Which customers there are, where they are heading, and what to do about it.</p>
      </header>
      <main className={styles['main']}>
        <div className={styles['form']}>
          <h1>{title}</h1>
          {text !== undefined && <p className="muted">{text}</p>}
          {children}
        </div>
      </main>
    </div>
  );
}

/** The fields of a page at the door, one under the other, and the button that sends them. */
export function DoorForm({
  onSend,
  children,
}: {
  readonly onSend: (form: FormData) => void;
  readonly children: ReactNode;
}) {
  return (
    <form
      className={styles['fields']}
      onSubmit={(event) => {
        event.preventDefault();
        onSend(new FormData(event.currentTarget));
      }}
    >
      {children}
    </form>
  );
}

/** What else one may do, under the form. */
export function DoorFoot({ children }: { readonly children: ReactNode }) {
  return <div className={`${styles['foot']} small`}>{children}</div>;
}

/** A word between two ways of doing the same. */
export function Or() {
  return <div className={styles['or']}>or</div>;
}
