import { atRisk, type CustomerRow } from './calendar.ts';
import type { CellOf } from './ghost_cell.ts';
import type { Panel } from './panel.ts';
import { writeCount } from './wording.ts';

/** Two accounts that look alike on paper, of which one left: a row of `evidence ghosts --json`. First of a pair: who left. */
export interface TwinRow {
  readonly kind: 'twins';
  readonly cell: string;
  readonly accounts: readonly [string, string];
  readonly landmark: string;
  /** Root mean square of the differences in log employees, log ARR and age, in standard deviations of all customers. */
  readonly distance: number;
  /** Days after the landmark until one left; and for which the other has stayed so far. */
  readonly days: readonly [number, number];
  /** Signals in which they differed most at the landmark, in standard deviations. */
  readonly differed: readonly {
    readonly signal: string;
    readonly values: readonly [number, number];
    readonly by: number;
  }[];
  readonly sentence: string;
}

/** What to compare. */
export interface TwinOptions {
  readonly cellOf: CellOf;
  readonly signals: readonly string[];
  readonly most: number;
}

const PAPER = ['employees', 'arr', 'account_age_days'] as const;
const LEAST_LEAD_DAYS = 90;
const FARTHEST = 0.5;
const TOLD = 3;

/**
 * Pairs of accounts of one cell, near in size, ARR and age at the same landmark, of which one left and the other stayed at
 * least as long again: what paper cannot tell apart.
 *
 * Each account that left is looked at at its last landmark 90 days or more before; nearest first, nobody twice, none
 * farther than half a standard deviation. Examples, no evidence: chosen for their outcome.
 */
export function findTwins(panel: Panel, { cellOf, signals, most }: TwinOptions): readonly TwinRow[] {
  const rows = atRisk(panel).filter(({ home }) => home !== null);
  const scales = PAPER.map((name) => scaleOf(rows, panel.numbers(name), name !== 'account_age_days'));
  const place = (row: CustomerRow) => scales.map((scale) => scale(row));
  const pairs = leaversOf(rows).flatMap((leaver) => {
    const alike = rows.filter(
      (row) =>
        row.landmarkMs === leaver.landmarkMs &&
        cellOf(row) === cellOf(leaver) &&
        row.cluster !== leaver.cluster &&
        !row.outcome.isChurned &&
        row.outcome.days >= 2 * leaver.outcome.days,
    );
    const at = place(leaver);
    return alike.flatMap((stayer) => {
      const distance = Math.sqrt(
        place(stayer).reduce((sum, value, axis) => sum + (value - (at[axis] ?? Number.NaN)) ** 2, 0) / at.length,
      );
      return distance <= FARTHEST ? [{ leaver, stayer, distance }] : [];
    });
  });
  pairs.sort((a, b) => a.distance - b.distance || a.leaver.index - b.leaver.index || a.stayer.index - b.stayer.index);
  const used = new Set<number>();
  const chosen = pairs.filter(({ leaver, stayer }) => {
    if (used.size === 2 * most || used.has(leaver.cluster) || used.has(stayer.cluster)) return false;
    used.add(leaver.cluster).add(stayer.cluster);
    return true;
  });
  const measures = signals.map((signal) => ({
    signal,
    values: panel.numbers(signal),
    scale: scaleOf(rows, panel.numbers(signal), false),
  }));
  return chosen.map(({ leaver, stayer, distance }) => twinRow(leaver, stayer, distance, cellOf(leaver), measures));
}

function leaversOf(rows: readonly CustomerRow[]): readonly CustomerRow[] {
  const last = new Map<number, CustomerRow>();
  for (const row of rows) {
    if (row.outcome.isChurned && row.outcome.days >= LEAST_LEAD_DAYS) last.set(row.cluster, row);
  }
  return [...last.values()];
}

/** A value in standard deviations of all rows; NaN where it is unknown. */
function scaleOf(rows: readonly CustomerRow[], values: Float64Array, isLog: boolean): (row: CustomerRow) => number {
  const of = ({ index }: CustomerRow): number => {
    const value = values[index] ?? Number.NaN;
    return isLog ? (value > 0 ? Math.log(value) : Number.NaN) : value;
  };
  const known = rows.map(of).filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const spread = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
  return (row) => (spread > 0 ? (of(row) - mean) / spread : Number.NaN);
}

interface Measure {
  readonly signal: string;
  readonly values: Float64Array;
  readonly scale: (row: CustomerRow) => number;
}

function twinRow(
  leaver: CustomerRow,
  stayer: CustomerRow,
  distance: number,
  cell: string,
  measures: readonly Measure[],
): TwinRow {
  const differed = measures
    .map(({ signal, values, scale }) => ({
      signal,
      values: [values[leaver.index] ?? Number.NaN, values[stayer.index] ?? Number.NaN] as const,
      by: scale(leaver) - scale(stayer),
    }))
    .filter(({ by }) => !Number.isNaN(by))
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by))
    .slice(0, TOLD);
  const accounts = [leaver.accountId, stayer.accountId] as const;
  const landmark = new Date(leaver.landmarkMs).toISOString().slice(0, 10);
  const days = [Math.round(leaver.outcome.days), Math.round(stayer.outcome.days)] as const;
  const told = differed
    .map(({ signal, values }) => `${signal} ${rounded(values[0])} against ${rounded(values[1])}`)
    .join(', ');
  const sentence = `${accounts[0]} and ${accounts[1]} (${cell}) looked alike on paper on ${landmark}; ${accounts[0]} left ${writeCount(days[0], 'day')} later, ${accounts[1]} has stayed. They differed most in ${told}.`;
  return { kind: 'twins', cell, accounts, landmark, distance, days, differed, sentence };
}

const rounded = (value: number): string => String(Math.round(value * 100) / 100);
