import { z } from 'zod';
import type { NullReason } from '../model/signal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** How often each value of a signal occurs. Grain: signal. */
export interface Tally {
  /** Everybody who was asked about: known and unknown together. */
  readonly of: number;
  /** Of numbers, ascending; of texts null. */
  readonly numbers: readonly (readonly [value: number, count: number])[] | null;
  /** Of texts, the most frequent first; of numbers null. */
  readonly texts: readonly (readonly [value: string, count: number])[] | null;
  /** Why values are unknown, with how many are. */
  readonly unknown: Readonly<Record<NullReason, number>>;
}

/** A column of a profile that is tallied. */
export interface Tallied {
  readonly name: string;
  readonly type: 'number' | 'text';
  /** Column with the code of its null reason; null: it has none, and null is missing. */
  readonly reason: string | null;
}

const REASONS: readonly NullReason[] = ['missing', 'not_yet', 'none'];
const rowSchema = z.object({
  place: z.coerce.number(),
  number: z.number().nullable(),
  text: z.string().nullable(),
  code: z.coerce.number(),
  n: z.coerce.number(),
});

type Row = z.infer<typeof rowSchema>;

/** Counts every value of some columns of a table, in one passage; `where` says of which rows. */
export async function readTallies(
  warehouse: Pick<Warehouse, 'rows'>,
  { table, where }: { readonly table: string; readonly where: string },
  columns: readonly Tallied[],
): Promise<ReadonlyMap<string, Tally>> {
  if (columns.length === 0) return new Map();
  const cells = columns.map(({ name, type, reason }, place) => {
    const number = type === 'number' ? `toFloat64(${name})` : `CAST(NULL, 'Nullable(Float64)')`;
    const text = type === 'text' ? `toString(${name})` : `CAST(NULL, 'Nullable(String)')`;
    const code = reason === null ? `toUInt8(isNull(${name}))` : `toUInt8(${reason})`;
    return `tuple(toUInt16(${place}), ${number}, ${text}, ${code})`;
  });
  const rows = await warehouse.rows(
    `SELECT t.1 AS place, t.2 AS number, t.3 AS text, t.4 AS code, count() AS n
      FROM (SELECT arrayJoin([${cells.join(', ')}]) AS t FROM ${table} WHERE ${where})
      GROUP BY place, number, text, code ORDER BY place, number, n DESC, text`,
    rowSchema,
    { settings: { max_query_size: 64_000_000 } },
  );
  const byPlace = new Map<number, Row[]>(columns.map((_, place) => [place, []]));
  for (const row of rows) byPlace.get(row.place)?.push(row);
  return new Map(columns.map(({ name, type }, place) => [name, tallyOf(byPlace.get(place) ?? [], type)]));
}

function tallyOf(rows: readonly Row[], type: Tallied['type']): Tally {
  const unknown = { missing: 0, not_yet: 0, none: 0 };
  for (const { number, text, code, n } of rows) {
    if (number === null && text === null) unknown[REASONS[code - 1] ?? 'missing'] += n;
  }
  const of = rows.reduce((sum, { n }) => sum + n, 0);
  const numbers = rows.flatMap(({ number, n }) => (number === null ? [] : [[number, n] as const]));
  const texts = rows.flatMap(({ text, n }) => (text === null ? [] : [[text, n] as const]));
  if (type === 'number') return { of, unknown, numbers, texts: null };
  const read = texts.map(([text, n]) => [numberIn(text), n] as const);
  const isNumeric = read.length > 0 && read.every(([value]) => Number.isFinite(value));
  if (!isNumeric) return { of, unknown, numbers: null, texts };
  return { of, unknown, numbers: read.toSorted((a, b) => a[0] - b[0]), texts: null };
}

/** What a property is as a number, which `last` keeps as it stands. */
function numberIn(text: string): number {
  if (text === 'true' || text === 'false') return text === 'true' ? 1 : 0;
  return text.trim() === '' ? Number.NaN : Number(text);
}
