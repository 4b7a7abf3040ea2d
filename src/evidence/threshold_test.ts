import { coxModel } from '../stats/cox.ts';
import { logRank } from '../stats/log_rank.ts';
import { labels, type Watched } from './calendar.ts';
import { tooLittle, type Untested } from './verdict.ts';

type Pair = readonly [number, number];

/** Which side of a cut leaves more. */
export type Side = 'below' | 'above';

/** A cut on landmarks that it was not found on: how many times as often the side at risk leaves. */
export interface CutTest {
  /** Rows, and different churns among them. */
  readonly n: number;
  readonly events: number;
  readonly hazardRatio: number | null;
  readonly interval: Pair | null;
  readonly p: number | null;
}

/** Whether a value lies on the side at risk: values up to the cut are below it. */
function isAtRiskSide(value: number, cut: number, side: Side): boolean {
  return side === 'below' ? value <= cut : value > cut;
}

/** Which rows lie on the side at risk, and the log-rank comparison of both sides within each landmark. */
function compareSides(watched: Watched, values: Float64Array, cut: number, side: Side) {
  const exposed = Uint8Array.from(watched.rows, ({ index }) =>
    isAtRiskSide(values[index] ?? Number.NaN, cut, side) ? 1 : 0,
  );
  const strata = labels(watched.rows.map(({ landmarkMs }) => landmarkMs));
  const { time, event, entry } = watched;
  const test = logRank({ time, event, entry, group: exposed.map((value) => 1 - value), strata });
  return { exposed, strata, groups: test.groups, isTested: test.kind === 'tested' };
}

/**
 * How the sides of a cut differ: Cox regression within landmarks, rows of one account clustered.
 *
 * Refuses (with the reason) fewer than 20 different churns, or fewer than 5 expected on a side if they did not differ.
 * Ratios stay null where one side has no churn at all.
 */
export function testCut(watched: Watched, values: Float64Array, cut: number, side: Side): CutTest & Partial<Untested> {
  const bare = { n: watched.rows.length, events: watched.churns, hazardRatio: null, interval: null, p: null };
  if (watched.rows.length === 0) return { ...bare, reason: 'nobody is watched after the split' };
  const { exposed, strata, groups } = compareSides(watched, values, cut, side);
  const rowEvents = watched.event.reduce((sum, event) => sum + event, 0);
  const expected = groups.length < 2 ? [0] : groups.map((group) => (group.expected * watched.churns) / rowEvents);
  const few = tooLittle(watched.churns, expected);
  if (few !== null) return { ...bare, ...few };
  return { ...bare, ...hazardOf(watched, exposed, strata) };
}

/** The hazard ratio alone, without refusals: for parts of a test that is made already. */
export function hazardOf(
  watched: Watched,
  exposed: Uint8Array,
  strata: Int32Array,
): { readonly hazardRatio: number | null; readonly interval: Pair | null; readonly p: number | null } {
  const { time, event, entry } = watched;
  const cluster = labels(watched.rows.map((row) => row.cluster));
  const cox = coxModel({ time, event, entry, strata, cluster, covariates: [exposed] });
  const effect = cox.kind === 'fitted' ? cox.coefficients[0] : undefined;
  if (effect === undefined) return { hazardRatio: null, interval: null, p: null };
  return { hazardRatio: effect.hazardRatio, interval: effect.interval, p: effect.p };
}

/** Whether the side at risk has more churns than expected; null where that cannot be told. */
export function isWorseSide(watched: Watched, values: Float64Array, cut: number, side: Side): boolean | null {
  if (watched.rows.length === 0) return null;
  const { groups, isTested } = compareSides(watched, values, cut, side);
  const [exposed] = groups;
  return !isTested || exposed === undefined ? null : exposed.observed > exposed.expected;
}
