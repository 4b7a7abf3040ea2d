import { IconAlertTriangle } from '@tabler/icons-react';
import { Refusal } from '../ask.ts';

/** What could not be done, and what to do next; nothing where nothing went wrong. */
export function RefusalNote({ error }: { readonly error: Error | null }) {
  if (error === null) return null;
  const next = error instanceof Refusal ? error.next : 'Try again; nothing was changed.';
  return (
    <div
      role="alert"
      style={{
        display: 'grid',
        gridTemplateColumns: '20px minmax(0, 1fr)',
        gap: 'var(--bw-space-2)',
        padding: 'var(--bw-space-3)',
        borderRadius: 6,
        background: 'var(--bw-bad-soft)',
        color: 'var(--bw-bad)',
      }}
    >
      <IconAlertTriangle size={18} aria-hidden />
      <div>
        <p style={{ fontWeight: 500 }}>{error.message}</p>
        {next !== '' && !error.message.includes(next) && <p>{next}</p>}
      </div>
    </div>
  );
}
