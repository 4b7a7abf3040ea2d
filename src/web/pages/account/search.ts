import { textOf } from '../../address.ts';

/** Reads the address: the day that is looked back to. */
export function readAccountSearch(search: Record<string, unknown>): { readonly on?: string } {
  const on = textOf(search, 'on');
  return on !== undefined && /^\d{4}-\d\d-\d\d$/.test(on) ? { on } : {};
}
