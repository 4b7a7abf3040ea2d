import { dayText, instantText } from '../format.ts';

/** A day, with the instant on hover. */
export function Day({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={`${instantText(at)} UTC`} style={{ whiteSpace: 'nowrap' }}>
      {dayText(at)}
    </time>
  );
}
