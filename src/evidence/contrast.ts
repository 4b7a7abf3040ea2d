import { coxModel } from '../stats/cox.ts';
import { logRank } from '../stats/log_rank.ts';
import { accountsForEvents, eventsNeeded } from '../stats/sample_size.ts';
import { DAY_MS } from './history.ts';
import { accountsAmong, type Stretch } from './stretch.ts';
import { tooLittle, type Verdict, verdictOf, WORTH_ACTING } from './verdict.ts';

type Pair = readonly [number, number];

/** A group against another: how often the event comes. First of a pair: the group. */
export interface Contrast {
  readonly accounts: Pair;
  /** Accounts that had the event. */
  readonly events: Pair;
  /** Events that each side would have had if they did not differ, in accounts. */
  readonly expected: Pair | null;
  /** Hazard of the group by that of the others. */
  readonly hazardRatio: number | null;
  readonly interval: Pair | null;
  readonly p: number | null;
  /** The last quarter of the time watched has the same sign; null where that cannot be told. */
  readonly isSameLater: boolean | null;
  /** Why it was not tested. */
  readonly reason: string | null;
}

/** Who is compared with whom: a side (1: the group, 0: the others) and a stratum for each stretch. */
export interface Sides {
  readonly side: ArrayLike<number>;
  readonly strata?: ArrayLike<number>;
  readonly followedMs: number;
}

/**
 * Does the event (cause 1) come at another rate in a group than in the others?
 *
 * Cox with a variance clustered by account; a competing cause ends the watch. Accounts are counted, not landmarks: the
 * expected events are those over landmarks, by the landmarks that an account of the side has. Refuses (with the reason) fewer than 20 such accounts, or fewer
 * than 5 expected on a side.
 *
 * Source: stacked landmarks with a sandwich variance, van Houwelingen and Putter 2012, Dynamic Prediction, chapter 7.
 */
export function contrastGroups(stretches: readonly Stretch[], sides: Sides): Contrast {
  const { side, strata } = sides;
  const of = (wanted: number) => stretches.filter((_, row) => side[row] === wanted);
  const [group, others] = [of(1), of(0)];
  const accounts: Pair = [accountsAmong(group), accountsAmong(others)];
  const events: Pair = [accountsAmong(group, true), accountsAmong(others, true)];
  const none = { accounts, events, expected: null, hazardRatio: null, interval: null, p: null, isSameLater: null };
  if (Math.min(...accounts) === 0)
    return { ...none, reason: 'all accounts are on one side, so there is nobody to compare with' };
  const follow = columnsOf(stretches);
  const all = accountsAmong(stretches, true);
  const test = logRank({ ...follow, group: Array.from(side, (value) => 1 - value), strata });
  const expected = [group, others].map((rows, index) => {
    const landmarks = rows.length / Math.max(1, accountsAmong(rows));
    return Math.min(all, (test.groups[index]?.expected ?? 0) / Math.max(1, landmarks));
  }) as [number, number];
  const few = tooLittle(all, expected);
  if (few !== null) return { ...none, expected, reason: few.reason };
  const clustered = { covariates: [Float64Array.from(side)], cluster: stretches.map(({ cluster }) => cluster) };
  const cox = coxModel({ ...follow, strata, ...clustered });
  const effect = cox.kind === 'fitted' ? cox.coefficients[0] : undefined;
  if (effect === undefined) return { ...none, expected, reason: 'one side has no outcome, so no ratio can be told' };
  const later = laterSign(stretches, sides);
  return {
    ...none,
    expected,
    hazardRatio: effect.hazardRatio,
    interval: effect.interval,
    p: effect.p,
    isSameLater: later === null ? null : later === Math.sign(effect.estimate),
    reason: null,
  };
}

/** The verdict on "the group differs", in the direction that was seen. */
export function verdictOnContrast({ hazardRatio, interval, isSameLater }: Contrast, q: number | null): Verdict {
  if (hazardRatio === null || interval === null || q === null) return 'too_little_data';
  const sign = hazardRatio < 1 ? -1 : 1;
  const ends = interval.map((end) => sign * Math.log(end)).sort((a, b) => a - b);
  const worth = -Math.log(WORTH_ACTING.hazardRatio);
  return verdictOf({ q, interval: [ends[0] ?? 0, ends[1] ?? 0], worth, isSameLater });
}

/** Why neither "holds" nor "fails" can be said: what was refused, a later quarter that disagrees, or an interval too wide. */
export function whyUnsettled({ reason, isSameLater }: Contrast, q: number | null): string {
  if (reason !== null) return reason;
  if (q === null || q > 0.05) return 'the interval holds both no difference and one worth acting on';
  return isSameLater === null
    ? 'it cannot be told whether the last quarter of the data agrees'
    : 'the last quarter of the data does not agree';
}

/** Accounts that would settle a hazard ratio worth acting on, at the shares seen; null where those are 0 or 1. */
export function accountsToSettle({ accounts, events }: Pick<Contrast, 'accounts' | 'events'>): number | null {
  const all = accounts[0] + accounts[1];
  const exposedShare = accounts[0] / all;
  const eventShare = (events[0] + events[1]) / all;
  if (!(exposedShare > 0 && exposedShare < 1 && eventShare > 0 && eventShare < 1)) return null;
  return accountsForEvents(eventsNeeded({ hazardRatio: WORTH_ACTING.hazardRatio, exposedShare }), eventShare);
}

function columnsOf(stretches: readonly Stretch[]) {
  return {
    time: Float64Array.from(stretches, ({ days }) => days),
    event: Uint8Array.from(stretches, ({ cause }) => (cause === 1 ? 1 : 0)),
  };
}

const LATER_SHARE = 0.75;

function laterSign(stretches: readonly Stretch[], { side, strata, followedMs }: Sides): number | null {
  const first = stretches.reduce((least, { landmarkMs }) => Math.min(least, landmarkMs), followedMs);
  const from = first + LATER_SHARE * (followedMs - first);
  const later = stretches.flatMap((stretch, row) => {
    const entry = Math.max(0, (from - stretch.landmarkMs) / DAY_MS);
    return stretch.days > entry ? [{ stretch, row, entry }] : [];
  });
  const test = logRank({
    ...columnsOf(later.map(({ stretch }) => stretch)),
    entry: later.map(({ entry }) => entry),
    group: later.map(({ row }) => 1 - (side[row] as number)),
    ...(strata === undefined ? {} : { strata: later.map(({ row }) => strata[row] as number) }),
  });
  const [group] = test.groups;
  if (test.kind === 'refused' || group === undefined) return null;
  return Math.sign(group.observed - group.expected);
}
