import { millis } from './instants.ts';
import { byCodePoint, given } from './numbers.ts';
import type { AccountLinkRow, IdentityRow } from './rows.ts';

interface Link {
  readonly from: string;
  readonly into: string;
  readonly at: number;
}

/** Follows the links made before `at`; of several from one identifier the latest counts, ties go to the smaller. */
function follow(links: readonly Link[], at: number, start: string): string {
  let current = start;
  const seen = new Set([start]);
  for (;;) {
    const next = links
      .filter((link) => link.at < at && link.from === current)
      .sort((a, b) => b.at - a.at || byCodePoint(a.into, b.into))[0];
    if (next === undefined || seen.has(next.into)) return current;
    seen.add(next.into);
    current = next.into;
  }
}

/** Who a user identifier stands for as of `at`: aliases and anonymous identifiers are followed from the link on. */
export function resolveUser(identities: readonly IdentityRow[], at: number): (id: string | null) => string | null {
  const links = identities.flatMap((row) =>
    [given(row.anonymous_id), given(row.previous_id)]
      .filter((id) => id !== null)
      .map((from) => ({ from, into: row.user_id, at: millis(row.time) })),
  );
  const known = new Map<string, string>();
  return (id) => {
    const named = given(id);
    if (named === null) return null;
    if (!known.has(named)) known.set(named, follow(links, at, named));
    return known.get(named) ?? named;
  };
}

/** Which account carries on the one named, as of `at`: renames and merges are followed, splits are not. */
export function resolveAccount(rows: readonly AccountLinkRow[], at: number): (id: string | null) => string | null {
  const links = rows
    .filter((row) => row.kind !== 'split')
    .map((row) => ({ from: row.account_id, into: row.into_account_id, at: millis(row.at) }));
  const known = new Map<string, string>();
  return (id) => {
    const named = given(id);
    if (named === null) return null;
    if (!known.has(named)) known.set(named, follow(links, at, named));
    return known.get(named) ?? named;
  };
}
