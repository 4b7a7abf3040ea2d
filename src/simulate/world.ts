import { addAccount } from './accounts.ts';
import { type AccountEvents, eventsOf, lastUse } from './activity.ts';
import { DAY } from './calendar.ts';
import { addContracts } from './contracts.ts';
import { type Batch, FactCollector } from './facts.ts';
import { calibrateBaseline, drawFate, type Fate } from './fate.ts';
import { type Life, leadTimeTruth } from './lead-time.ts';
import { addOutsiders, EXCLUDED, outsideEvents } from './outsiders.ts';
import { addUsers, type Person, peopleOf } from './people.ts';
import { type AccountPlan, planAccount } from './plan.ts';
import { type Frame, frameOf, PLANTED, type SimulateOptions } from './planted.ts';
import { type AccountTruth, accountTruth, type Truth } from './truth.ts';
import { addVoice } from './voice.ts';

/**
 * The rows of a simulated company, account by account, and in the end what was planted in it.
 *
 * Grain: one batch per account and table; late events follow in batches of their own. Memory holds the accounts, never
 * the events. The same options give the same rows in the same order.
 */
export function* simulatedRows(options: SimulateOptions): Generator<Batch, Truth> {
  const asked = frameOf(options);
  const plans = Array.from({ length: asked.accounts }, (_, index) => planAccount(asked, index));
  const baseline = calibrateBaseline(asked, plans);
  const frame = { ...asked, activity: activityFor(asked, plans, baseline, options.eventsTarget) };
  const tally = new Tally();
  const truths: AccountTruth[] = [];
  const lives: Life[] = [];
  const outsiders = new FactCollector();
  addOutsiders(frame, outsiders);
  for (const batch of outsiders.batches()) yield tally.counted(batch);
  yield tally.excluded({ table: 'events', rows: outsideEvents(frame), isLate: false });
  for (const plan of plans) {
    const fate = drawFate(frame, plan, baseline);
    const people = presentPeople(frame, plan, fate);
    lives.push({ paidOn: plan.paidOn, churnOn: fate.churnOn, usage: fate.usage });
    truths.push(accountTruth(frame, plan, fate, people));
    const facts = new FactCollector();
    addAccount(frame, plan, facts);
    addUsers(frame, plan, people, facts);
    addContracts(frame, plan, fate, facts);
    addVoice(frame, plan, fate, people, facts);
    for (const batch of facts.batches()) yield tally.counted(batch);
    if (plan.isProspect) continue;
    const events = eventsOf(frame, plan, fate, people);
    tally.events(events);
    if (events.onTime.length > 0) yield tally.counted({ table: 'events', rows: events.onTime, isLate: false });
    if (events.late.length > 0) yield tally.counted({ table: 'events', rows: events.late, isLate: true });
  }
  return truthOf(frame, baseline, truths, lives, tally);
}

function presentPeople(frame: Frame, plan: AccountPlan, fate: Fate): readonly Person[] {
  if (plan.isProspect) return [];
  const until = lastUse(frame, plan, fate);
  return peopleOf(frame, plan).filter((person) => person.from < until);
}

const SAMPLE = 40;

/** The activity at which about that many events come out, from the events of some accounts. */
function activityFor(
  frame: Frame,
  plans: readonly AccountPlan[],
  baseline: number,
  target: number | undefined,
): number {
  if (target === undefined) return frame.activity;
  const step = Math.max(1, Math.floor(plans.length / SAMPLE));
  const sample = plans.filter((plan, at) => at % step === 0 && !plan.isProspect);
  const share = (sample.length + plans.filter((plan, at) => at % step === 0 && plan.isProspect).length) / plans.length;
  const eventsAt = (activity: number): number =>
    sample.reduce((sum, plan) => {
      const fate = drawFate(frame, plan, baseline);
      const { onTime, late } = eventsOf({ ...frame, activity }, plan, fate, presentPeople(frame, plan, fate));
      return sum + onTime.length + late.length;
    }, 0) / share;
  let [low, high] = [0.02, 64];
  for (let round = 0; round < 9; round += 1) {
    const middle = Math.sqrt(low * high);
    if (eventsAt(middle) < target) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

/** Counts rows as they pass. */
class Tally {
  readonly rows: Record<string, number> = {};
  duplicates = 0;
  late = 0;
  unnamed = 0;
  notArrived = 0;
  outside = 0;

  counted(batch: Batch): Batch {
    this.rows[batch.table] = (this.rows[batch.table] ?? 0) + batch.rows.length;
    return batch;
  }

  excluded(batch: Batch): Batch {
    this.outside += batch.rows.length;
    return this.counted(batch);
  }

  events(events: AccountEvents): void {
    this.duplicates += events.duplicates;
    this.unnamed += events.unnamed;
    this.notArrived += events.notArrived;
    this.late += events.late.length;
  }
}

function truthOf(
  frame: Frame,
  baseline: number,
  accounts: readonly AccountTruth[],
  lives: readonly Life[],
  tally: Tally,
): Truth {
  const iso = (at: number): string => new Date(at).toISOString();
  const span = ({ from, to }: { from: number; to: number }): { from: string; to: string } => ({
    from: iso(from),
    to: iso(to),
  });
  return {
    seed: frame.seed,
    frame: {
      accounts: frame.accounts,
      months: frame.months,
      users_per_account: frame.usersPerAccount,
      activity: frame.activity,
      tracking_from: iso(frame.start),
      complete_through: iso(frame.end),
    },
    planted: PLANTED,
    baseline_hazard_per_year: baseline,
    outage: span(frame.outage),
    holidays: frame.holidays.map(span),
    excluded: EXCLUDED,
    lead_time: leadTimeTruth(frame, lives),
    counts: countsOf(frame, accounts, tally),
    accounts,
  };
}

function countsOf(frame: Frame, accounts: readonly AccountTruth[], tally: Tally): Truth['counts'] {
  const count = (holds: (account: AccountTruth) => boolean): number => accounts.filter(holds).length;
  const is = (relationship: AccountTruth['relationship']): number => count((a) => a.relationship === relationship);
  const at = (day: string | null): number => (day === null ? Number.POSITIVE_INFINITY : Date.parse(day));
  const churned = accounts.filter((a) => at(a.churn_on) >= frame.start && at(a.churn_on) < frame.end);
  const years = accounts.reduce((sum, account) => {
    const to = Math.min(at(account.churn_on), frame.end);
    return sum + Math.max(0, to - Math.max(at(account.paid_on), frame.start)) / (365 * DAY);
  }, 0);
  const dueBy = frame.end - PLANTED.milestone.withinDays * DAY;
  const due = accounts.filter((a) => a.relationship !== 'prospect' && at(a.created) <= dueBy);
  return {
    rows: tally.rows,
    events: {
      distinct: (tally.rows['events'] ?? 0) - tally.duplicates,
      duplicates: tally.duplicates,
      late: tally.late,
      unnamed: tally.unnamed,
      not_arrived: tally.notArrived,
      excluded: tally.outside,
    },
    accounts: {
      customer: is('customer'),
      churned: is('churned'),
      trial: is('trial'),
      free: is('free'),
      prospect: is('prospect'),
    },
    milestone_due: due.length,
    milestone_reached: due.filter((a) => a.milestone_at !== null).length,
    churns: churned.length,
    customer_years: years,
    churners_with_decline: churned.filter((a) => a.usage === 'decline').length,
    churners_without_sign: churned.filter((a) => a.usage === 'steady').length,
    recoveries: count((a) => a.usage === 'recovery'),
  };
}
