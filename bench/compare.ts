import { z } from 'zod';
import type { OpenWarehouse } from '../src/warehouse/warehouse.ts';

/** Relative difference up to which two numbers are the same. */
const TOLERANCE = 1e-9;

/** Two tables, or queries in brackets, of which every row of one must be in the other. */
export interface Pair {
  readonly left: string;
  readonly right: string;
  /** Columns that name a row. */
  readonly key: readonly string[];
  /** Columns that need not be the same. */
  readonly except?: readonly string[];
}

/** How two tables differ: rows on one side only, and rows with another value, by column. Empty: they are equal. */
export type Differences = Readonly<Record<string, number>>;

const columnSchema = z.object({ name: z.string(), type: z.string() });
const countSchema = z.record(z.string(), z.coerce.number());

/** Compares two tables in the engine, numbers within a relative 1e-9. */
export async function differencesOf(warehouse: OpenWarehouse, pair: Pair): Promise<Differences> {
  const columns = (await warehouse.rows(`DESCRIBE (SELECT * FROM ${pair.left})`, columnSchema)).filter(
    ({ name }) => !pair.key.includes(name) && !(pair.except ?? []).includes(name),
  );
  const key = pair.key.map((name) => `\`${name}\``).join(', ');
  const side = (from: string, own: string) =>
    `SELECT ${key}, 1 AS in_${own}, ${columns.map(({ name }) => `\`${name}\` AS \`${own}_${name}\``).join(', ')} FROM ${from}`;
  const both = 'ifNull(in_l, 0) = 1 AND ifNull(in_r, 0) = 1';
  const counts = columns.map(({ name, type }) => `countIf(${both} AND ${differ(name, type)}) AS \`${name}\``);
  const [row] = await warehouse.rows(
    `SELECT countIf(NOT (${both})) AS rows_on_one_side, ${counts.join(', ')}
    FROM (${side(pair.left, 'l')}) AS l FULL JOIN (${side(pair.right, 'r')}) AS r USING (${key})`,
    countSchema,
  );
  return Object.fromEntries(Object.entries(row ?? {}).filter(([, count]) => count > 0));
}

function differ(name: string, type: string): string {
  const [l, r] = [`\`l_${name}\``, `\`r_${name}\``];
  if (!/Float/.test(type) || /Array|Map|Tuple/.test(type)) return `NOT (${l} <=> ${r})`;
  const isFar = `abs(${l} - ${r}) > ${TOLERANCE} * greatest(abs(${l}), abs(${r}))`;
  return `(isNull(${l}) != isNull(${r}) OR ifNull(${isFar}, 0))`;
}

/** Throws with what differs, so that nothing is timed that is not equal. */
export async function mustEqual(warehouse: OpenWarehouse, what: string, pair: Pair): Promise<void> {
  const differences = await differencesOf(warehouse, pair);
  if (Object.keys(differences).length > 0) throw new Error(`${what} differ: ${JSON.stringify(differences)}`);
}
