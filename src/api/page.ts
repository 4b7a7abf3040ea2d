import { z } from 'zod';
import { Failure } from '../model/failure.ts';

const PAGE = 100;
const MOST = 1_000;

/** What every list that comes in pages is asked with. */
export const PAGING = {
  limit: z
    .int()
    .min(1)
    .max(MOST)
    .default(PAGE)
    .meta({ description: `Rows of a page, at most ${MOST}` }),
  cursor: z
    .string()
    .max(2_000)
    .optional()
    .meta({ description: '`next` of the page before; everything else asked as it was then' }),
};

/** The cursor of the following page, in an answer. */
export const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'The `cursor` of the following page; null: this is the last' });

/** The place where a page ended: the parts by which its list is ordered, ending with one that no two rows share. */
export type Place = readonly (string | number | null)[];

const placeSchema = z.array(z.union([z.string(), z.number(), z.null()])).min(1);

/** A place as the text of a cursor. */
const cursorOf = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** The place that a cursor stands for; refuses `bad-cursor`. `parts`: how many parts a place of this list has. */
export function placeOf(cursor: string | undefined, parts: number): Place | null {
  if (cursor === undefined) return null;
  try {
    const place = placeSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (place.length === parts) return place;
  } catch {
    // Said below: what stands in a cursor is ours, and what went wrong with it is of no use to who sent it.
  }
  throw new Failure('bad-cursor', 'This cursor is none of this list. Begin again without one.');
}

/** Compares two places part by part, each as its own order says; numbers before texts, nulls last. */
function comparePlaces(a: Place, b: Place, descending: readonly boolean[]): number {
  for (let index = 0; index < a.length; index += 1) {
    const [x, y] = [a[index] ?? null, b[index] ?? null];
    if (x === y) continue;
    if (x === null) return 1;
    if (y === null) return -1;
    const order = typeof x === typeof y ? (x < y ? -1 : 1) : typeof x === 'number' ? -1 : 1;
    return descending[index] === true ? -order : order;
  }
  return 0;
}

/**
 * A page of a list that is at hand as a whole: ordered by the places of its rows, from after the cursor on.
 *
 * `descending` says of each part of a place whether it is ordered from the most.
 */
export function pageOf<Row>(
  rows: readonly Row[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  placeIn: (row: Row) => Place,
  descending: readonly boolean[] = [],
): { readonly rows: readonly Row[]; readonly next: string | null } {
  const placed = rows.map((row) => ({ row, place: placeIn(row) }));
  placed.sort((a, b) => comparePlaces(a.place, b.place, descending));
  const after = placeOf(cursor, placed[0]?.place.length ?? 1);
  const rest = after === null ? placed : placed.filter(({ place }) => comparePlaces(place, after, descending) > 0);
  return cutPage(
    rest.slice(0, limit + 1),
    limit,
    ({ place }) => place,
    ({ row }) => row,
  );
}

/** A page of rows of which one more was read than it holds. */
export function cutPage<Read, Row>(
  read: readonly Read[],
  limit: number,
  placeIn: (row: Read) => Place,
  rowOf: (row: Read) => Row,
): { readonly rows: readonly Row[]; readonly next: string | null } {
  const shown = read.slice(0, limit);
  const last = shown.at(-1);
  const next = read.length > limit && last !== undefined ? cursorOf(placeIn(last)) : null;
  return { rows: shown.map(rowOf), next };
}
