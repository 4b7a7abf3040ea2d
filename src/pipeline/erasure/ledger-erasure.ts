import { z } from 'zod';
import type { Ledger, Queryable } from '../../ledger/ledger.ts';
import { LEDGER_RECORDS } from './ledger-register.ts';
import type { Person } from './person.ts';
import { columnsOf, type TableRecord } from './treatment.ts';
import { type Remaining, reasonOf, type TableCount, wordPattern } from './warehouse-erasure.ts';

const BOUNDARY = '[:alnum:]_';
const countSchema = z.object({ n: z.coerce.number() });

/** Their words as the ledger's dialect has them; null: none that a text would not hold by accident, or none to look for here. */
function patternOf({ words, isElsewhere }: Person): string | null {
  return words.length === 0 || isElsewhere ? null : wordPattern(words, BOUNDARY);
}

function mendedColumns(record: TableRecord): readonly string[] {
  return columnsOf(record, 'words', 'json');
}

const holds = (names: readonly string[]): string => names.map((name) => `"${name}"::text ~* $1`).join(' OR ');

/** What an erasure would mend in every table of the ledger. */
export async function countInLedger(ledger: Queryable, person: Person): Promise<readonly TableCount[]> {
  const pattern = patternOf(person);
  if (pattern === null) return [];
  const parts = LEDGER_RECORDS.flatMap((record) => {
    const names = mendedColumns(record);
    return names.length === 0
      ? []
      : [`SELECT '${record.table}' AS table, count(*) AS n FROM "${record.table}" WHERE ${holds(names)}`];
  });
  const rows = await ledger.query(parts.join(' UNION ALL '), [pattern], countSchema.extend({ table: z.string() }));
  return rows.map(({ table, n }) => ({ engine: 'ledger', table, removed: 0, mended: n }));
}

/** Takes a person's words out of every table of the ledger; recorded history keeps its rows and loses the words. */
export async function eraseInLedger(
  ledger: Ledger,
  person: Person,
  onTable: (count: TableCount) => Promise<void>,
): Promise<void> {
  const pattern = patternOf(person);
  if (pattern === null) return;
  for (const count of await countInLedger(ledger, person)) {
    const record = LEDGER_RECORDS.find(({ table }) => table === count.table);
    if (record === undefined || count.mended === 0) continue;
    await onTable(count);
    const once = (sql: string): string => `regexp_replace(${sql}, $1, '\\1[erased]\\3', 'gi')`;
    const set = mendedColumns(record).map((name) => {
      const text = once(once(`"${name}"::text`));
      return `"${name}" = ${record.columns[name] === 'json' ? `(${text})::jsonb` : text}`;
    });
    await ledger.transaction(async (transaction) => {
      await transaction.command(`SET LOCAL bellwether.erasing = 'on'`);
      await transaction.command(
        `UPDATE "${record.table}" SET ${set.join(', ')} WHERE ${holds(mendedColumns(record))}`,
        [pattern],
      );
    });
    // The server keeps what a row was until its table is written anew.
    await ledger.command(`VACUUM FULL "${record.table}"`);
  }
}

/** Looks for words of a person in every column of every table of the ledger, whatever its treatment. */
export async function searchLedger(ledger: Queryable, person: Person): Promise<readonly Remaining[]> {
  if (person.words.length === 0) return [];
  const pattern = wordPattern(person.words, BOUNDARY);
  const found: Remaining[] = [];
  for (const record of LEDGER_RECORDS) {
    for (const column of Object.keys(record.columns)) {
      if (columnsOf(record, 'measure', 'hash').includes(column)) continue;
      const [row] = await ledger.query(
        `SELECT count(*) AS n FROM "${record.table}" WHERE "${column}"::text ~* $1`,
        [pattern],
        countSchema,
      );
      const rows = row?.n ?? 0;
      if (rows === 0) continue;
      found.push({ engine: 'ledger', table: record.table, column, rows, because: reasonOf(record, column, person) });
    }
  }
  return found;
}
