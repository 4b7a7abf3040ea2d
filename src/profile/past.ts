import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Coverage } from './coverage.ts';

/** Rows of signals measured at instants before an as-of, where a file ends before now. */
export interface PastRows {
  /** Tables with the columns of `signals_account` and `signals_user`. */
  readonly accounts: string;
  readonly users: string;
  readonly instants: ReadonlySet<number>;
  /** What the workspace covered when they were measured. */
  readonly covered: string;
}

/** Tables of a computation that past rows are taken from. */
export interface Measured {
  readonly accounts: string;
  readonly users: string;
  /** Instants other than the as-ofs at which something was measured. */
  readonly past: readonly number[];
  readonly covered: string;
}

/** What signals ask of the coverage besides how far it reaches, as a word: rows under another word are of no use. */
export function coveredWord(coverage: Coverage): string {
  const parts = [...coverage].map(([name, { isNamed, firstFact, firstUserFact, coversFrom, userCoversFrom }]) =>
    [name, isNamed, firstFact, firstUserFact, coversFrom, userCoversFrom].join(' '),
  );
  return parts.sort().join('; ');
}

/**
 * The past of a live loop: rows that the last computation of all accounts measured at instants before its as-of.
 *
 * A row says what was known before its instant, so it stays true until a fact before that instant comes, or its account
 * is declared anew: then `spoil` names the account, and its rows are measured again with it.
 */
export class Past {
  readonly #warehouse: Warehouse;
  readonly #prefix: string;
  #rows: PastRows | null = null;
  #spoiled = new Set<string>();

  constructor(warehouse: Warehouse, run: string) {
    this.#warehouse = warehouse;
    this.#prefix = `${warehouse.database}.scratch_${run}_past`;
  }

  /** The latest instant that is kept, in milliseconds; before any: minus infinity. */
  get latest(): number {
    return Math.max(Number.NEGATIVE_INFINITY, ...(this.#rows?.instants ?? []));
  }

  /** Says that the rows of some accounts may not be true any more. */
  spoil(accounts: Iterable<string>): void {
    for (const accountId of accounts) this.#spoiled.add(accountId);
  }

  /** The rows, where those of all these accounts are true. */
  rowsFor(accounts: readonly string[]): PastRows | null {
    return accounts.some((accountId) => this.#spoiled.has(accountId)) ? null : this.#rows;
  }

  /** Takes the rows of a computation of all accounts, in place of those before. */
  async replace({ accounts, users, past, covered }: Measured): Promise<void> {
    await this.drop();
    if (past.length === 0) return;
    const rows = { accounts: `${this.#prefix}_account`, users: `${this.#prefix}_user` };
    const among = `WHERE at IN (${past.join(', ')})`;
    await this.#warehouse.command(
      `CREATE TABLE ${rows.accounts} ENGINE = Memory AS SELECT * FROM ${accounts} ${among}`,
    );
    await this.#warehouse.command(`CREATE TABLE ${rows.users} ENGINE = Memory AS SELECT * FROM ${users} ${among}`);
    this.#rows = { ...rows, instants: new Set(past), covered };
    this.#spoiled.clear();
  }

  /** Takes the rows of some accounts from a computation of theirs at the same instants; otherwise they stay spoiled. */
  async renew(measured: Measured, only: string, accounts: readonly string[]): Promise<void> {
    const rows = this.#rows;
    if (rows === null || measured.covered !== rows.covered) return;
    if (measured.past.length !== rows.instants.size || measured.past.some((at) => !rows.instants.has(at))) return;
    const among = `account_id IN (SELECT account_id FROM ${only})`;
    for (const [kept, fresh] of [
      [rows.accounts, measured.accounts],
      [rows.users, measured.users],
    ]) {
      await this.#warehouse.command(`ALTER TABLE ${kept} DELETE WHERE ${among}`, { settings: { mutations_sync: 2 } });
      await this.#warehouse.command(
        `INSERT INTO ${kept} SELECT * FROM ${fresh} WHERE at IN (${measured.past.join(', ')}) AND ${among}`,
      );
    }
    for (const accountId of accounts) this.#spoiled.delete(accountId);
  }

  /** Drops what is kept. */
  async drop(): Promise<void> {
    this.#rows = null;
    this.#spoiled.clear();
    for (const side of ['account', 'user']) {
      await this.#warehouse.command(`DROP TABLE IF EXISTS ${this.#prefix}_${side} SYNC`);
    }
  }
}
