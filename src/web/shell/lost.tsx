import { Link } from '@tanstack/react-router';
import styles from './shell.module.css';

/** What stands at an address that is no page. */
export function Lost() {
  return (
    <main className={styles['alone']}>
      <h1>There is no page here</h1>
      <p className="muted">The address may have been cut short when it was shared.</p>
      <p>
        <Link to="/">Go to the first page</Link>
      </p>
    </main>
  );
}
