import { Button } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { Refusal } from '../ask.ts';
import styles from './shell.module.css';

/** What stands in place of everything when that could not be made. */
export function Fault(props: ErrorComponentProps) {
  return (
    <main className={styles['alone']}>
      <PageFault {...props} />
    </main>
  );
}

/** What a page says when it could not be made: what happened, and what to do next. The way to other pages stays beside it. */
export function PageFault({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    return router.invalidate();
  };
  return (
    <div className={styles['fault']} role="alert">
      <h1>
        {error instanceof Refusal ? (error.problem?.title ?? 'The server refused') : 'This page could not be shown'}
      </h1>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <p className="muted">{error instanceof Refusal ? error.next : 'Nothing you entered elsewhere is lost.'}</p>
      <Button onClick={() => void again()}>Try again</Button>
    </div>
  );
}
