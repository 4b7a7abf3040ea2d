import { z } from 'zod';
import { FACT_TABLES } from '../model/tables.ts';
import type { Engines } from './engines.ts';

/** The last fact that came in by one source of a table: when it was received, and when it happened. ISO text. */
export interface LastArrival {
  readonly table: string;
  readonly source: string;
  readonly receivedAt: string;
  /** Null where the facts of the table have no instant. */
  readonly happenedAt: string | null;
}

const rowSchema = z.object({
  fact_table: z.string(),
  source: z.string(),
  received: z.coerce.number(),
  happened: z.coerce.number().nullable(),
});

/** The last arrival of every input that has ever come in, by table and source (X09). Reads two columns of every fact. */
export async function lastArrivals({ warehouse }: Pick<Engines, 'warehouse'>): Promise<readonly LastArrival[]> {
  const parts = FACT_TABLES.map(({ name, instant, columns }) => {
    const source = columns.some((column) => column.name === 'source') ? 'origin' : 'source';
    const happened = instant === null ? 'NULL' : `nullIf(max(toUnixTimestamp64Milli(f.\`${instant}\`)), 0)`;
    return `SELECT '${name}' AS fact_table, toString(f.${source}) AS source, max(toUnixTimestamp64Milli(f.received_at)) AS received,
      CAST(${happened}, 'Nullable(Int64)') AS happened FROM ${warehouse.database}.${name} AS f GROUP BY f.${source}`;
  });
  const rows = await warehouse.rows(
    `SELECT * FROM (${parts.join(' UNION ALL ')}) ORDER BY fact_table, source`,
    rowSchema,
  );
  return rows.map(({ fact_table, source, received, happened }) => ({
    table: fact_table,
    source,
    receivedAt: new Date(received).toISOString(),
    happenedAt: happened === null ? null : new Date(happened).toISOString(),
  }));
}
