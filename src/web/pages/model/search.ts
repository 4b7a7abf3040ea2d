import { textOf } from '../../address.ts';

/** What the address of the editor says. */
export interface ModelSearch {
  readonly tab?: 'history';
  /** A segment to begin at. */
  readonly segment?: string;
}

/** Reads the address; what it does not know is left out. */
export function readModelSearch(search: Record<string, unknown>): ModelSearch {
  const segment = textOf(search, 'segment');
  return {
    ...(textOf(search, 'tab') === 'history' ? { tab: 'history' as const } : {}),
    ...(segment === undefined ? {} : { segment }),
  };
}
