import type { ReactNode } from 'react';
import { instantText } from '../format.ts';
import { Term } from './term.tsx';

/** The head of a page: what it is, what it says in one line, and the instant of which all of it is true. */
export function PageHead({
  title,
  asOf,
  children,
}: {
  readonly title: string;
  readonly asOf: string | null;
  readonly children?: ReactNode;
}) {
  return (
    <header
      style={{
        display: 'flex',
        alignItems: 'baseline',
        flexWrap: 'wrap',
        gap: 'var(--bw-space-1) var(--bw-space-3)',
        marginBottom: 'var(--bw-space-4)',
      }}
    >
      <h1>{title}</h1>
      <span className="muted">{children}</span>
      {asOf !== null && (
        <span className="small muted" style={{ marginLeft: 'auto' }}>
          <Term word="as-of">as of</Term> {instantText(asOf)} UTC
        </span>
      )}
    </header>
  );
}
