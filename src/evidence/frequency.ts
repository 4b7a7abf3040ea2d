import { criticalZ, twoSidedP } from '../stats/normal.ts';
import type { AgeRow } from './age_landmark.ts';
import { DAY_MS } from './history.ts';
import { type Verdict, verdictOf } from './verdict.ts';

type Pair = readonly [number, number];

/** By how much more the share of active days rose in one group than in the others, after an age. */
export interface FrequencyContrast {
  /** First of a pair: the group. */
  readonly n: Pair;
  readonly difference: number | null;
  readonly interval: Pair | null;
  readonly p: number | null;
  readonly isSameLater: boolean | null;
  readonly reason: string | null;
}

const BEFORE_DAYS = 28;
const AFTER_DAYS = 56;
const LEAST_ACCOUNTS = 20;
const LATER_SHARE = 0.75;

/**
 * Does the share of active days rise more in a group, from the 28 days before an age to the 56 after it?
 *
 * Why the change: who is active adopts more, so the level after would credit a feature with who used it. Only accounts that
 * are watched as customers for all of the 56 days. Difference of means within nothing, Welch's variance.
 * Refuses fewer than 20 accounts on a side.
 */
export function contrastFrequency(rows: readonly AgeRow[], isExposed: (row: AgeRow) => boolean): FrequencyContrast {
  const watched = rows.filter(({ outcome }) => outcome.days >= AFTER_DAYS);
  const found = differenceOf(watched, isExposed);
  const none = { n: found.n, difference: null, interval: null, p: null, isSameLater: null };
  if (Math.min(...found.n) < LEAST_ACCOUNTS) {
    return { ...none, reason: `${Math.min(...found.n)} accounts on the smaller side; ${LEAST_ACCOUNTS} are the least` };
  }
  if (!(found.standardError > 0)) return { ...none, reason: 'no account changed' };
  const landmarks = watched.map(({ landmarkMs }) => landmarkMs).sort((a, b) => a - b);
  const from = landmarks[Math.floor(LATER_SHARE * landmarks.length)] ?? Number.POSITIVE_INFINITY;
  const later = differenceOf(
    watched.filter(({ landmarkMs }) => landmarkMs >= from),
    isExposed,
  );
  const reach = criticalZ(0.95) * found.standardError;
  return {
    n: found.n,
    difference: found.difference,
    interval: [found.difference - reach, found.difference + reach],
    p: twoSidedP(found.difference / found.standardError),
    isSameLater: Math.min(...later.n) < 2 ? null : Math.sign(later.difference) === Math.sign(found.difference),
    reason: null,
  };
}

const WORTH_SHARE = 0.05;

/** The verdict on "active days rise more": worth acting on is a twentieth of all days. */
export function verdictOnFrequency(
  { difference, interval, isSameLater }: FrequencyContrast,
  q: number | null,
): Verdict {
  if (difference === null || interval === null || q === null) return 'too_little_data';
  const later = isSameLater === null ? null : isSameLater === difference > 0;
  return verdictOf({ q, interval, worth: WORTH_SHARE, isSameLater: later });
}

function differenceOf(rows: readonly AgeRow[], isExposed: (row: AgeRow) => boolean) {
  const [group, others] = [true, false].map((wanted) =>
    momentsOf(rows.filter((row) => isExposed(row) === wanted).map(changeOf)),
  );
  const [first, second] = [group ?? momentsOf([]), others ?? momentsOf([])];
  return {
    n: [first.n, second.n] as Pair,
    difference: first.mean - second.mean,
    standardError: Math.sqrt(first.variance / first.n + second.variance / second.n),
  };
}

function momentsOf(values: readonly number[]) {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { n, mean, variance };
}

function changeOf({ account, landmarkMs }: AgeRow): number {
  const day = Math.floor(landmarkMs / DAY_MS);
  const within = (from: number, to: number) =>
    account.activeDays.filter((active) => active >= from && active < to).length;
  return within(day, day + AFTER_DAYS) / AFTER_DAYS - within(day - BEFORE_DAYS, day) / BEFORE_DAYS;
}
