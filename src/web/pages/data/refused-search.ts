import { textOf } from '../../address.ts';

/** What the address of the refused rows says. */
export interface RefusedSearch {
  /** Only rows of one table. */
  readonly table?: string;
}

/** Reads the address; what it does not know is left out. */
export function readRefusedSearch(search: Record<string, unknown>): RefusedSearch {
  const table = textOf(search, 'table');
  return table === undefined ? {} : { table };
}
