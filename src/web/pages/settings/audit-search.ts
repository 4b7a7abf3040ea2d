import { textOf } from '../../address.ts';

const FIELDS = ['who', 'action', 'subject', 'outcome', 'from', 'to'] as const;

/** What the address of the audit log says; days are whole days in UTC. */
export type AuditSearch = { readonly [name in (typeof FIELDS)[number]]?: string };

/** Reads the address; what it does not know is left out. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const given = FIELDS.flatMap((name) => {
    const text = textOf(search, name);
    const isDay = name !== 'from' && name !== 'to';
    return text === undefined || !(isDay || /^\d{4}-\d\d-\d\d$/.test(text)) ? [] : [[name, text] as const];
  });
  return Object.fromEntries(given);
}
