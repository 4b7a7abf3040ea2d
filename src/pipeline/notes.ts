import { z } from 'zod';
import { instant } from '../warehouse/values.ts';
import type { Engines } from './engines.ts';

/** What a person wrote down of an account. */
export interface Note {
  readonly accountId: string;
  /** ISO text. */
  readonly time: string;
  readonly author: string;
  /** `call`, `handover`, `pulse`, or whatever a file said. */
  readonly kind: string;
  readonly text: string;
}

const MOST = 1_000;

/** Notes of an account, the latest first, at most a thousand. */
export async function listNotes(
  { warehouse }: Pick<Engines, 'warehouse'>,
  accountId: string,
): Promise<readonly Note[]> {
  const rows = await warehouse.rows(
    `SELECT account_id, n.time AS at, author, toString(kind) AS what, n.text AS words FROM ${warehouse.database}.notes AS n
    WHERE account_id = {account:String} ORDER BY at DESC, fact_key LIMIT ${MOST}`,
    z.object({ account_id: z.string(), at: instant, author: z.string(), what: z.string(), words: z.string() }),
    { parameters: { account: accountId } },
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    time: row.at.toISOString(),
    author: row.author,
    kind: row.what,
    text: row.words,
  }));
}
