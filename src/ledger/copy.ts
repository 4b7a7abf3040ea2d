import { z } from 'zod';
import type { Ledger, Queryable } from './ledger.ts';

/** Tables that say what the schema is, who works at this moment, or where copies are. */
const LEFT_OUT: readonly string[] = ['ddl_steps', 'roles_held', 'backups'];
const ROWS_AT_ONCE = 2_000;

const referenceSchema = z.object({ name: z.string(), needs: z.array(z.string()) });

/** Every table that must be kept, those first that others refer to: all but the schema's own, so that none can be forgotten. */
export async function keptTables(ledger: Queryable): Promise<readonly string[]> {
  const rows = await ledger.query(
    `SELECT c.relname::text AS name, coalesce(array_agg(DISTINCT r.relname::text) FILTER (WHERE r.relname IS NOT NULL AND r.oid <> c.oid), '{}') AS needs
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
    LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' LEFT JOIN pg_class r ON r.oid = k.confrelid
    WHERE c.relkind = 'r' GROUP BY c.oid, c.relname ORDER BY c.relname`,
    [],
    referenceSchema,
  );
  const left = rows.filter(({ name }) => !LEFT_OUT.includes(name));
  const ordered: string[] = [];
  while (ordered.length < left.length) {
    const next = left.find(
      ({ name, needs }) => !ordered.includes(name) && needs.every((need) => ordered.includes(need)),
    );
    if (next === undefined) throw new Error('tables of the ledger refer to each other in a circle');
    ordered.push(next.name);
  }
  return ordered;
}

const lineSchema = z.object({ line: z.string() });

/** Everything in the ledger as of one moment: each table's rows as lines of JSON, a block at a time. */
export async function copyOut(
  ledger: Ledger,
  write: (table: string, lines: readonly string[]) => Promise<void>,
): Promise<void> {
  await ledger.transaction(async (transaction) => {
    await transaction.command('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    for (const table of await keptTables(transaction)) {
      await transaction.command(`DECLARE kept CURSOR FOR SELECT to_jsonb(t)::text AS line FROM ${table} AS t`);
      for (;;) {
        const rows = await transaction.query(`FETCH ${ROWS_AT_ONCE} FROM kept`, [], lineSchema);
        await write(
          table,
          rows.map(({ line }) => line),
        );
        if (rows.length < ROWS_AT_ONCE) break;
      }
      await transaction.command('CLOSE kept');
    }
  });
}

const serialSchema = z.object({ name: z.string(), sequence: z.string() });

/** Takes what `copyOut` gave, all or nothing, and goes on counting where it ended. */
export async function copyIn(
  ledger: Ledger,
  tables: readonly { readonly table: string; readonly lines: AsyncIterable<readonly string[]> }[],
): Promise<void> {
  await ledger.transaction(async (transaction) => {
    const known = await keptTables(transaction);
    const sorted = [...tables].sort((a, b) => known.indexOf(a.table) - known.indexOf(b.table));
    for (const { table, lines } of sorted) {
      if (!known.includes(table)) throw new Error(`the ledger has no table ${table}`);
      for await (const block of lines) {
        await transaction.command(
          `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
          [`[${block.join(',')}]`],
        );
      }
      const serials = await transaction.query(
        `SELECT attname::text AS name, pg_get_serial_sequence($1, attname) AS sequence FROM pg_attribute
        WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND pg_get_serial_sequence($1, attname) IS NOT NULL`,
        [table],
        serialSchema,
      );
      for (const { name, sequence } of serials) {
        await transaction.command(`SELECT setval($1, greatest((SELECT coalesce(max(${name}), 0) FROM ${table}), 1))`, [
          sequence,
        ]);
      }
    }
  });
}

/** Rows of a table. */
export async function countRows(ledger: Queryable, table: string): Promise<number> {
  const [row] = await ledger.query(`SELECT count(*) AS n FROM ${table}`, [], z.object({ n: z.coerce.number() }));
  return row?.n ?? 0;
}
