import { seats } from './account-adoption.ts';
import { type Answer, type Answers, known, MISSING, NONE, NOT_YET, numberOf, ratio, reasonOf } from './answer.ts';
import { arrAt, everPaid, isCustomerAt, spellsAt, versionsAt } from './contracts.ts';
import { DAY, inWindow, millis } from './instants.ts';
import { atLeast, below, sum } from './numbers.ts';
import { type AccountView, inForce, type View } from './view.ts';
import { uncovered } from './windows.ts';

const YEAR = 365;

const graceDays = (view: View): number => view.world.model.value.churnGraceDays;

/** Whether the account is a customer at the view's instant; without a contract source every account is. */
export function isCustomer(view: View, account: AccountView): boolean {
  return !view.isConnected('contracts') || isCustomerAt(account.contracts, view.at, graceDays(view));
}

/** Where the account stands at the view's instant: customer, churned, trial, free or prospect. */
export function relationshipOf(view: View, account: AccountView): string {
  if (isCustomer(view, account)) return 'customer';
  if (everPaid(account.contracts, view.at)) return 'churned';
  const kinds = versionsAt(account.contracts, view.at)
    .filter((version) => version.ends === null || version.ends >= view.at)
    .map((version) => version.kind);
  if (kinds.includes('trial') || kinds.includes('pilot')) return 'trial';
  return kinds.includes('free') ? 'free' : 'prospect';
}

/** `arr`. */
export function arr(view: View, account: AccountView): Answer {
  if (!view.isConnected('contracts')) return MISSING;
  const amount = arrAt(account.contracts, view.at, graceDays(view));
  return amount === null ? NONE : known(amount);
}

/** ARR a year before, null answer where there was none then. */
function arrBefore(view: View, account: AccountView): Answer {
  const gap = uncovered(view, 'contracts', YEAR);
  if (gap !== null) return gap;
  const amount = arrAt(account.contracts, view.at - YEAR * DAY, graceDays(view));
  if (amount !== null && amount > 0) return known(amount);
  const starts = versionsAt(account.contracts, view.at)
    .filter((version) => version.isPaid)
    .map((version) => version.starts);
  const isYoung = starts.length > 0 && Math.min(...starts) >= view.at - YEAR * DAY;
  return isYoung ? NOT_YET : NONE;
}

/** `nrr_12m`, `arr_change_12m` and `expansions_12m`. */
export function yearSignals(view: View, account: AccountView): Answers {
  const before = arrBefore(view, account);
  const then = numberOf(before);
  if (then === null) return { nrr_12m: before, arr_change_12m: before, expansions_12m: before };
  const now = arrAt(account.contracts, view.at, graceDays(view)) ?? 0;
  return {
    nrr_12m: known(now / then),
    arr_change_12m: known(now - then),
    expansions_12m: known(expansionDays(view, account)),
  };
}

/** Days of the last 365 at whose end ARR is at least 1.05 times what it was at their start, that being above 0. */
function expansionDays(view: View, account: AccountView): number {
  let days = 0;
  for (let k = 0; k < YEAR; k++) {
    const start = arrAt(account.contracts, view.at - (k + 1) * DAY, graceDays(view)) ?? 0;
    const end = arrAt(account.contracts, view.at - k * DAY, graceDays(view)) ?? 0;
    if (start > 0 && atLeast(end, 1.05 * start)) days++;
  }
  return days;
}

/** `cost_to_serve_12m`. */
export function costToServe(view: View, account: AccountView, days: number): Answer {
  const amounts = account.costs.filter((cost) => inWindow(millis(cost.time), view.at, days)).map((cost) => cost.amount);
  return uncovered(view, 'costs', days) ?? known(sum(amounts));
}

/** `gross_margin`. */
export function grossMargin(view: View, account: AccountView): Answer {
  const revenue = arr(view, account);
  const cost = costToServe(view, account, YEAR);
  const amount = numberOf(revenue);
  const spent = numberOf(cost);
  if (amount === null || spent === null) return reasonOf(revenue, cost);
  return amount === 0 ? NONE : known((amount - spent) / amount);
}

/** `capacity_used`. */
export function capacityUsed(view: View, account: AccountView): Answer {
  const addressable = account.row?.addressable_seats ?? account.row?.employees ?? null;
  return ratio(seats(view, account), addressable === null ? MISSING : known(addressable));
}

/** `usage_of_quota_30d`. */
export function usageOfQuota(view: View, account: AccountView, days: number): Answer {
  if (!view.isConnected('contracts')) return MISSING;
  const contracts = inForce(view, account);
  if (contracts.length === 0) return NONE;
  const quotas = contracts.map((contract) => contract.quota).filter((quota) => quota !== null);
  if (quotas.length === 0) return MISSING;
  const gap = uncovered(view, 'meters', days);
  if (gap !== null) return gap;
  const units = contracts.map((contract) => contract.usageUnit).filter((unit) => unit !== null);
  const used = account.meters
    .filter((reading) => inWindow(millis(reading.time), view.at, days))
    .filter((reading) => units.length === 0 || units.includes(reading.meter))
    .map((reading) => reading.value);
  return ratio(known(sum(used)), known(sum(quotas)));
}

function expansionPotential(view: View, account: AccountView): Answer {
  const parts = [capacityUsed(view, account), usageOfQuota(view, account, 30)];
  const used = parts.map(numberOf).filter((share) => share !== null);
  return used.length === 0 ? reasonOf(...parts) : known(1 - Math.min(1, Math.max(...used)));
}

function daysToRenewal(view: View, account: AccountView): Answer {
  if (!view.isConnected('contracts')) return MISSING;
  const contracts = inForce(view, account);
  if (contracts.length === 0) return NONE;
  const terms = contracts.map((contract) => contract.termEnds).filter((end) => end !== null);
  if (terms.length === 0) return MISSING;
  const ahead = terms.filter((end) => end >= view.at);
  return ahead.length === 0 ? NONE : known((Math.min(...ahead) - view.at) / DAY);
}

/** Churns in 365d / customer-years in it over all customers, null below 10 churns or where not covered. */
export function churnRate(view: View): number | null {
  if (uncovered(view, 'contracts', YEAR) !== null) return null;
  const from = view.at - YEAR * DAY;
  let churns = 0;
  let days = 0;
  for (const account of view.accounts) {
    for (const spell of spellsAt(account.contracts, view.at, graceDays(view))) {
      if (spell.end !== null && spell.end >= from && spell.end < view.at) churns++;
      const lasted = Math.min(spell.end ?? view.at, view.at) - Math.max(spell.start, from);
      days += Math.max(0, lasted) / DAY;
    }
  }
  return churns < 10 ? null : churns / (days / YEAR);
}

/** `value_score`, null for an account without ARR. */
export function valueScore(view: View, account: AccountView): Answer {
  const revenue = arr(view, account);
  const amount = numberOf(revenue);
  if (amount === null) return revenue;
  const { belowCapacity, expansionMultiplier } = view.world.model.value;
  const retention = numberOf(yearSignals(view, account)['nrr_12m']) ?? 1;
  const cost = numberOf(costToServe(view, account, YEAR)) ?? 0;
  const capacity = numberOf(capacityUsed(view, account));
  const score = amount * retention - cost;
  const isRoomy = capacity !== null && below(capacity, belowCapacity) && score > 0;
  return known(isRoomy ? score * expansionMultiplier : score);
}

/** `clv` at a churn rate (null: the assumed one). */
export function lifetimeValue(view: View, account: AccountView, churns: number | null): Answer {
  const revenue = arr(view, account);
  const amount = numberOf(revenue);
  if (amount === null) return revenue;
  const { assumedMargin, assumedChurn } = view.world.model.value;
  const margin = numberOf(grossMargin(view, account)) ?? assumedMargin;
  const c = churns ?? assumedChurn;
  return known((amount * margin * (1 - (1 - c) ** 5)) / c);
}

/** The account signals over money but the value tier, at a churn rate. */
export function moneySignals(view: View, account: AccountView, churns: number | null): Answers {
  return {
    arr: arr(view, account),
    ...yearSignals(view, account),
    cost_to_serve_12m: costToServe(view, account, YEAR),
    gross_margin: grossMargin(view, account),
    capacity_used: capacityUsed(view, account),
    usage_of_quota_30d: usageOfQuota(view, account, 30),
    expansion_potential: expansionPotential(view, account),
    days_to_renewal: daysToRenewal(view, account),
    clv: lifetimeValue(view, account, churns),
    value_score: valueScore(view, account),
  };
}

/** What was assumed for `clv` and `value_score`: margin, nrr, cost, churn. */
export function assumptions(view: View, account: AccountView, churns: number | null): string[] {
  if (numberOf(arr(view, account)) === null) return [];
  return [
    ...(numberOf(grossMargin(view, account)) === null ? ['margin'] : []),
    ...(numberOf(yearSignals(view, account)['nrr_12m']) === null ? ['nrr'] : []),
    ...(numberOf(costToServe(view, account, YEAR)) === null ? ['cost'] : []),
    ...(churns === null ? ['churn'] : []),
  ];
}
