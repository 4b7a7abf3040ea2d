import { chiSquareUpperTail } from './chi_square.ts';
import type { FourfoldTable } from './fisher.ts';
import { DEFAULT_LEVEL, type Interval } from './interval.ts';
import { criticalZ } from './normal.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Counts by row and column; every row has the same number of columns. */
export type Counts = readonly (readonly number[])[];

/** Whether rows and columns go together, and how strongly. */
export interface Association {
  readonly kind: 'estimated';
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
  /** Counts to be expected if they did not, in the shape of the table; the test is doubtful where many are below 5. */
  readonly expected: Counts;
  /** The smallest expected count among rows and columns that are not empty. */
  readonly leastExpected: number;
  /** 0: nothing to do with each other, 1: one tells the other. */
  readonly cramersV: number;
  /** The same without the excess that chance gives small tables; null with too few rows of data to correct. */
  readonly cramersVCorrected: number | null;
}

/** The odds ratio common to strata, and whether it is 1. */
export interface CommonOdds {
  readonly kind: 'estimated';
  readonly statistic: number;
  readonly p: number;
  /** Null where one of the products of the diagonals is 0 in every stratum; so is the interval. */
  readonly oddsRatio: number | null;
  readonly interval: Interval | null;
}

/**
 * Whether the rows and columns of a table of counts are independent.
 *
 * Shape: rows and columns that are empty are left out of the test. `isCorrected` applies Yates's correction, which has
 * a meaning for 2 x 2 tables alone and changes only `statistic` and `p`.
 * Refuses: fewer than two rows or columns with anything in them (a refusal); negative or ragged counts (throws).
 * Source: Pearson 1900, as R chisq.test; Cramér 1946; the corrected V after Bergsma 2013, J. Korean Stat. Soc. 42,
 * 323-328.
 */
export function association(table: Counts, options: { readonly isCorrected?: boolean } = {}): Association | Refusal {
  checkTable(table);
  const rowSums = table.map(sum);
  const columnSums = (table[0] ?? []).map((_, column) => sum(table.map((row) => row[column] ?? 0)));
  const total = sum(rowSums);
  const rows = rowSums.filter((each) => each > 0).length;
  const columns = columnSums.filter((each) => each > 0).length;
  if (rows < 2 || columns < 2) return refuse(`${rows} rows and ${columns} columns have counts: two of each are needed`);
  const expected = rowSums.map((row) => columnSums.map((column) => (row * column) / total));
  const cells = table.flatMap((row, i) => row.map((seen, j) => ({ seen, due: expected[i]?.[j] ?? 0 })));
  const filled = cells.filter(({ due }) => due > 0);
  const statisticWith = (correction: number): number =>
    sum(filled.map(({ seen, due }) => (Math.abs(seen - due) - correction) ** 2 / due));
  const gap = Math.min(...filled.map(({ seen, due }) => Math.abs(seen - due)));
  const correction = options.isCorrected === true && rows === 2 && columns === 2 ? Math.min(0.5, gap) : 0;
  const df = (rows - 1) * (columns - 1);
  const statistic = statisticWith(correction);
  return {
    kind: 'estimated',
    statistic,
    df,
    p: chiSquareUpperTail(statistic, df),
    expected,
    leastExpected: Math.min(...filled.map(({ due }) => due)),
    ...strengths(statisticWith(0) / total, total, rows, columns),
  };
}

/**
 * Whether two yes/no questions go together within strata: Cochran, Mantel and Haenszel.
 *
 * Shape: one 2 x 2 table a stratum; strata that say nothing (an empty margin) are passed over. `isCorrected` (default
 * yes, as R) takes one half off the difference.
 * Refuses: no stratum that says anything (a refusal); counts that are negative or not finite (throws).
 * Source: Mantel and Haenszel 1959; variance of the log odds ratio by Robins, Breslow and Greenland 1986; as R
 * mantelhaen.test.
 */
export function commonOdds(
  strata: readonly FourfoldTable[],
  options: { readonly isCorrected?: boolean; readonly level?: number } = {},
): CommonOdds | Refusal {
  let difference = 0;
  let variance = 0;
  for (const { a, b, c, d } of strata) {
    checkTable([
      [a, b],
      [c, d],
    ]);
    const n = a + b + c + d;
    if (n < 2) continue;
    difference += a - ((a + b) * (a + c)) / n;
    variance += ((a + b) * (c + d) * (a + c) * (b + d)) / (n * n * (n - 1));
  }
  if (variance === 0) return refuse(`none of ${strata.length} strata has both rows and both columns`);
  const gap = Math.abs(difference);
  const correction = (options.isCorrected ?? true) && gap >= 0.5 ? 0.5 : 0;
  const statistic = (gap - correction) ** 2 / variance;
  return {
    kind: 'estimated',
    statistic,
    p: chiSquareUpperTail(statistic, 1),
    ...pooledOdds(strata, options.level ?? DEFAULT_LEVEL),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function checkTable(table: Counts): void {
  for (const row of table) {
    if (row.length !== table[0]?.length)
      throw new Error(`a row of ${row.length} counts beside one of ${table[0]?.length}`);
    for (const count of row) if (!(count >= 0 && Number.isFinite(count))) throw new Error(`${count} is no count`);
  }
}

function strengths(
  phiSquared: number,
  total: number,
  rows: number,
  columns: number,
): { readonly cramersV: number; readonly cramersVCorrected: number | null } {
  const cramersV = Math.min(1, Math.sqrt(phiSquared / (Math.min(rows, columns) - 1)));
  const shrunk = (count: number): number => count - (count - 1) ** 2 / (total - 1);
  const room = Math.min(shrunk(rows), shrunk(columns)) - 1;
  if (!(total > 1 && room > 0)) return { cramersV, cramersVCorrected: null };
  const excess = ((rows - 1) * (columns - 1)) / (total - 1);
  return { cramersV, cramersVCorrected: Math.min(1, Math.sqrt(Math.max(0, phiSquared - excess) / room)) };
}

function pooledOdds(
  strata: readonly FourfoldTable[],
  level: number,
): { readonly oddsRatio: number | null; readonly interval: Interval | null } {
  const parts = strata
    .map(({ a, b, c, d }) => ({ n: a + b + c + d, same: a * d, other: b * c, agree: a + d, disagree: b + c }))
    .filter(({ n }) => n > 0);
  const same = sum(parts.map((part) => part.same / part.n));
  const other = sum(parts.map((part) => part.other / part.n));
  if (same === 0 || other === 0) return { oddsRatio: null, interval: null };
  const variance =
    sum(parts.map((part) => (part.agree * part.same) / part.n ** 2)) / (2 * same ** 2) +
    sum(parts.map((part) => (part.agree * part.other + part.disagree * part.same) / part.n ** 2)) / (2 * same * other) +
    sum(parts.map((part) => (part.disagree * part.other) / part.n ** 2)) / (2 * other ** 2);
  const oddsRatio = same / other;
  const reach = Math.exp(criticalZ(level) * Math.sqrt(variance));
  return { oddsRatio, interval: [oddsRatio / reach, oddsRatio * reach] };
}
