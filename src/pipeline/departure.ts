import { z } from 'zod';
import type { Move, Record as Recorded } from '../segment/move.ts';
import type { Engines } from './engines.ts';

/** Accounts with a recorded segment that the facts list no more: merged into another, excluded, or never to have been. */
export function goneSince(before: ReadonlyMap<string, Recorded>, listed: ReadonlySet<string>): readonly Recorded[] {
  return [...before.values()].filter(({ accountId, segment }) => segment !== null && !listed.has(accountId));
}

const linkedSchema = z.object({ account_id: z.string() });

/** The moves of accounts that are gone: out of their segment, by merger, by an edit of the model, or by late data. */
export async function leaving(
  { model, warehouse }: Engines,
  gone: readonly Recorded[],
  asOf: number,
  last: { readonly version: string } | null,
): Promise<readonly Move[]> {
  if (gone.length === 0) return [];
  const linked = await warehouse.rows(
    `SELECT DISTINCT account_id FROM ${warehouse.database}.account_links AS l WHERE kind != 'split' AND toUnixTimestamp64Milli(l.at) < ${asOf}`,
    linkedSchema,
  );
  const merged = new Set(linked.map((row) => row.account_id));
  const otherwise = last !== null && last.version !== model.version ? 'model edit' : 'late data';
  return gone.map(({ accountId, segment }) => {
    const cause = merged.has(accountId) ? 'merger' : otherwise;
    return { accountId, at: asOf, from: segment, to: null, home: null, cause };
  });
}
