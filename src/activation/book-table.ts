import { z } from 'zod';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { BookEntry } from './answer.ts';

/** A row of the table `book`: an entry, or null where the account is gone. */
export interface WrittenEntry {
  readonly accountId: string;
  readonly seq: number;
  readonly entry: BookEntry | null;
}

/** Writes entries, and that accounts are gone, under one number. */
export async function writeEntries(
  warehouse: Warehouse,
  rows: readonly { readonly accountId: string; readonly entry: BookEntry | null }[],
  stamp: { readonly seq: number; readonly version: string; readonly now: Date },
): Promise<void> {
  await warehouse.insertRows(
    'book',
    rows.map(({ accountId, entry }) => ({
      account_id: accountId,
      seq: stamp.seq,
      model_version: stamp.version,
      entry: entry === null ? '' : JSON.stringify(entry),
      written_at: stamp.now.toISOString(),
    })),
  );
}

const rowSchema = z.object({ account_id: z.string(), last_seq: z.coerce.number(), last_entry: z.string() });

/** Entries written after a number under a version of the model, the latest of each account, in blocks. */
export async function* readBook(
  warehouse: Warehouse,
  version: string,
  after: number,
): AsyncGenerator<readonly WrittenEntry[]> {
  const sql = `SELECT account_id, max(seq) AS last_seq, argMax(entry, seq) AS last_entry FROM ${warehouse.database}.book
    WHERE seq > ${after} AND model_version = {version:String} GROUP BY account_id ORDER BY last_seq`;
  for await (const block of warehouse.stream(sql, rowSchema, { parameters: { version } })) {
    yield block.map(({ account_id, last_seq, last_entry }) => ({
      accountId: account_id,
      seq: last_seq,
      // Written by this same code, and by nobody else.
      entry: last_entry === '' ? null : (JSON.parse(last_entry) as BookEntry),
    }));
  }
}
