import { Tooltip } from '@mantine/core';

/** A value that nobody knows: a dotted outline, and why on hover and on focus. Never a zero. */
export function Unknown({ why }: { readonly why: string }) {
  return (
    <Tooltip label={why} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <span
        tabIndex={0}
        className="small muted"
        style={{ border: '1px dotted var(--bw-muted)', borderRadius: 4, padding: '0 6px', cursor: 'help' }}
      >
        unknown
      </span>
    </Tooltip>
  );
}
