import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import type { History } from './history.ts';
import { type MilestoneRow, testMilestones } from './milestone.ts';
import { CUSTOMERS, type MilestoneSubject, type Population } from './milestone_population.ts';
import type { Verdict } from './verdict.ts';

/** One feature area among all customers, or among those of one home segment. */
export interface AreaRow {
  readonly area: string;
  /** Home segment at the landmark; null: all customers. */
  readonly segment: string | null;
  readonly verdict: Verdict;
  /** Share still customers at the horizon among those that had taken it up, less that of the others. */
  readonly difference: number | null;
  readonly interval: readonly [number, number] | null;
  readonly accounts: readonly [number, number];
  readonly horizonDays: number | null;
  readonly reason: string | null;
}

/** What to ask of areas. `homeOf` answers the home segment of a customer at its landmark; null: unknown. */
export interface AreaOptions {
  readonly areas: readonly { readonly name: string; readonly events: readonly string[] }[];
  readonly segments: readonly string[];
  readonly homeOf: (subject: MilestoneSubject) => string | null;
  readonly ageDays: number;
  readonly horizonDays: number;
}

const ALPHA = 0.05;

/**
 * Do customers that have taken up a feature area by an age stay longer, among all and within each home segment?
 *
 * Method, refusals and verdicts are those of `testMilestones`, with the areas as the only candidates. q is corrected over all
 * areas and segments together. What is carried by another area, or was not tested, does not hold. An area that no account
 * has used is a row with too little data.
 */
export function testAreas(history: History, options: AreaOptions): readonly AreaRow[] {
  const { areas, segments, ageDays, horizonDays } = options;
  const narrowed = {
    ...history,
    accounts: history.accounts.map((account) => ({
      ...account,
      reaches: account.reaches.filter(({ kind, isProxy }) => kind === 'area' && !isProxy),
    })),
  };
  const asked = {
    windows: [ageDays],
    counts: { times: [1], users: [] },
    horizonDays,
    areas,
    workflows: [],
    declared: [],
  };
  const tested = [null, ...segments].flatMap((segment) => {
    const { rows } = testMilestones(narrowed, asked, within(segment, options));
    return areas.map(({ name }) => ({
      segment,
      area: name,
      row: rows.find(({ candidate }) => candidate === name) ?? null,
    }));
  });
  const qs = benjaminiHochberg(tested.map(({ row }) => row?.p ?? null));
  return tested.map(({ segment, area, row }, index) => areaRow(segment, area, row, qs[index] ?? null));
}

/** Customers at the age, of one home segment or of all. */
function within(segment: string | null, { homeOf }: AreaOptions): Population {
  return {
    ...CUSTOMERS,
    hasPrimary: false,
    landmark: (history, ageDays) => {
      const landmark = CUSTOMERS.landmark(history, ageDays);
      if (segment === null) return landmark;
      return { ...landmark, rows: landmark.rows.filter((subject) => homeOf(subject) === segment) };
    },
  };
}

function areaRow(segment: string | null, area: string, row: MilestoneRow | null, q: number | null): AreaRow {
  if (row === null) {
    const reason = 'no account of the population has used it';
    const nothing = { difference: null, interval: null, accounts: [0, 0] as const, horizonDays: null };
    return { area, segment, verdict: 'too_little_data', ...nothing, reason };
  }
  const isSure = q !== null && q <= ALPHA && row.carriedBy === null;
  const verdict = row.verdict === 'holds' && !isSure ? 'too_little_data' : row.verdict;
  return {
    area,
    segment,
    verdict,
    difference: row.difference,
    interval: row.differenceInterval,
    accounts: row.n,
    horizonDays: row.horizonDays,
    reason: verdict === 'holds' ? null : reasonFor(row, q),
  };
}

function reasonFor(row: MilestoneRow, q: number | null): string {
  if (row.carriedBy !== null) return `carried by ${row.carriedBy}`;
  if (row.verdict === 'fails') return 'no effect worth acting on';
  const chance = q === null ? 'not tested' : `chance explains it well enough (q ${Number(q.toPrecision(2))})`;
  return row.needed?.reason ?? chance;
}
