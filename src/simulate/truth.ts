import { lastUse } from './activity.ts';
import { isoDay } from './calendar.ts';
import type { Fate } from './fate.ts';
import type { LeadTimeTruth } from './lead-time.ts';
import type { Person } from './people.ts';
import { type AccountPlan, capacityOf } from './plan.ts';
import type { Frame, PLANTED } from './planted.ts';

/**
 * What was planted in one account. Days as `YYYY-MM-DD`, instants as ISO; null: never.
 *
 * What the account does in the product (milestone, decoys, first export) is null too where it would have come after its
 * last day of use or after the data end; it may lie before the tracking, where no event tells of it.
 */
export interface AccountTruth {
  readonly account_id: string;
  readonly relationship: 'customer' | 'trial' | 'free' | 'churned' | 'prospect';
  readonly created: string;
  readonly older_than_tracking: boolean;
  readonly entry: string;
  readonly paid_on: string | null;
  readonly term: string | null;
  readonly pathway: string | null;
  readonly job: string;
  readonly employees: number;
  readonly size_band: string;
  readonly users: number;
  /** Seats of the first deal as a share of the people who could use the product. */
  readonly capacity_used: number;
  readonly is_broad: boolean;
  readonly is_intense: boolean;
  readonly milestone_at: string | null;
  readonly first_export_at: string | null;
  readonly riding_decoy_at: string | null;
  readonly size_decoy_at: string | null;
  readonly survival_decoy_at: string | null;
  readonly logins_per_active_day: number;
  readonly sponsor_lost_at: string | null;
  readonly hazard_per_year: number | null;
  /** The churn day, also where it lies after the data end. */
  readonly churn_on: string | null;
  readonly churn_known_on: string | null;
  readonly notice_on: string | null;
  /** steady, decline (falls to the floor and leaves) or recovery (falls and comes back). */
  readonly usage: 'steady' | 'decline' | 'recovery';
  readonly usage_from: string | null;
  /** Active days a week by user. */
  readonly frequencies: Readonly<Record<string, number>>;
  readonly shared_users: readonly string[];
}

/** Rows that were generated. */
interface TruthCounts {
  readonly rows: Readonly<Record<string, number>>;
  readonly events: {
    /** Different events. */
    readonly distinct: number;
    readonly duplicates: number;
    readonly late: number;
    readonly unnamed: number;
    readonly not_arrived: number;
    readonly excluded: number;
  };
  readonly accounts: Readonly<Record<AccountTruth['relationship'], number>>;
  /** Accounts with use whose milestone days were over when the data ended, and those of them that reached it in time. */
  readonly milestone_due: number;
  readonly milestone_reached: number;
  /** Churns within the tracked time, and the years of being a customer in it. */
  readonly churns: number;
  readonly customer_years: number;
  readonly churners_with_decline: number;
  readonly churners_without_sign: number;
  readonly recoveries: number;
}

/** Everything that was planted in a world: `truth.json`. */
export interface Truth {
  readonly seed: number;
  readonly frame: {
    readonly accounts: number;
    readonly months: number;
    readonly users_per_account: number;
    readonly activity: number;
    readonly tracking_from: string;
    /** Exclusive. */
    readonly complete_through: string;
  };
  readonly planted: typeof PLANTED;
  /** Hazard a year of an account with every ratio at 1, found so that the yearly churn is as planted. */
  readonly baseline_hazard_per_year: number;
  readonly outage: { readonly from: string; readonly to: string };
  readonly holidays: readonly { readonly from: string; readonly to: string }[];
  readonly excluded: { readonly accounts: readonly string[]; readonly users: readonly string[] };
  readonly lead_time: LeadTimeTruth;
  readonly counts: TruthCounts;
  readonly accounts: readonly AccountTruth[];
}

const instant = (at: number): string | null => (Number.isFinite(at) ? new Date(at).toISOString() : null);
const day = (at: number): string | null => (Number.isFinite(at) ? isoDay(at) : null);

/** What was planted in the account. */
export function accountTruth(frame: Frame, plan: AccountPlan, fate: Fate, people: readonly Person[]): AccountTruth {
  const isCustomer = Number.isFinite(plan.paidOn);
  const isUsed = !plan.isProspect;
  const until = lastUse(frame, plan, fate);
  const seen = (at: number): string | null => (isUsed && at < until ? instant(at) : null);
  return {
    account_id: plan.id,
    relationship: relationshipOf(frame, plan, fate),
    created: new Date(plan.created).toISOString(),
    older_than_tracking: plan.created < frame.start,
    entry: plan.entry,
    paid_on: day(plan.paidOn),
    term: isCustomer ? plan.term : null,
    pathway: isUsed ? plan.pathway : null,
    job: plan.job,
    employees: plan.employees,
    size_band: plan.band,
    users: people.length,
    capacity_used: capacityOf(plan),
    is_broad: plan.isBroad,
    is_intense: plan.isIntense,
    milestone_at: seen(plan.milestoneAt),
    first_export_at: seen(plan.firstExportAt),
    riding_decoy_at: seen(plan.ridingAt),
    size_decoy_at: seen(plan.sizeAt),
    survival_decoy_at: seen(plan.survivalAt),
    logins_per_active_day: plan.loginsPerActiveDay,
    sponsor_lost_at: isCustomer ? instant(plan.sponsorLostAt) : null,
    hazard_per_year: isCustomer ? fate.hazardPerYear : null,
    churn_on: day(fate.churnOn),
    churn_known_on: Number.isFinite(fate.churnOn) ? day(fate.churnKnownAt) : null,
    notice_on: Number.isFinite(fate.churnOn) ? day(fate.noticeOn) : null,
    usage: fate.usage.kind,
    usage_from: fate.usage.kind === 'steady' ? null : instant(fate.usage.from),
    frequencies: Object.fromEntries(people.map((person) => [person.userId, person.frequency])),
    shared_users: people.filter((person) => person.isShared).map((person) => person.userId),
  };
}

function relationshipOf(frame: Frame, plan: AccountPlan, fate: Fate): AccountTruth['relationship'] {
  if (plan.isProspect) return 'prospect';
  if (plan.paidOn < frame.end) return fate.churnOn < frame.end ? 'churned' : 'customer';
  return plan.entry === 'free' ? 'free' : 'trial';
}
