import { z } from 'zod';
import type { Ledger } from '../ledger/ledger.ts';

/** A version of the model that a run has recorded under. */
export interface ModelVersion {
  readonly version: string;
  readonly note: string;
  readonly author: string;
  /** ISO text. */
  readonly publishedAt: string;
}

const rowSchema = z.object({
  version: z.string(),
  note: z.string(),
  author: z.string(),
  published_at: z.date(),
  text: z.string(),
});

/** Every version that was ever recorded, the latest first. */
export async function listVersions({ ledger }: { readonly ledger: Ledger }): Promise<readonly ModelVersion[]> {
  const rows = await ledger.query(
    `SELECT version, note, author, published_at, '' AS text FROM model_versions ORDER BY published_at DESC, version`,
    [],
    rowSchema,
  );
  return rows.map(({ text: _, published_at, ...row }) => ({ ...row, publishedAt: published_at.toISOString() }));
}

/** One version with its text; null: it was never recorded. */
export async function readVersion(
  { ledger }: { readonly ledger: Ledger },
  version: string,
): Promise<(ModelVersion & { readonly text: string }) | null> {
  const [row] = await ledger.query(
    'SELECT version, note, author, published_at, text FROM model_versions WHERE version = $1',
    [version],
    rowSchema,
  );
  if (row === undefined) return null;
  const { published_at, ...rest } = row;
  return { ...rest, publishedAt: published_at.toISOString() };
}
