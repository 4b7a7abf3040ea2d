import { DAY, HOUR, isWithin, shareOfWeek, startOfDay } from './calendar.ts';
import type { EventFact } from './facts.ts';
import type { Fate } from './fate.ts';
import type { Person } from './people.ts';
import type { AccountPlan } from './plan.ts';
import { type Frame, PLANTED } from './planted.ts';
import { type Random, randomOf } from './random.ts';
import { usageByDay } from './usage.ts';

/** The events of one account: those delivered on time, with their duplicates, and those delivered late. */
export interface AccountEvents {
  readonly onTime: readonly EventFact[];
  readonly late: readonly EventFact[];
  readonly duplicates: number;
  readonly unnamed: number;
  /** Events that had not arrived by the end of the data. */
  readonly notArrived: number;
}

type Properties = Readonly<Record<string, string>>;

const PURPOSE = 5;
const MINUTE = 60_000;
const NONE: Properties = Object.freeze({});
const SUCCESS: Properties = Object.freeze({ status: 'success' });
const FAILED: Properties = Object.freeze({ status: 'error' });
const GIGABYTES: readonly Properties[] = [0.05, 0.1, 0.2, 0.4, 0.8].map((size) => ({ gigabytes: String(size) }));
const INTEGRATIONS: readonly Properties[] = ['salesforce', 'slack', 'snowflake'].map((integration) => ({
  integration,
}));

/** The instant from which the account uses the product no more. */
export function lastUse(frame: Frame, plan: AccountPlan, fate: Fate): number {
  const converts = Number.isFinite(plan.paidOn);
  // A trial that nobody buys is shut a day after its end.
  const trialEnds = startOfDay(plan.created) + (PLANTED.trials.days + 1) * DAY;
  return Math.min(frame.end, fate.churnOn, converts ? frame.end : trialEnds);
}

/** All events of the account in the tracked time. */
export function eventsOf(frame: Frame, plan: AccountPlan, fate: Fate, people: readonly Person[]): AccountEvents {
  const until = lastUse(frame, plan, fate);
  const first = startOfDay(Math.max(plan.created, frame.start));
  const days = Math.max(0, Math.ceil((until - first) / DAY));
  const journal = new Journal(frame, plan, until);
  const usage = usageByDay(frame, fate.usage, first, days);
  writeSetUp(journal, plan, people);
  for (const person of people) writePerson(journal, plan, person, first, usage);
  writeMachines(journal, plan, first, usage);
  return journal.close();
}

/** Writes events down as they will be delivered: late, twice, without the account, or never in an outage. */
class Journal {
  readonly random: Random;
  readonly activity: number;
  readonly #frame: Frame;
  readonly #plan: AccountPlan;
  readonly #until: number;
  readonly #onTime: EventFact[] = [];
  readonly #late: EventFact[] = [];
  #duplicates = 0;
  #unnamed = 0;
  #notArrived = 0;
  #count = 0;

  constructor(frame: Frame, plan: AccountPlan, until: number) {
    this.#frame = frame;
    this.#plan = plan;
    this.#until = until;
    this.random = randomOf(frame.seed, plan.index, PURPOSE);
    this.activity = frame.activity;
  }

  /** Whether an event of that instant would be recorded. */
  isRecorded(at: number): boolean {
    return at >= this.#frame.start && at < this.#until && !isWithin(this.#frame.outage, at);
  }

  /** Writes an event; `person` null: nobody's, such as a machine's. */
  write(event: string, at: number, person: Person | null, properties: Properties = NONE): void {
    if (!this.isRecorded(at)) return;
    const { delivery, unnamedAccounts } = PLANTED;
    this.#count += 1;
    const unnamedShare = person === null ? 0 : person.isShared ? unnamedAccounts.sharedPeople : unnamedAccounts.others;
    const isUnnamed = this.random.next() < unnamedShare;
    const row: EventFact = {
      message_id: `${this.#plan.index.toString(36)}-${this.#count.toString(36)}`,
      event,
      time: new Date(at),
      user_id: person === null ? null : person.userId,
      account_id: isUnnamed ? null : this.#plan.id,
      properties,
    };
    const isLate = this.random.next() < delivery.late;
    if (isLate && at + delivery.lateByDays * DAY >= this.#frame.end) {
      this.#notArrived += 1;
      return;
    }
    const target = isLate ? this.#late : this.#onTime;
    target.push(row);
    if (isUnnamed) this.#unnamed += 1;
    if (this.random.next() < delivery.duplicates) {
      target.push(row);
      this.#duplicates += 1;
    }
  }

  close(): AccountEvents {
    return {
      onTime: this.#onTime,
      late: this.#late,
      duplicates: this.#duplicates,
      unnamed: this.#unnamed,
      notArrived: this.#notArrived,
    };
  }
}

/** What everybody goes through alike, so that it tells nothing; and the milestone and the decoys at their planted times. */
function writeSetUp(journal: Journal, plan: AccountPlan, people: readonly Person[]): void {
  const admin = people[0];
  if (admin === undefined) return;
  const { created, milestoneAt, firstExportAt } = plan;
  journal.write('workspace_created', created, admin);
  journal.write('workspace_configured', created + 4 * MINUTE, admin);
  journal.write('report_opened', created + 9 * MINUTE, admin);
  journal.write('report_created', created + 14 * MINUTE, admin);
  const connectedAt = created + Math.floor(journal.random.between(0.3, 30) * HOUR);
  journal.write('data_connected', Math.min(connectedAt, milestoneAt - HOUR), admin);
  for (const person of people.slice(1)) journal.write('user_invited', person.from - 3 * MINUTE, admin);
  if (Number.isFinite(firstExportAt)) {
    journal.write('report_opened', firstExportAt - 8 * MINUTE, admin);
    journal.write('report_created', firstExportAt - 5 * MINUTE, admin);
    journal.write('report_exported', firstExportAt, admin, SUCCESS);
  }
  journal.write('alert_created', plan.ridingAt, admin);
  journal.write('api_key_created', plan.sizeAt, admin);
  journal.write('audit_log_opened', plan.survivalAt, admin);
}

function writePerson(journal: Journal, plan: AccountPlan, person: Person, first: number, usage: Float64Array): void {
  const { random } = journal;
  const joinDay = Math.round((startOfDay(person.from) - first) / DAY);
  const lastDay = Math.min(usage.length - 1, Math.floor((person.to - first) / DAY));
  for (let day = Math.max(0, joinDay); day <= lastDay; day += 1) {
    const midnight = first + day * DAY;
    const isActive = random.next() < person.frequency * shareOfWeek(midnight) * (usage[day] ?? 0);
    if (day === joinDay) writeSession(journal, plan, person, person.from + 2 * MINUTE);
    else if (isActive) {
      writeSession(journal, plan, person, midnight + Math.floor((7 + random.next() * 8) * HOUR));
      if (random.next() < SECOND_SESSION)
        writeSession(journal, plan, person, midnight + Math.floor((17 + random.next() * 3) * HOUR));
    }
  }
}

const SECOND_SESSION = 0.05;

/** Probability of each kind of work in a session. */
const WORK = {
  pageView: 0.06,
  report: 0.25,
  narrowReport: 0.3,
  create: 0.65,
  share: 0.75,
  export: 0.92,
  dashboard: 0.22,
  newDashboard: 0.08,
  refresh: 0.22,
  automation: 0.24,
  newAutomation: 0.08,
  comment: 0.06,
  help: 0.05,
  narrowHelp: 0.005,
  alert: 0.03,
  audit: 0.01,
  heartbeat: 0.01,
  failedExport: 0.04,
} as const;

/**
 * One sitting of a person: steps some minutes apart.
 *
 * Why: a class, where closures would do: there are millions of sittings, and a closure costs more than its work.
 */
class Sitting {
  at: number;
  written = 0;
  readonly #journal: Journal;
  readonly #person: Person;

  constructor(journal: Journal, person: Person, at: number) {
    this.#journal = journal;
    this.#person = person;
    this.at = at;
  }

  does(share: number): boolean {
    return this.#journal.random.next() < share;
  }

  write(event: string, properties?: Properties): void {
    this.#journal.write(event, this.at, this.#person, properties);
    this.written += 1;
    this.at += MINUTE + Math.floor(this.#journal.random.next() * 5 * MINUTE);
  }
}

/** A session; at least one event of the product is written. */
function writeSession(journal: Journal, plan: AccountPlan, person: Person, from: number): void {
  const { activity } = journal;
  const sitting = new Sitting(journal, person, from);
  if (sitting.does(plan.loginsPerActiveDay * Math.min(1, activity))) sitting.write('login');
  // A whole part of the activity repeats the work, the rest of it by chance.
  for (let left = activity; left > 0; left -= 1) if (left >= 1 || sitting.does(left)) writeWork(plan, sitting);
  if (sitting.written === 0) sitting.write('page_viewed');
  if (sitting.does(WORK.heartbeat)) sitting.write('heartbeat');
}

function writeWork(plan: AccountPlan, sitting: Sitting): void {
  if (sitting.does(WORK.pageView)) sitting.write('page_viewed');
  if (sitting.does(plan.isBroad ? WORK.report : WORK.narrowReport)) writeReport(plan, sitting);
  if (plan.isBroad) {
    if (sitting.does(WORK.dashboard))
      sitting.write(sitting.does(WORK.newDashboard) ? 'dashboard_created' : 'dashboard_viewed');
    if (sitting.does(WORK.refresh)) sitting.write('data_refreshed');
    if (sitting.does(WORK.automation)) {
      sitting.write(sitting.does(WORK.newAutomation) ? 'automation_created' : 'automation_run');
    }
    if (sitting.does(WORK.comment)) sitting.write('comment_added');
  }
  if (sitting.does(plan.isBroad ? WORK.help : WORK.narrowHelp))
    sitting.write(sitting.does(0.5) ? 'help_article_opened' : 'chatbot_answered');
  if (sitting.does(WORK.alert) && sitting.at > plan.ridingAt) sitting.write('alert_created');
  if (sitting.does(WORK.audit) && sitting.at > plan.survivalAt) sitting.write('audit_log_opened');
}

/** The weekly report, as far as it gets; nobody exports before the account's planted first export. */
function writeReport(plan: AccountPlan, sitting: Sitting): void {
  sitting.write('report_opened');
  if (!sitting.does(WORK.create)) return;
  sitting.write('report_created');
  if (!sitting.does(WORK.share)) return;
  sitting.write('report_shared');
  if (sitting.at > plan.firstExportAt && sitting.does(WORK.export)) {
    sitting.write('report_exported', sitting.does(WORK.failedExport) ? FAILED : SUCCESS);
  }
}

const INTEGRATED = 0.6;
const MACHINE_SHARE = { synced: 0.3, called: 0.3, fired: 0.2 } as const;

/** What runs by itself: events without a user, less often while the account is used less. */
function writeMachines(journal: Journal, plan: AccountPlan, first: number, usage: Float64Array): void {
  const { random } = journal;
  const isIntegrated = random.chance(INTEGRATED) && plan.isBroad;
  const integrations = INTEGRATIONS.slice(0, random.whole(1, INTEGRATIONS.length));
  const enabledAt = plan.created + Math.floor(random.between(5, 50) * DAY);
  if (isIntegrated) journal.write('integration_enabled', enabledAt, null, integrations[0]);
  for (let day = 0; day < usage.length; day += 1) {
    const at = first + day * DAY + Math.floor(random.next() * DAY);
    const share = usage[day] ?? 0;
    if (isIntegrated && at > enabledAt && random.next() < MACHINE_SHARE.synced * share) {
      journal.write('integration_synced', at, null, random.pick(integrations));
    }
    if (at > plan.sizeAt && random.next() < MACHINE_SHARE.called * share) {
      journal.write('api_called', at, null, random.pick(GIGABYTES));
    }
    if (at > plan.ridingAt && random.next() < MACHINE_SHARE.fired * share) journal.write('alert_fired', at, null);
  }
}
