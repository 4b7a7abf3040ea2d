import { z } from 'zod';
import { quote } from '../profile/plan.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** Rows added between two sweeps before those that are no longer the last of their account are left out. */
const MOST_ADDED = 20_000;

/**
 * The profiles that the live loop computed last, of every account, so that a question about now need not compute them again.
 *
 * A table in memory: a sweep makes it anew, and what is computed between sweeps is added. The table before is kept until
 * the next, since somebody may be reading it.
 */
export class Present {
  readonly #warehouse: Warehouse;
  readonly #name: string;
  #columns = '';
  #table: string | null = null;
  #before: string | null = null;
  #made = 0;
  #added = 0;

  constructor(warehouse: Warehouse, run: string) {
    this.#warehouse = warehouse;
    this.#name = `${warehouse.database}.scratch_${run}_present`;
  }

  /** SQL: the row of an account as of an instant, and nothing where none was computed for it; null before the first sweep. */
  rowAt(accountId: string, asOf: number): string | null {
    if (this.#table === null) return null;
    return `(SELECT * FROM ${this.#table} WHERE account_id = ${quote(accountId)} AND as_of = ${asOf} LIMIT 1)`;
  }

  /** Takes the profiles of a computation of all accounts in place of those before. `profiles`: a table, or a query in brackets. */
  async replace(profiles: string): Promise<void> {
    this.#made += 1;
    const next = `${this.#name}_${this.#made}`;
    await this.#drop(next);
    await this.#warehouse.command(`CREATE TABLE ${next} ENGINE = Memory AS SELECT * FROM ${profiles}`);
    const found = await this.#warehouse.rows(`DESCRIBE TABLE ${next}`, z.object({ name: z.string() }));
    const gone = this.#before;
    this.#columns = found.map(({ name }) => `\`${name}\``).join(', ');
    [this.#before, this.#table, this.#added] = [this.#table, next, 0];
    await this.#drop(gone);
  }

  /** Takes the profiles of so many accounts, computed of the same signals. */
  async add(profiles: string, accounts: number): Promise<void> {
    if (this.#table === null) return;
    await this.#warehouse.command(
      `INSERT INTO ${this.#table} (${this.#columns}) SELECT ${this.#columns} FROM ${profiles}`,
    );
    this.#added += accounts;
    if (this.#added < MOST_ADDED) return;
    await this.replace(`(SELECT * FROM ${this.#table} ORDER BY as_of DESC LIMIT 1 BY account_id)`);
  }

  /** Drops what is kept. */
  async drop(): Promise<void> {
    const tables = [this.#table, this.#before];
    [this.#table, this.#before] = [null, null];
    for (const table of tables) await this.#drop(table);
  }

  async #drop(table: string | null): Promise<void> {
    if (table !== null) await this.#warehouse.command(`DROP TABLE IF EXISTS ${table} SYNC`);
  }
}

/** A row of a profile: values by column name. */
export const profileRow = z.record(z.string(), z.unknown());
