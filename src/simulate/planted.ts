import { DAY, isoDay, midnightOf, type Span } from './calendar.ts';

/**
 * Every number that a simulated world is made from; `truth.json` repeats them.
 *
 * Rates are per year unless they say otherwise; ratios are hazard ratios; shares are fractions.
 *
 * Why the accounts come early and most are within the profile: with 1,000 accounts and this churn, an age landmark at 30
 * days sees about a hundred churns within a year, which puts the milestone's log-rank near 3.3 on average. A test that
 * must find it every time takes more accounts, not another number here.
 */
export const PLANTED = {
  /** Churns per customer-year in the tracked months, in expectation over the accounts drawn. */
  yearlyChurn: 0.15,
  milestone: { event: 'report_exported', withinDays: 14, share: 0.4, hazardRatio: 0.5 },
  /** Of those who miss it, this share begins to export later, from the first to the last of these days; it changes nothing. */
  lateMilestone: { share: 0.5, fromDay: 31, toDay: 180 },
  decoys: {
    /** Piles up with age: everybody does it first at this rate. */
    survival: { event: 'audit_log_opened', perMonth: 0.05, hazardRatio: 1 },
    /** Within the milestone's days with probability 1 / (1 + exp(-(intercept + slope x ln(employees / 200)))). */
    size: { event: 'api_key_created', intercept: -0.6, slope: 1.2, hazardRatio: 1 },
    /** Within the milestone's days, more often where the milestone is reached. */
    riding: { event: 'alert_created', shareOfReachers: 0.8, shareOfOthers: 0.1, hazardRatio: 1 },
    /** Logins an active day differ from account to account, evenly on a log scale, and mean nothing. */
    login: { event: 'login', perActiveDay: [0.1, 0.8], hazardRatio: 1 },
  },
  /** Hazard ratio for ten times as many employees. */
  size: { perTenfoldEmployees: 0.75, referenceEmployees: 200 },
  job: {
    good: 'workflow_automation',
    hazardRatio: 0.5,
    shares: { reporting: 0.3, monitoring: 0.2, workflow_automation: 0.2, platform: 0.2, customer_facing: 0.1 },
    coded: 0.6,
    interviewed: 20,
  },
  /**
   * Who bought seats for at most this share of the people that could use the product leaves that much sooner: a step, in
   * the first deal and whatever the size. `capacity` is drawn evenly on a log scale.
   */
  threshold: { signal: 'capacity_used', atMost: 0.25, hazardRatio: 3, capacity: [0.1, 0.8] },
  sponsor: { share: 0.9, lossPerYear: 0.25, replaced: 0.6, hazardRatioTopDown: 2, hazardRatioElsewhere: 1 },
  pathways: { top_down: 0.55, bottom_up: 0.28, mixed: 0.17 },
  decline: {
    /** Of those who churn; the others leave with no sign. */
    share: 0.7,
    floor: 0.3,
    overDays: 60,
    beginsDaysBeforeEnd: [60, 150],
  },
  /** By what `truth.json` says how early a churn shows: the signal that is even in use, and the days that it means over. */
  leadTime: { signal: 'dau_seat_share', windowDays: 28 },
  /** Of those who stay, long enough for it: the same fall, some days at the floor, and back. */
  recovery: { share: 0.2, atFloorDays: 20, backOverDays: 40 },
  frequencies: {
    /** Share of an account's users by active days a week; one account in some is intense. */
    intenseAccounts: 0.3,
    intense: { '4.5': 0.45, '2': 0.3, '1': 0.15, '0.5': 0.1 },
    plain: { '4.5': 0.1, '2': 0.3, '1': 0.33, '0.5': 0.27 },
  },
  /** Accounts whose users use most of the product, the others little beside reports; has no effect on churn. */
  broadAccounts: 0.6,
  contracts: {
    annual: 0.5,
    expansionPerYear: 0.2,
    contractionAtRenewal: 0.07,
    upliftAtRenewal: 0.03,
    lateRenewals: 0.08,
  },
  cancellations: { late: 0.25, notice: 0.4, lateByDays: [10, 40], noticeDays: [30, 75] },
  trials: { share: 0.1, days: 14, conversion: 0.6 },
  prospects: 0.04,
  olderThanTracking: { share: 0.08, upToDays: 540 },
  /** Accounts come sooner rather than later: time since the tracking began is a uniform number to this power. */
  arrivalPower: 1.8,
  userTurnoverPerYear: 0.08,
  /** Accounts that share one person with the account before them. */
  sharedPeople: 0.04,
  /** Of those people's events, and of everybody else's, the share that names no account. */
  unnamedAccounts: { sharedPeople: 0.1, others: 0.005 },
  delivery: { late: 0.02, lateByDays: 2, duplicates: 0.005 },
  holiday: { use: 0.3, days: 14, firstDay: '12-20', keptFromEndDays: 75 },
  outage: { days: 3, daysBeforeEnd: 200 },
} as const;

/** What a simulated world is asked for. */
export interface SimulateOptions {
  readonly seed: number;
  /** Last day of the data, `YYYY-MM-DD`. */
  readonly end: string;
  /** All accounts, with trials and prospects; 1,000 by default. */
  readonly accounts?: number | undefined;
  /** Months of tracking; 24 by default. */
  readonly months?: number | undefined;
  /** Mean users of an account; 12 by default. */
  readonly usersPerAccount?: number | undefined;
  /** Actions of an active day, as a multiple of the default. */
  readonly activity?: number | undefined;
  /**
   * Events wanted, about; sets `activity`. An active day has one event at least: a target below the number of active
   * days is exceeded.
   */
  readonly eventsTarget?: number | undefined;
}

/** The frame of a world: its size and its time. */
export interface Frame {
  readonly seed: number;
  readonly accounts: number;
  readonly months: number;
  readonly usersPerAccount: number;
  readonly activity: number;
  /** First midnight of the tracking. */
  readonly start: number;
  /** Midnight after the last day; nothing at or after it is in the data. */
  readonly end: number;
  readonly outage: Span;
  readonly holidays: readonly Span[];
}

const DEFAULTS = { accounts: 1_000, months: 24, usersPerAccount: 12, activity: 1 };
const DAYS_PER_MONTH = 30.4375;
const SHORTEST_MONTHS = 3;

/** The frame that the options ask for. Refuses sizes that make no world. */
export function frameOf(options: SimulateOptions): Frame {
  const months = options.months ?? DEFAULTS.months;
  const accounts = options.accounts ?? DEFAULTS.accounts;
  const usersPerAccount = options.usersPerAccount ?? DEFAULTS.usersPerAccount;
  const activity = options.activity ?? DEFAULTS.activity;
  if (!(Number.isInteger(accounts) && accounts >= 1)) throw new RangeError(`accounts: ${accounts} is no count`);
  if (!(months >= SHORTEST_MONTHS)) throw new RangeError(`months: at least ${SHORTEST_MONTHS}, not ${months}`);
  if (!(usersPerAccount >= 3)) throw new RangeError(`usersPerAccount: at least 3, not ${usersPerAccount}`);
  if (!(activity > 0)) throw new RangeError(`activity: above 0, not ${activity}`);
  const end = midnightOf(options.end) + DAY;
  const days = Math.round(months * DAYS_PER_MONTH);
  const start = end - days * DAY;
  const outageFrom = end - Math.min(PLANTED.outage.daysBeforeEnd, Math.floor(days / 2)) * DAY;
  const outage = { from: outageFrom, to: outageFrom + PLANTED.outage.days * DAY };
  const holidays = holidaysBetween(start, end);
  return { seed: options.seed, accounts, months, usersPerAccount, activity, start, end, outage, holidays };
}

/**
 * The fortnights of holiday in the tracked time.
 *
 * Why: one that ends shortly before the data do is left out. A dip that everybody shares is a test for history, and
 * must not decide what a demonstration shows when it is run in January.
 */
function holidaysBetween(start: number, end: number): Span[] {
  const { days, firstDay, keptFromEndDays } = PLANTED.holiday;
  const spans: Span[] = [];
  for (let year = Number(isoDay(start).slice(0, 4)) - 1; year <= Number(isoDay(end).slice(0, 4)); year += 1) {
    const from = midnightOf(`${year}-${firstDay}`);
    const to = from + days * DAY;
    if (to > start && to <= end - keptFromEndDays * DAY) spans.push({ from, to });
  }
  return spans;
}
