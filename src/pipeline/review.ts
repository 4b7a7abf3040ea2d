import { z } from 'zod';
import type { Engines } from './engines.ts';
import type { Due, Occasion } from './schedule.ts';

const REVIEWS: ReadonlySet<Occasion> = new Set<Occasion>(['migration', 'model', 'interviews']);

/**
 * The instant up to which reviews were opened, milliseconds: of the latest of them, or, before the first, when a run was
 * recorded last; null: this workspace has recorded nothing yet.
 */
export async function lastReview({ ledger }: Pick<Engines, 'ledger'>): Promise<number | null> {
  const [row] = await ledger.query(
    'SELECT coalesce((SELECT max(opened_at) FROM reviews), (SELECT max(finished_at) FROM runs)) AS at',
    [],
    z.object({ at: z.date().nullable() }),
  );
  return row?.at?.getTime() ?? null;
}

/** Opens the reviews that fell due: of migration monthly, of the model quarterly, by interviews yearly (D5). */
export async function openReviews({ ledger }: Pick<Engines, 'ledger'>, due: readonly Due[], now: Date): Promise<void> {
  for (const { occasion, at } of due.filter((each) => REVIEWS.has(each.occasion))) {
    await ledger.command(
      'INSERT INTO reviews (kind, due_on, opened_at) VALUES ($1, $2, $3) ON CONFLICT (kind, due_on) DO NOTHING',
      [occasion, new Date(at).toISOString().slice(0, 10), now],
    );
  }
}
