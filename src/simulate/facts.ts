import type { FactTableName } from '../model/table.ts';

/** A generated fact: columns of the input contract; instants and days are dates, what is unknown is null. */
export type Fact = Readonly<Record<string, unknown>>;

/** A generated event. `properties` objects are shared between events. */
export interface EventFact extends Fact {
  readonly message_id: string;
  readonly event: string;
  readonly time: Date;
  readonly user_id: string | null;
  readonly account_id: string | null;
  readonly properties: Readonly<Record<string, string>>;
}

/** Some rows of one table. Late rows arrive in a later delivery than the others; their own times stay true. */
export interface Batch {
  readonly table: FactTableName;
  readonly rows: readonly Fact[];
  readonly isLate: boolean;
}

/** Collects the rows of one account by table, and hands them over. */
export class FactCollector {
  readonly #rows = new Map<FactTableName, Fact[]>();

  add(table: FactTableName, row: Fact): void {
    const rows = this.#rows.get(table);
    if (rows === undefined) this.#rows.set(table, [row]);
    else rows.push(row);
  }

  rowsOf(table: FactTableName): readonly Fact[] {
    return this.#rows.get(table) ?? [];
  }

  *batches(): Generator<Batch> {
    for (const [table, rows] of this.#rows) yield { table, rows, isLate: false };
  }
}
