import { DAY } from './calendar.ts';
import { type Frame, PLANTED } from './planted.ts';
import { type Usage, usageAt } from './usage.ts';

/** What is looked at of an account: when it was a customer, and how its use went. Instants in epoch milliseconds. */
export interface Life {
  readonly paidOn: number;
  readonly churnOn: number;
  readonly usage: Usage;
}

/** How early churn shows in a world, to somebody who sees the use that was planted and none of its chance. */
export interface LeadTimeTruth {
  readonly signal: string;
  /** Days before churn at which use of those who leave had fallen half as far, beside other customers, as at churn. */
  readonly half_days: number | null;
  /** Median days from the begin of the fall to the churn, of those who fall before it. */
  readonly fall_begins_days: number | null;
}

/**
 * How early churn shows: from `usageAt` of every account, with no events.
 *
 * `PLANTED.leadTime.signal` means over the last `windowDays`, so this does. Each churn in the tracked time counts alike, whether
 * it is announced or not; on each day before it, its account's share of its usual use less the mean of the customers of
 * the churn day who were customers on that day too. Null where nobody churns.
 */
export function leadTimeTruth(frame: Pick<Frame, 'start' | 'end'>, lives: readonly Life[]): LeadTimeTruth {
  const { signal } = PLANTED.leadTime;
  const churned = lives.filter(({ churnOn }) => churnOn >= frame.start && churnOn < frame.end);
  const begins = churned.flatMap(({ usage, churnOn }) =>
    usage.kind === 'decline' ? [(churnOn - usage.from) / DAY] : [],
  );
  begins.sort((a, b) => a - b);
  const middle = begins.length / 2;
  const median = ((begins[Math.ceil(middle) - 1] ?? Number.NaN) + (begins[Math.floor(middle)] ?? Number.NaN)) / 2;
  return {
    signal,
    half_days: halfDays(churned, lives),
    fall_begins_days: Number.isNaN(median) ? null : Math.round(median * 10) / 10,
  };
}

const LONGEST_DAYS = 240;

function halfDays(churned: readonly Life[], lives: readonly Life[]): number | null {
  const gaps = gapsBefore(churned, lives);
  const [last = 0] = gaps;
  const day = gaps.findIndex((gap) => gap >= last / 2);
  return last < 0 && day > 0 ? day : null;
}

/** By whole days before churn: use of those who leave less that of the others, over the churns seen so long before. */
function gapsBefore(churned: readonly Life[], lives: readonly Life[]): readonly number[] {
  const sums = new Float64Array(LONGEST_DAYS);
  const counts = new Float64Array(LONGEST_DAYS);
  const byDay = new Map<number, Float64Array>();
  for (const life of churned) {
    const others = byDay.get(life.churnOn) ?? lossBefore(life.churnOn, lives);
    byDay.set(life.churnOn, others);
    for (let day = 0; day < daysWatched(life, life.churnOn); day += 1) {
      sums[day] = (sums[day] ?? 0) + (others[day] ?? 0) - lossOf(life.usage, life.churnOn - day * DAY);
      counts[day] = (counts[day] ?? 0) + 1;
    }
  }
  return Array.from(sums, (sum, day) => sum / (counts[day] ?? 0)).filter((gap) => !Number.isNaN(gap));
}

/** Mean share of their use that customers of a churn day were short of, by whole days before it. */
function lossBefore(churnOn: number, lives: readonly Life[]): Float64Array {
  const lost = new Float64Array(LONGEST_DAYS);
  const customers = new Float64Array(LONGEST_DAYS);
  for (const life of lives) {
    if (life.churnOn <= churnOn) continue;
    for (let day = 0; day < daysWatched(life, churnOn); day += 1) {
      customers[day] = (customers[day] ?? 0) + 1;
      lost[day] = (lost[day] ?? 0) + lossOf(life.usage, churnOn - day * DAY);
    }
  }
  return lost.map((sum, day) => ((customers[day] ?? 0) === 0 ? 0 : sum / (customers[day] ?? 1)));
}

/** Whole days before a day on which the account was a customer, as far as is looked. */
function daysWatched({ paidOn }: Life, churnOn: number): number {
  return Math.min(LONGEST_DAYS, Math.max(0, Math.ceil((churnOn - paidOn) / DAY)));
}

/** By whole days since the change of use began, until nothing changes any more: what the mean of the window is short of. */
const LOSSES = { decline: lossesOf('decline'), recovery: lossesOf('recovery') };

function lossesOf(kind: 'decline' | 'recovery'): readonly number[] {
  const { windowDays } = PLANTED.leadTime;
  return Array.from({ length: LONGEST_DAYS }, (_, since) => {
    const days = Array.from({ length: windowDays }, (_, day) => since - day - 0.5);
    return days.reduce((sum, day) => sum + 1 - usageAt({ kind, from: 0 }, day * DAY), 0) / windowDays;
  });
}

/** Share of its use that the account was short of, in the mean of the window that ends at an instant; to the day. */
function lossOf(usage: Usage, at: number): number {
  if (usage.kind === 'steady' || at <= usage.from) return 0;
  const since = Math.round((at - usage.from) / DAY);
  return LOSSES[usage.kind][Math.min(since, LONGEST_DAYS - 1)] ?? 0;
}
