import { z } from 'zod';
import type { FactTable } from '../model/table.ts';
import { warehouseColumn } from '../model/tables.ts';
import { whole } from '../warehouse/values.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { quoteName } from './fact-file.ts';
import { identifierOf } from './identity.ts';
import { carriedColumns } from './row-plan.ts';
import { countOf, type Staging } from './staging.ts';

/** Keys that are looked at in one go: bounds memory at any size of file. */
const KEYS_AT_ONCE = 4_000_000;

/**
 * Finds the rows of a staged file that are no new facts, and names them in `rest`.
 *
 * Of rows with one key the first of the file counts; one that is known already stays. The same content again is a
 * duplicate, other content a conflict; `changed` is other content under a key of an earlier import.
 */
export async function findRest(
  warehouse: Warehouse,
  staging: Staging,
  known: string,
  receivedAt: string,
): Promise<void> {
  const [size] = await warehouse.rows(
    `SELECT count() AS rows, ${identifierCount(staging.table)} AS identified FROM ${staging.facts}`,
    z.object({ rows: whole, identified: whole }),
  );
  if (size === undefined || size.rows === 0) return;
  const buckets = 2 ** Math.ceil(Math.log2(Math.max(1, size.rows / KEYS_AT_ONCE)));
  // Without identifiers the time is part of the key, so that only facts of the same span need to be looked at.
  const span = size.identified === 0 && staging.table.name === 'events' ? await spanOf(warehouse, staging) : '1';
  const hasKnown = (await countOf(warehouse, `SELECT count() AS n FROM ${known} WHERE ${span}`)) > 0;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const inBucket = bucketOf('fact_key', bucket, buckets);
    await warehouse.command(
      `INSERT INTO ${staging.keys} SELECT fact_key, min(line), argMin(content, line), 0, 0
       FROM ${staging.facts} WHERE ${inBucket} GROUP BY fact_key HAVING count() > 1`,
    );
    if (!hasKnown) continue;
    await warehouse.command(
      `INSERT INTO ${staging.keys} SELECT fact_key, 0, any(content), 1, max(received_at < toDateTime64('${receivedAt}', 3, 'UTC'))
       FROM ${known} WHERE ${span} AND ${inBucket}
       AND fact_key IN (SELECT fact_key FROM ${staging.facts} WHERE ${inBucket}) GROUP BY fact_key`,
    );
  }
  if ((await countOf(warehouse, `SELECT count() AS n FROM ${staging.keys}`)) === 0) return;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const inBucket = bucketOf('fact_key', bucket, buckets);
    await warehouse.command(
      `INSERT INTO ${staging.rest}
       SELECT line, fact_key, multiIf(
         content = first_content, 'duplicate',
         is_earlier = 1 AND line = first_in_file, 'changed',
         is_earlier = 1 AND content = first_in_file_content, 'duplicate',
         'conflict')
       FROM (
         SELECT f.line AS line, f.fact_key AS fact_key, f.content AS content, k.is_known AS is_known, k.is_earlier AS is_earlier,
           k.first_content AS first_content, k.first_line AS first_line,
           if(k.first_in_file = 0, f.line, k.first_in_file) AS first_in_file, k.first_in_file_content AS first_in_file_content
         FROM ${staging.facts} AS f
         INNER JOIN (
           SELECT fact_key, max(q.is_known) AS is_known, max(q.is_earlier) AS is_earlier, min(q.first_line) AS first_line,
             argMax(q.content, q.is_known) AS first_content,
             max(q.first_line) AS first_in_file, argMin(q.content, q.is_known) AS first_in_file_content
           FROM ${staging.keys} AS q WHERE ${inBucket} GROUP BY fact_key
         ) AS k ON f.fact_key = k.fact_key
         WHERE ${bucketOf('f.fact_key', bucket, buckets)}
       )
       WHERE is_known = 1 OR line != first_line`,
    );
  }
}

/** Adds the rows of `facts` that are not in `rest` to the facts. */
export async function acceptNew(warehouse: Warehouse, staging: Staging, into: string): Promise<void> {
  const rest = await countOf(warehouse, `SELECT count() AS n FROM ${staging.rest}`);
  // Parts can only be given to the server at hand; on a cluster rows go through the table that divides them.
  if (rest === 0 && warehouse.cluster === null) {
    await attachAll(warehouse, staging, into);
    return;
  }
  if (rest === (await countOf(warehouse, `SELECT count() AS n FROM ${staging.facts}`))) return;
  const columns = factColumns(staging.table);
  const total = await countOf(warehouse, `SELECT max(line) + 1 AS n FROM ${staging.facts}`);
  for (let start = 0; start < total; start += KEYS_AT_ONCE) {
    const inReach = `line >= ${start} AND line < ${start + KEYS_AT_ONCE}`;
    await warehouse.command(
      `INSERT INTO ${into} (${columns}) SELECT ${columns} FROM ${staging.facts}
       WHERE ${inReach} AND line NOT IN (SELECT line FROM ${staging.rest} WHERE ${inReach})`,
    );
  }
}

/** SQL: a share of all keys. Keys are hashes, so that their last bits divide them evenly. */
function bucketOf(key: string, bucket: number, buckets: number): string {
  return buckets === 1 ? '1' : `bitAnd(toUInt64(${key}), ${buckets - 1}) = ${bucket}`;
}

/** Columns of a fact table as SQL, in order. */
export function factColumns(table: FactTable): string {
  return [...table.columns.map(warehouseColumn), ...carriedColumns(table)].map(quoteName).join(', ');
}

/** Parts are moved as they are: nothing is read, sorted or written again. */
async function attachAll(warehouse: Warehouse, staging: Staging, into: string): Promise<void> {
  const partitions = await warehouse.rows(
    `SELECT DISTINCT partition_id AS id FROM system.parts WHERE database = currentDatabase() AND table = {table:String} AND active ORDER BY id`,
    z.object({ id: z.string() }),
    { parameters: { table: staging.facts } },
  );
  for (const { id } of partitions) {
    await warehouse.command(`ALTER TABLE ${into} ATTACH PARTITION ID '${id}' FROM ${staging.facts}`);
  }
}

function identifierCount(table: FactTable): string {
  const identifier = identifierOf(table);
  return identifier === null ? '0' : `countIf(${identifier} != '')`;
}

async function spanOf(warehouse: Warehouse, staging: Staging): Promise<string> {
  const [row] = await warehouse.rows(
    `SELECT toString(min(time)) AS first, toString(max(time)) AS last FROM ${staging.facts}`,
    z.object({ first: z.string(), last: z.string() }),
  );
  if (row === undefined) return '1';
  return `time >= toDateTime64('${row.first}', 3, 'UTC') AND time <= toDateTime64('${row.last}', 3, 'UTC')`;
}
