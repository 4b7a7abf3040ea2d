import { DAY, millis } from './instants.ts';
import { dayAfter, type Random } from './random.ts';
import type { Plan } from './random-options.ts';
import type { Cast } from './random-people.ts';
import type {
  CostRow,
  MeterRow,
  NeedRow,
  NoteRow,
  NpsRow,
  OpportunityRow,
  ReleaseRow,
  TicketRow,
  TouchRow,
  TraitRow,
} from './rows.ts';

/** `count` rows of `make`, some of them repeated. */
function rows<Row>(random: Random, plan: Plan, count: number, make: (position: number) => Row): Row[] {
  const made = Array.from({ length: count }, (_, i) => make(i));
  return made.flatMap((row) => (plan.has('duplicates') && random.chance(0.04) ? [row, row] : [row]));
}

/** An instant in the last `days` before the end, now and then at the edge of a window. */
function recent(random: Random, plan: Plan, days: number): Date {
  if (plan.has('edges') && random.chance(0.08)) {
    return new Date(plan.end - random.pick([0, 30, 60, 90, 180, 365].filter((edge) => edge <= days)) * DAY);
  }
  return new Date(plan.end - random.int(-2 * DAY, days * DAY));
}

const userIn = (random: Random, cast: Cast, account: string): string | null => {
  const own = cast.members.filter((member) => member.account === account);
  const member = random.chance(0.8) && own.length > 0 ? random.pick(own) : null;
  if (member === null) return random.blank();
  return random.chance(0.15) ? random.pick([member.user, ...(cast.otherIds.get(member.user) ?? [])]) : member.user;
};

/** The tickets of a random world. */
export function randomTickets(random: Random, plan: Plan, cast: Cast): TicketRow[] {
  if (!plan.has('tickets')) return [];
  return rows(random, plan, plan.accounts * 4, (i) => {
    const account_id = random.pick(cast.accountIds);
    const opened = recent(random, plan, 100);
    return {
      account_id,
      opened,
      ticket_id: random.chance(0.7) ? `t${i}` : random.blank(),
      closed: random.maybe(0.5, () => new Date(millis(opened) + DAY)),
      priority: random.maybe(0.5, () => 'high') ?? random.blank(),
      user_id: userIn(random, cast, account_id),
      theme: random.blank(),
    };
  });
}

/** The answers of a random world; some persons answer twice at one instant. */
export function randomNps(random: Random, plan: Plan, cast: Cast): NpsRow[] {
  if (!plan.has('nps')) return [];
  const made = rows(random, plan, plan.accounts * 3, (i): NpsRow => {
    const account_id = random.pick(cast.accountIds);
    const created = cast.accounts.find((row) => row.account_id === account_id)?.created ?? null;
    const isEarly = created !== null && random.chance(0.4);
    const time = isEarly
      ? new Date(millis(created) + random.pick([60, 75, 90, 119, 120]) * DAY)
      : recent(random, plan, 250);
    return {
      account_id,
      time: time.getTime() > plan.end + 2 * DAY ? recent(random, plan, 250) : time,
      score: random.int(0, 10),
      response_id: random.chance(0.7) ? `n${i}` : random.blank(),
      user_id: userIn(random, cast, account_id),
      comment: random.blank(),
    };
  });
  const twice = made
    .filter(() => random.chance(0.08))
    .map((row, i) => ({ ...row, response_id: `again${i}`, score: random.int(0, 10) }));
  return [...made, ...twice];
}

/** The cost entries of a random world. */
export function randomCosts(random: Random, plan: Plan, cast: Cast): CostRow[] {
  if (!plan.has('costs')) return [];
  return rows(random, plan, plan.accounts * 5, (i) => ({
    account_id: random.pick(cast.accountIds),
    time: recent(random, plan, 450),
    amount: random.pick([0, 99.99, 250, 1000.25, 4000, -50]),
    cost_id: random.chance(0.6) ? `k${i}` : random.blank(),
    kind: random.pick(['support', 'csm', '', null]),
  }));
}

/** The touches of a random world. */
export function randomTouches(random: Random, plan: Plan, cast: Cast): TouchRow[] {
  if (!plan.has('touches')) return [];
  return rows(random, plan, plan.accounts * 4, (i) => {
    const account_id = random.pick(cast.accountIds);
    return {
      account_id,
      time: recent(random, plan, 200),
      kind: random.pick(['marketing', 'community', 'meeting', 'meeting', 'call']),
      touch_id: random.chance(0.7) ? `x${i}` : random.blank(),
      user_id: userIn(random, cast, account_id),
    };
  });
}

/** The coded statements of a random world. */
export function randomNeeds(random: Random, plan: Plan, cast: Cast): NeedRow[] {
  if (!plan.has('needs')) return [];
  const detail = (values: readonly string[]): string | null =>
    random.maybe(0.5, () => random.pick(values)) ?? random.blank();
  return rows(random, plan, Math.ceil(plan.accounts * 1.5), () => ({
    account_id: random.pick(cast.accountIds),
    job: random.pick(['platform', 'reporting', 'control', 'unlisted']),
    time: recent(random, plan, 400),
    maturity: detail(['new', 'replacing']),
    decision_process: detail(['champion', 'committee']),
    success_criteria: detail(['faster', 'cheaper']),
    integration_need: detail(['standalone', 'deep']),
    second_job: detail(['platform', 'reporting']),
    source: random.pick(['interview', 'onboarding', 'sales', 'tickets', 'tickets', '', null]),
    quote: random.blank(),
    coded_by: random.blank(),
  }));
}

/** The releases of a random world. */
export function randomReleases(random: Random, plan: Plan): ReleaseRow[] {
  if (!plan.has('releases')) return [];
  return rows(random, plan, 4, () => ({
    feature: random.pick(['connectors', 'reporting']),
    time: recent(random, plan, 200),
    jobs: random.pick([['platform'], ['reporting', 'control'], []]),
  }));
}

/** The opportunities of a random world: some stages of each, the last one won or lost. */
export function randomOpportunities(random: Random, plan: Plan, cast: Cast): OpportunityRow[] {
  if (!plan.has('opportunities')) return [];
  return Array.from({ length: plan.accounts }, (_, i) => i).flatMap((i) => {
    const account_id = random.pick(cast.accountIds);
    const created = new Date(millis(dayAfter(plan.start, random.int(0, 480))) + random.int(0, DAY - 1));
    const closed = new Date(millis(created) + random.int(1, 60 * DAY));
    const isWon = random.chance(0.6);
    const stage = (name: string, time: Date, more: Partial<OpportunityRow>): OpportunityRow => ({
      opportunity_id: `o${i}`,
      account_id,
      time,
      stage: name,
      created: random.maybe(0.8, () => created),
      won: null,
      amount: random.maybe(0.5, () => 5000),
      kind: random.pick(['new', 'expansion', 'renewal', null]),
      job: random.blank(),
      ...more,
    });
    return [stage('open', created, { created }), stage(isWon ? 'won' : 'lost', closed, { won: isWon ? closed : null })];
  });
}

/** The readings of a random world. */
export function randomMeters(random: Random, plan: Plan, cast: Cast): MeterRow[] {
  if (!plan.has('meters')) return [];
  return rows(random, plan, plan.accounts * 6, () => ({
    account_id: random.pick(cast.accountIds),
    time: recent(random, plan, 90),
    meter: random.pick(['calls', 'calls', 'rows', 'other']),
    value: random.pick([1, 10, 55.5, 300]),
  }));
}

/** The notes of a random world. */
export function randomNotes(random: Random, plan: Plan, cast: Cast): NoteRow[] {
  if (!plan.has('notes')) return [];
  return rows(random, plan, plan.accounts, () => {
    const isPulse = random.chance(0.7);
    return {
      account_id: random.pick(cast.accountIds),
      time: recent(random, plan, 200),
      author: 'op',
      text: isPulse ? random.pick(['green', 'yellow', 'red']) : 'spoke with them',
      kind: isPulse ? 'pulse' : random.pick(['call', 'handover', null]),
    };
  });
}

/** The traits of a random world; no shipped signal reads them. */
export function randomTraits(random: Random, plan: Plan, cast: Cast): TraitRow[] {
  if (!plan.has('traits')) return [];
  return Array.from({ length: 6 }, () => ({
    entity: 'account',
    id: random.pick(cast.accountIds),
    name: 'plan_family',
    value: random.pick(['team', 'business', '']),
    account_id: random.blank(),
    from: random.maybe(0.8, () => dayAfter(plan.start, random.int(0, 519))),
  }));
}
