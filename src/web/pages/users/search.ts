import { textOf } from '../../address.ts';

const NAMES = ['search', 'tier', 'stalledStep', 'notUsing', 'using', 'segment', 'usesAny', 'account'] as const;

/** What the address of the page says. */
export type UsersSearch = { readonly [name in (typeof NAMES)[number]]?: string };

/** Reads the address; what it does not know is left out. */
export function readUsersSearch(search: Record<string, unknown>): UsersSearch {
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const text = textOf(search, name);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}
