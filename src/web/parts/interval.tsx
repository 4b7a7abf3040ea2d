import { intervalText, shareText } from '../format.ts';
import styles from './interval.module.css';
import { Unknown } from './unknown.tsx';

/** An estimated share with its interval: drawn as a line with a dot on a scale from 0 to 100%, and written. */
export function Interval({
  estimate,
  interval,
  why,
}: {
  readonly estimate: number | null;
  readonly interval: readonly number[] | null;
  /** Why there is none. */
  readonly why: string;
}) {
  if (estimate === null) return <Unknown why={why} />;
  const [low = estimate, high = estimate] = interval ?? [];
  const at = (share: number): string => `${100 * Math.min(1, Math.max(0, share))}%`;
  return (
    <span className={styles['interval']}>
      <span aria-hidden className={styles['scale']}>
        <span className={styles['line']} style={{ left: at(low), right: `calc(100% - ${at(high)})` }} />
        <span className={styles['dot']} style={{ left: at(estimate) }} />
      </span>
      <span className="number">{shareText(estimate)}</span>
      {interval !== null && <span className="small muted">{intervalText([low, high])}</span>}
    </span>
  );
}
