import { z } from 'zod';
import type { Engines } from './engines.ts';
import type { Due, Occasion } from './schedule.ts';

const REVIEWS: ReadonlySet<Occasion> = new Set<Occasion>(['migration', 'model', 'interviews']);

/** The instant of the latest review that fell due, milliseconds; null: none ever did. */
export async function lastReview({ ledger }: Pick<Engines, 'ledger'>): Promise<number | null> {
  const [row] = await ledger.query(
    'SELECT max(opened_at) AS at FROM reviews',
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
