import { z } from 'zod';
import type { Engines } from './engines.ts';

const schema = z.object({ published_at: z.date() });

/** When the present version of the model was first recorded by a run, milliseconds; null: never. */
export async function publishedAt({ ledger, model }: Engines): Promise<number | null> {
  const sql = 'SELECT published_at FROM model_versions WHERE version = $1';
  const [row] = await ledger.query(sql, [model.version], schema);
  return row?.published_at.getTime() ?? null;
}
