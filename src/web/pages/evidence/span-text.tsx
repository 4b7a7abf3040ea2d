import { Unknown } from '../../parts/unknown.tsx';
import type { Span } from './finding.ts';

/** An estimate and its interval, written: 0.41 (0.22 to 0.76); a dotted unknown where there is none. */
export function SpanText({
  estimate,
  interval,
  text,
  why,
}: {
  readonly estimate: number | null;
  readonly interval: Span | null;
  readonly text: (value: number) => string;
  readonly why: string;
}) {
  if (estimate === null) return <Unknown why={why} />;
  return (
    <span className="number">
      {text(estimate)}
      {interval !== null && (
        <span className="muted small">
          {' '}
          ({text(interval[0])} to {text(interval[1])})
        </span>
      )}
    </span>
  );
}
