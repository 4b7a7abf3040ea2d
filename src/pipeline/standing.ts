import { statfs } from 'node:fs/promises';
import { z } from 'zod';
import { whole } from '../warehouse/values.ts';
import type { Engines } from './engines.ts';

/** How the engines stand at this moment; null: not known, since the engine does not answer. */
export interface Standing {
  readonly warehouse: boolean;
  readonly ledger: boolean;
  /** Rows that arrived and are no facts yet. */
  readonly unsettled: number | null;
  /** Parts on disk of the table that has the most; it grows where the engine cannot merge as fast as it is written to. */
  readonly parts: number | null;
  readonly holds: number | null;
  /** Whether some process computes. */
  readonly hasSweeper: boolean | null;
  /** Bytes free where the embedded engines write; null: they are servers, or no folder was told. */
  readonly freeBytes: number | null;
}

const LOOK_SECONDS = 5;
const warehouseSchema = z.object({ n: whole, parts: whole });

/** Asks both engines how they stand. An engine that does not answer within seconds is one that does not answer. */
export async function readStanding(
  { warehouse, ledger }: Pick<Engines, 'warehouse' | 'ledger'>,
  folder: string | null,
  pause: (milliseconds: number) => Promise<void>,
): Promise<Standing> {
  const late = <T>(work: Promise<T>): Promise<T | null> =>
    Promise.race([work.catch(() => null), pause(LOOK_SECONDS * 1_000).then(() => null)]);
  const waiting = warehouse.rows(
    `SELECT count() AS n, (SELECT max(parts) FROM
      (SELECT count() AS parts FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table)) AS parts
    FROM arrivals WHERE (slot, batch) NOT IN (SELECT slot, batch FROM settled_batches)`,
    warehouseSchema,
    { timeLimitSeconds: LOOK_SECONDS },
  );
  const held = ledger.query(
    `SELECT (SELECT count(*) FROM holds WHERE status = 'open')::int AS n,
      EXISTS (SELECT 1 FROM roles_held WHERE role = 'sweeper' AND until > clock_timestamp()) AS has_sweeper`,
    [],
    z.object({ n: z.number(), has_sweeper: z.boolean() }),
  );
  const disk = folder === null ? Promise.resolve(null) : statfs(folder).then(({ bavail, bsize }) => bavail * bsize);
  const [arrivals, ledgered, freeBytes] = await Promise.all([late(waiting), late(held), late(disk)]);
  return {
    warehouse: arrivals !== null,
    ledger: ledgered !== null,
    unsettled: arrivals?.[0]?.n ?? null,
    parts: arrivals?.[0]?.parts ?? null,
    holds: ledgered?.[0]?.n ?? null,
    hasSweeper: ledgered?.[0]?.has_sweeper ?? null,
    freeBytes,
  };
}
