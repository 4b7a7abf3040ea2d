import { z } from 'zod';
import { FACT_TABLES } from '../model/tables.ts';
import type { Engines } from './engines.ts';

/** The last arrival of one source of one table. Instants are ISO text. */
export interface LastArrival {
  readonly table: string;
  readonly source: string;
  readonly receivedAt: string;
  /** When the latest fact of it happened; null: its facts have no instant. */
  readonly happenedAt: string | null;
}

const rowSchema = z.object({
  table: z.string(),
  source: z.string(),
  received_ms: z.coerce.number(),
  happened_ms: z.coerce.number().nullable(),
});

/** How many rows are held of each source of each table. */
export async function heldRows({
  warehouse,
}: Pick<Engines, 'warehouse'>): Promise<
  readonly { readonly table: string; readonly source: string; readonly rows: number }[]
> {
  const parts = FACT_TABLES.map(({ name, columns }) => {
    const origin = columns.some((column) => column.name === 'source') ? 'origin' : 'source';
    return `SELECT '${name}' AS table, toString(f.${origin}) AS source, count() AS held FROM ${warehouse.database}.${name} AS f GROUP BY source`;
  });
  const rows = await warehouse.rows(
    parts.join(' UNION ALL '),
    z.object({ table: z.string(), source: z.string(), held: z.coerce.number() }),
  );
  return rows.map(({ held, ...row }) => ({ ...row, rows: held }));
}

/** When each input was last heard of, by table and source (X09); what never gave a row is not listed. */
export async function lastArrivals({ warehouse }: Pick<Engines, 'warehouse'>): Promise<readonly LastArrival[]> {
  const parts = FACT_TABLES.map(({ name, instant, columns }) => {
    const origin = columns.some((column) => column.name === 'source') ? 'origin' : 'source';
    const happened =
      instant === null ? 'CAST(NULL AS Nullable(Int64))' : `toNullable(toUnixTimestamp64Milli(max(f.\`${instant}\`)))`;
    return `SELECT '${name}' AS table, toString(f.${origin}) AS source, toUnixTimestamp64Milli(max(f.received_at)) AS received_ms, ${happened} AS happened_ms
      FROM ${warehouse.database}.${name} AS f GROUP BY source`;
  });
  const rows = await warehouse.rows(`SELECT * FROM (${parts.join(' UNION ALL ')}) ORDER BY table, source`, rowSchema);
  return rows.map((row) => ({
    table: row.table,
    source: row.source,
    receivedAt: new Date(row.received_ms).toISOString(),
    happenedAt: row.happened_ms === null ? null : new Date(row.happened_ms).toISOString(),
  }));
}
