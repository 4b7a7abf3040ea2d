import { z } from 'zod';
import type { Ledger, Queryable } from '../ledger/ledger.ts';
import { Failure } from '../model/failure.ts';

/** A list as somebody likes to see it: what stands behind the `?` of its address, under a name of theirs. */
export interface View {
  readonly viewId: number;
  readonly page: string;
  readonly name: string;
  readonly search: string;
  /** ISO text. */
  readonly savedAt: string;
}

/** Views of one person. */
const MOST = 100;

const rowSchema = z.object({
  view_id: z.coerce.number(),
  page: z.string(),
  name: z.string(),
  search: z.string(),
  saved_at: z.coerce.date(),
});

const viewOf = ({ view_id: viewId, saved_at, ...row }: z.infer<typeof rowSchema>): View => ({
  ...{ viewId, ...row },
  savedAt: saved_at.toISOString(),
});

/** The views of a person, by page and name. */
export async function listViews(ledger: Queryable, operatorId: string): Promise<readonly View[]> {
  const rows = await ledger.query(
    'SELECT view_id, page, name, search, saved_at FROM saved_views WHERE operator_id = $1 ORDER BY page, lower(name), view_id',
    [operatorId],
    rowSchema,
  );
  return rows.map(viewOf);
}

/** Saves a view; one of the same page and name is replaced. Refuses `too-many-views` beyond a hundred. */
export async function saveView(
  ledger: Ledger,
  operatorId: string,
  { page, name, search, now }: Pick<View, 'page' | 'name' | 'search'> & { readonly now: Date },
): Promise<View> {
  return ledger.transaction(async (transaction) => {
    await transaction.command('DELETE FROM saved_views WHERE operator_id = $1 AND page = $2 AND name = $3', [
      ...[operatorId, page, name],
    ]);
    const [row] = await transaction.query(
      `INSERT INTO saved_views (operator_id, page, name, search, saved_at)
      SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM saved_views WHERE operator_id = $1) < ${MOST}
      RETURNING view_id, page, name, search, saved_at`,
      [operatorId, page, name, search, now],
      rowSchema,
    );
    if (row === undefined) {
      throw new Failure('too-many-views', `You have ${MOST} views. Remove one that you no longer use.`);
    }
    return viewOf(row);
  });
}

/** Removes a view of a person; refuses `unknown-view` where it is none of theirs. */
export async function removeView(ledger: Queryable, operatorId: string, viewId: number): Promise<void> {
  const removed = await ledger.command('DELETE FROM saved_views WHERE operator_id = $1 AND view_id = $2', [
    operatorId,
    viewId,
  ]);
  if (removed === 0) throw new Failure('unknown-view', 'There is no such view of yours; it may have been removed.');
}
