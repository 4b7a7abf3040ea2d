import { addMonths, DAY, startOfDay } from './calendar.ts';
import type { FactCollector } from './facts.ts';
import type { Fate } from './fate.ts';
import { type AccountPlan, type Band, monthsOf } from './plan.ts';
import { type Frame, PLANTED } from './planted.ts';
import { type Random, randomOf } from './random.ts';

const PURPOSE = 4;
const NEVER = Number.POSITIVE_INFINITY;
const SEAT_PRICES: Readonly<Record<Band, readonly [number, number]>> = {
  smb: [240, 480],
  mid_market: [420, 840],
  enterprise: [600, 1_400],
};
const PLANS = { smb: 'starter', mid_market: 'team', enterprise: 'enterprise' } as const;

/** What a contract says at a time; its versions differ in these. */
interface Terms {
  readonly contractId: string;
  readonly starts: number;
  readonly termEnds: number | null;
  readonly seats: number;
  readonly arr: number;
}

/** How an account pays: seats at the start, and what each costs a year. */
export interface Deal {
  readonly seats: number;
  readonly seatPrice: number;
  readonly arr: number;
}

/** The first deal of an account, by its users and its size. */
export function dealOf(frame: Frame, plan: AccountPlan): Deal {
  const random = randomOf(frame.seed, plan.index, PURPOSE);
  const seatPrice = Math.round(random.between(...SEAT_PRICES[plan.band]));
  return { seats: plan.seats, seatPrice, arr: plan.seats * seatPrice };
}

/**
 * Adds the contracts of the account as they were known when the data end: the trial or free plan, then paid ones.
 *
 * Annual customers sign a contract for every year: at the renewal the old one gets a version that ends it, and a new
 * one begins. Monthly customers have one contract without term. More seats are an amendment, which repeats the start.
 * Who leaves gets a last version with `ends`, known before (notice), on the day, or only afterwards.
 */
export function addContracts(frame: Frame, plan: AccountPlan, fate: Fate, facts: FactCollector): void {
  const random = randomOf(frame.seed, plan.index, PURPOSE, 1);
  addEntry(frame, plan, facts);
  if (!Number.isFinite(plan.paidOn)) return;
  const deal = dealOf(frame, plan);
  let seats = deal.seats;
  let price: number = deal.seatPrice;
  let starts = plan.paidOn;
  let signedAt = startOfDay(starts - random.whole(0, 10) * DAY);
  for (let term = 1; starts < frame.end || (term > 1 && signedAt < frame.end); term += 1) {
    const termEnds = plan.term === 'annual' ? addMonths(starts, monthsOf(plan)) : null;
    const terms = { contractId: `con-${plan.id}-${term}`, starts, termEnds, seats, arr: round(seats * price) };
    const renewsAt = termEnds === null ? NEVER : drawSigned(termEnds, random);
    const isLast = fate.churnOn <= (termEnds ?? NEVER);
    addVersion(frame, plan, terms, signedAt, {}, facts);
    const settledAt = isLast ? lastSignOfLife(fate) : renewsAt;
    const last = addExpansions(frame, plan, terms, price, settledAt, random, facts);
    if (isLast) addEnd(frame, plan, last, fate, facts);
    if (isLast || termEnds === null || renewsAt >= frame.end) return;
    signedAt = renewsAt;
    addVersion(frame, plan, last, signedAt, { ends: termEnds }, facts);
    const { contractionAtRenewal, upliftAtRenewal } = PLANTED.contracts;
    seats = random.chance(contractionAtRenewal) ? Math.max(1, Math.round(last.seats * 0.8)) : last.seats;
    price *= 1 + upliftAtRenewal;
    starts = termEnds;
  }
}

/** The instant from which nobody would buy more: a month before the end, or when use or a notice tells of it. */
function lastSignOfLife(fate: Fate): number {
  const declineFrom = fate.usage.kind === 'decline' ? fate.usage.from : NEVER;
  return Math.min(fate.churnOn - 30 * DAY, fate.noticeOn, declineFrom);
}

const round = (amount: number): number => Math.round(amount * 100) / 100;

function drawSigned(termEnds: number, random: Random): number {
  const isLate = random.chance(PLANTED.contracts.lateRenewals);
  return isLate ? termEnds + random.whole(3, 20) * DAY : termEnds - random.whole(0, 45) * DAY;
}

function addEntry(frame: Frame, plan: AccountPlan, facts: FactCollector): void {
  if (plan.isProspect || plan.entry === 'direct') return;
  const starts = startOfDay(plan.created);
  const isTrial = plan.entry === 'trial';
  const termEnds = isTrial ? starts + PLANTED.trials.days * DAY : null;
  const terms = { contractId: `con-${plan.id}-0`, starts, termEnds, seats: plan.users, arr: 0 };
  const kind = isTrial ? 'trial' : 'free';
  const ends = isTrial ? termEnds : plan.paidOn;
  addVersion(frame, plan, terms, null, { kind }, facts);
  if (ends !== null && ends < frame.end) addVersion(frame, plan, terms, ends, { kind, ends }, facts);
}

/**
 * Seats added in the years of a contract, and the terms after them. Only before `settledAt`: a version that becomes known
 * after the one that ends the contract would undo its end.
 */
function addExpansions(
  frame: Frame,
  plan: AccountPlan,
  first: Terms,
  price: number,
  settledAt: number,
  random: Random,
  facts: FactCollector,
): Terms {
  let terms = first;
  const until = Math.min(first.termEnds ?? NEVER, frame.end, settledAt);
  for (let year = first.starts; year < until; year += 365 * DAY) {
    const expands = random.chance(PLANTED.contracts.expansionPerYear);
    const knownAt = startOfDay(year + random.between(30, 330) * DAY);
    const seats = Math.ceil(terms.seats * random.between(1.15, 1.5));
    if (!expands || knownAt >= until) continue;
    terms = { ...terms, seats, arr: round(seats * price) };
    addVersion(frame, plan, terms, knownAt, {}, facts);
  }
  return terms;
}

function addEnd(frame: Frame, plan: AccountPlan, last: Terms, fate: Fate, facts: FactCollector): void {
  const notice = Number.isFinite(fate.noticeOn) ? { notice: fate.noticeOn } : {};
  addVersion(frame, plan, last, fate.churnKnownAt, { ends: fate.churnOn, ...notice }, facts);
}

interface Version {
  readonly kind?: string;
  readonly ends?: number;
  readonly notice?: number;
}

function addVersion(
  frame: Frame,
  plan: AccountPlan,
  terms: Terms,
  knownAt: number | null,
  version: Version,
  facts: FactCollector,
): void {
  if ((knownAt ?? terms.starts) >= frame.end) return;
  facts.add('contracts', {
    contract_id: terms.contractId,
    account_id: plan.id,
    kind: version.kind ?? 'paid',
    plan: PLANS[plan.band],
    starts: new Date(terms.starts),
    known: knownAt === null ? null : new Date(knownAt),
    term_ends: terms.termEnds === null ? null : new Date(terms.termEnds),
    notice: version.notice === undefined ? null : new Date(version.notice),
    ends: version.ends === undefined ? null : new Date(version.ends),
    arr: terms.arr,
    currency: 'USD',
    seats: terms.seats,
    billing_months: plan.term === 'annual' ? 12 : 1,
  });
}
