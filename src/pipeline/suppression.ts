import { z } from 'zod';
import { NOBODY, type SuppressionList } from '../ingest/suppression.ts';
import type { Ledger, Queryable } from '../ledger/ledger.ts';

/**
 * Who must not come back, as the ledger has it now. Makes the key of the hashes where there is none yet: before the first
 * erasure, so that a backup from before it has the same key.
 */
export async function readSuppressions(ledger: Queryable): Promise<SuppressionList> {
  await ledger.command(
    `INSERT INTO erasure_key (key) SELECT encode(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'hex')
    ON CONFLICT DO NOTHING`,
  );
  const keys = await ledger.query('SELECT key FROM erasure_key', [], z.object({ key: z.string() }));
  const rows = await ledger.query(
    'SELECT hash, kind FROM suppressions WHERE lifted_at IS NULL',
    [],
    z.object({ hash: z.string(), kind: z.enum(['user', 'value', 'fact']) }),
  );
  const of = (wanted: string): ReadonlySet<string> =>
    new Set(rows.flatMap(({ hash, kind }) => (kind === wanted ? [hash] : [])));
  return { key: keys[0]?.key ?? '', users: of('user'), values: of('value'), facts: of('fact') };
}

/** The list as a process that takes calls keeps it; looked at again every few seconds. */
export class SuppressionKeeper {
  readonly #ledger: Ledger;
  #current: SuppressionList = NOBODY;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  get current(): SuppressionList {
    return this.#current;
  }

  /** Reads the list as it is now. */
  async look(): Promise<SuppressionList> {
    this.#current = await readSuppressions(this.#ledger);
    return this.#current;
  }
}
