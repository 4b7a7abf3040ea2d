import { z } from 'zod';
import type { Ledger } from '../ledger/ledger.ts';

/** Length of a period of flows; weeks begin on Monday, all in UTC. */
export type Period = 'day' | 'week' | 'month' | 'quarter';

/** Moves of one period from one segment to another by one cause. */
export interface Flow {
  /** First day of the period. */
  readonly period: string;
  /** Null: in no segment. */
  readonly from: string | null;
  readonly to: string | null;
  readonly cause: string;
  readonly moves: number;
}

/** What a segment gained in a period. */
export interface NetFlow {
  readonly period: string;
  readonly segment: string;
  readonly came: number;
  readonly left: number;
  readonly net: number;
}

const flowSchema = z.object({
  period: z.string(),
  from_segment: z.string().nullable(),
  to_segment: z.string().nullable(),
  cause: z.string(),
  moves: z.coerce.number(),
});

/** Recorded moves by period, from where to where and why; instants in milliseconds, `since` included, `until` excluded. */
export async function flowsBy(
  { ledger }: { readonly ledger: Ledger },
  { period, since, until }: { readonly period: Period; readonly since: number | null; readonly until: number | null },
): Promise<readonly Flow[]> {
  const rows = await ledger.query(
    `SELECT to_char(date_trunc($1, at AT TIME ZONE 'UTC'), 'YYYY-MM-DD') AS period, from_segment, to_segment, cause, count(*) AS moves
    FROM moves WHERE ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at < $3)
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST, 4`,
    [period, since === null ? null : new Date(since), until === null ? null : new Date(until)],
    flowSchema,
  );
  return rows.map((row) => ({
    period: row.period,
    from: row.from_segment,
    to: row.to_segment,
    cause: row.cause,
    moves: row.moves,
  }));
}

/** What each segment gained in each period. Pure. */
export function netOf(flows: readonly Flow[]): readonly NetFlow[] {
  const found = new Map<string, NetFlow>();
  const add = (period: string, segment: string | null, came: number, left: number): void => {
    if (segment === null) return;
    const key = JSON.stringify([period, segment]);
    const before = found.get(key) ?? { period, segment, came: 0, left: 0, net: 0 };
    found.set(key, {
      period,
      segment,
      came: before.came + came,
      left: before.left + left,
      net: before.net + came - left,
    });
  };
  for (const { period, from, to, moves } of flows) {
    add(period, from, 0, moves);
    add(period, to, moves, 0);
  }
  return [...found.values()].toSorted((a, b) => compare(a.period, b.period) || compare(a.segment, b.segment));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
