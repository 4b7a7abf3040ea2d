import { DAY } from './calendar.ts';
import { type AccountPlan, capacityOf, exitDays, monthsOf } from './plan.ts';
import { type Frame, PLANTED } from './planted.ts';
import { type Random, randomOf } from './random.ts';
import type { Usage } from './usage.ts';

/** What becomes of an account. Instants in epoch milliseconds, `Infinity`: never, as far as the world looks ahead. */
export interface Fate {
  /** First day without a contract; may lie after the data end, so that those who are about to leave decline in it. */
  readonly churnOn: number;
  /** When the churn is written down. */
  readonly churnKnownAt: number;
  /** When notice is given. */
  readonly noticeOn: number;
  readonly usage: Usage;
  /** Hazard of churn a year, before any loss of the sponsor. */
  readonly hazardPerYear: number;
}

const PURPOSE = 2;
/** Days beyond the end of the data for which churn is drawn: what happens then shows before. */
const LOOK_AHEAD_DAYS = 200;
const MS_PER_YEAR = 365 * DAY;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * Hazard ratio of the account at an exit day: the product of what was planted for milestone, job, threshold, size and
 * sponsor.
 * The loss of a sponsor counts from its day on; everything else is fixed.
 */
function hazardRatioOf(plan: AccountPlan, at: number): number {
  const { milestone, job, threshold, size, sponsor } = PLANTED;
  const tenfolds = Math.log10(plan.employees / size.referenceEmployees);
  const lost = plan.pathway === 'top_down' ? sponsor.hazardRatioTopDown : sponsor.hazardRatioElsewhere;
  return (
    (Number.isFinite(plan.milestoneAt) ? milestone.hazardRatio : 1) *
    (plan.job === job.good ? job.hazardRatio : 1) *
    (capacityOf(plan) <= threshold.atMost ? threshold.hazardRatio : 1) *
    size.perTenfoldEmployees ** tenfolds *
    (plan.sponsorLostAt < at ? lost : 1)
  );
}

/**
 * Probability to leave at an exit day: 1 - exp(-baseline x ratio x years paid for).
 *
 * Why: contracts end at the end of a month or a year, so churn does. This is a proportional-hazards model seen in
 * grouped time: a customer whose continuous hazard is `baseline x ratio` makes up its mind some time in the period and
 * leaves at its end. Grouping keeps the ratios exactly (on the complementary log-log scale), whatever the period, and
 * monthly and annual customers have the same yearly hazard.
 * Source: Prentice and Gloeckler (1978), Regression analysis of grouped survival data, Biometrics 34.
 */
function exitProbability(plan: AccountPlan, baseline: number, at: number): number {
  return 1 - Math.exp((-baseline * hazardRatioOf(plan, at) * monthsOf(plan)) / 12);
}

/**
 * The baseline hazard a year at which the accounts, as they are, are expected to lose `PLANTED.yearlyChurn` churns per
 * customer-year within the tracked time. Found by bisection on the exact expectation; no chance is involved.
 */
export function calibrateBaseline(frame: Frame, plans: readonly AccountPlan[]): number {
  let [low, high] = [0, 4];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (expectedChurnRate(frame, plans, middle) < PLANTED.yearlyChurn) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function expectedChurnRate(frame: Frame, plans: readonly AccountPlan[], baseline: number): number {
  let churns = 0;
  let years = 0;
  for (const plan of plans) {
    let staying = 1;
    let from = plan.paidOn;
    for (const day of exitDays(plan, frame.end - DAY)) {
      years += staying * overlapYears(frame, from, day);
      const leaving = staying * exitProbability(plan, baseline, day);
      if (day >= frame.start) churns += leaving;
      staying -= leaving;
      from = day;
    }
    years += staying * overlapYears(frame, from, frame.end);
  }
  return years === 0 ? 0 : churns / years;
}

function overlapYears(frame: Frame, from: number, to: number): number {
  return Math.max(0, Math.min(to, frame.end) - Math.max(from, frame.start)) / MS_PER_YEAR;
}

/** What becomes of the account under that baseline hazard a year. */
export function drawFate(frame: Frame, plan: AccountPlan, baseline: number): Fate {
  const random = randomOf(frame.seed, plan.index, PURPOSE);
  const hazardPerYear = baseline * hazardRatioOf(plan, Number.NEGATIVE_INFINITY);
  let churnOn = NEVER;
  for (const day of exitDays(plan, frame.end + LOOK_AHEAD_DAYS * DAY)) {
    if (!random.chance(exitProbability(plan, baseline, day))) continue;
    churnOn = day;
    break;
  }
  const usage = churnOn < NEVER ? declineBefore(plan, churnOn, random) : dipOf(frame, plan, random);
  return { churnOn, ...drawKnowledge(plan, churnOn, random), usage, hazardPerYear };
}

function drawKnowledge(plan: AccountPlan, churnOn: number, random: Random): Pick<Fate, 'churnKnownAt' | 'noticeOn'> {
  const { late, notice, lateByDays, noticeDays } = PLANTED.cancellations;
  const kind = random.next();
  const lateBy = random.whole(...lateByDays) * DAY;
  const noticeAt = Math.max(plan.paidOn + DAY, churnOn - random.whole(...noticeDays) * DAY);
  if (kind < late) return { churnKnownAt: churnOn + lateBy, noticeOn: NEVER };
  if (kind < late + notice) return { churnKnownAt: noticeAt, noticeOn: noticeAt };
  return { churnKnownAt: churnOn, noticeOn: NEVER };
}

function declineBefore(plan: AccountPlan, churnOn: number, random: Random): Usage {
  const { share, beginsDaysBeforeEnd } = PLANTED.decline;
  const declines = random.chance(share);
  const before = random.between(...beginsDaysBeforeEnd) * DAY;
  if (!declines) return { kind: 'steady' };
  // A short life cannot hold a long decline: it begins when the account does.
  return { kind: 'decline', from: Math.max(plan.created, Math.floor(churnOn - before)) };
}

const SETTLED_DAYS = 75;
const QUIET_END_DAYS = 30;

function dipOf(frame: Frame, plan: AccountPlan, random: Random): Usage {
  const { share, atFloorDays, backOverDays } = PLANTED.recovery;
  const dips = random.chance(share);
  const place = random.next();
  const length = (PLANTED.decline.overDays + atFloorDays + backOverDays) * DAY;
  const earliest = Math.max(plan.created, frame.start) + SETTLED_DAYS * DAY;
  const latest = frame.end - QUIET_END_DAYS * DAY - length;
  if (!dips || latest <= earliest || !Number.isFinite(plan.paidOn)) return { kind: 'steady' };
  return { kind: 'recovery', from: Math.floor(earliest + place * (latest - earliest)) };
}
