import { lastUse } from './activity.ts';
import { DAY, HOUR, startOfDay } from './calendar.ts';
import { dealOf } from './contracts.ts';
import type { FactCollector } from './facts.ts';
import type { Fate } from './fate.ts';
import type { Person } from './people.ts';
import type { AccountPlan, Band } from './plan.ts';
import { type Frame, PLANTED } from './planted.ts';
import { type Random, randomOf } from './random.ts';
import { usageAt } from './usage.ts';

const PURPOSE = 6;
const MONTH = 30 * DAY;
const QUARTER = 91 * DAY;
const TICKETS_PER_USER_MONTH = 0.06;
const NPS_ANSWERS = 0.2;
const TOUCHES_PER_MONTH = 0.6;
const MEETINGS_PER_QUARTER = 0.7;
const THEMES = ['permissions', 'refresh fails', 'billing', 'how to', 'export layout'] as const;
const QUOTES: Readonly<Record<string, string>> = {
  reporting: 'The board asks for monthly numbers and we build them by hand',
  monitoring: 'We always notice too late when a number moves',
  workflow_automation: 'The same work by hand every week; we want it to run by itself',
  platform: 'We want a single source for all departments',
  customer_facing: 'Our clients want to see their own numbers',
};
/** Yearly cost to serve as a share of the first deal's money. */
const COST_SHARE: Readonly<Record<Band, readonly [number, number]>> = {
  smb: [0.05, 0.25],
  mid_market: [0.08, 0.3],
  enterprise: [0.1, 0.35],
};

/** Who and when: what the voice of an account is made from. */
interface Scene {
  readonly frame: Frame;
  readonly plan: AccountPlan;
  readonly fate: Fate;
  readonly people: readonly Person[];
  readonly random: Random;
  readonly facts: FactCollector;
  /** First and last instant of service; `until` is exclusive. */
  readonly from: number;
  readonly until: number;
}

/** Adds tickets, NPS answers, costs, touches, needs and opportunities of the account. */
export function addVoice(
  frame: Frame,
  plan: AccountPlan,
  fate: Fate,
  people: readonly Person[],
  facts: FactCollector,
): void {
  const random = randomOf(frame.seed, plan.index, PURPOSE);
  const from = Math.max(plan.created, frame.start);
  const scene = { frame, plan, fate, people, random, facts, from, until: lastUse(frame, plan, fate) };
  addOpportunities(scene);
  addNeeds(scene);
  if (plan.isProspect) {
    addProspectTouches(scene);
    return;
  }
  addTickets(scene);
  addAnswers(scene);
  addCosts(scene);
  addTouches(scene);
}

function presentAt(scene: Scene, at: number): readonly Person[] {
  return scene.people.filter((person) => person.from <= at && person.to > at);
}

function addTickets({ frame, plan, people, random, facts, from, until }: Scene): void {
  const months = Math.max(0, until - from) / MONTH;
  const count = random.poisson(TICKETS_PER_USER_MONTH * people.length * months);
  for (let number = 1; number <= count; number += 1) {
    const opened = Math.floor(random.between(from, until));
    const closed = opened + Math.ceil(random.exponential() * 2 * DAY);
    facts.add('tickets', {
      ticket_id: `tic-${plan.index + 1}-${number}`,
      account_id: plan.id,
      opened: new Date(opened),
      closed: closed < frame.end ? new Date(closed) : null,
      priority: random.weighted({ low: 0.5, normal: 0.35, high: 0.15 }),
      user_id: random.pick(people).userId,
      theme: random.pick(THEMES),
    });
  }
}

/** Every quarter some users answer; those in decline answer two points lower. */
function addAnswers(scene: Scene): void {
  const { plan, fate, random, facts, from, until } = scene;
  const mood = 7.8 + random.normal();
  let number = 0;
  for (let at = from + QUARTER * 0.9; at < until; at += QUARTER) {
    for (const person of presentAt(scene, at)) {
      const time = at + Math.floor(random.next() * 10 * DAY);
      const drop = usageAt(fate.usage, time) < 0.7 ? 2 : 0;
      const score = Math.round(Math.min(10, Math.max(0, mood - drop + 1.3 * random.normal())));
      if (!random.chance(NPS_ANSWERS) || time >= until) continue;
      number += 1;
      facts.add('nps', {
        response_id: `nps-${plan.index + 1}-${number}`,
        account_id: plan.id,
        time: new Date(Math.floor(time)),
        score,
        user_id: person.userId,
        comment: null,
      });
    }
  }
}

function addCosts({ frame, plan, random, facts, from, until }: Scene): void {
  if (!Number.isFinite(plan.paidOn)) return;
  const yearly = dealOf(frame, plan).arr * random.between(...COST_SHARE[plan.band]);
  let number = 0;
  for (let at = startOfDay(from) + MONTH; at < until; at += MONTH) {
    const kind = random.weighted({ support: 0.5, csm: 0.4, development: 0.1 });
    number += 1;
    facts.add('costs', {
      cost_id: `cost-${plan.index + 1}-${number}`,
      account_id: plan.id,
      time: new Date(at),
      amount: Math.round((yearly / 12) * random.between(0.6, 1.4) * 100) / 100,
      kind,
    });
  }
}

function addTouches(scene: Scene): void {
  const { plan, random, people, facts, from, until } = scene;
  const months = Math.max(0, until - from) / MONTH;
  let number = 0;
  const add = (time: number, kind: string, userId: string | null): void => {
    number += 1;
    facts.add('touches', {
      touch_id: `tou-${plan.index + 1}-${number}`,
      account_id: plan.id,
      time: new Date(Math.floor(time)),
      kind,
      user_id: userId,
    });
  };
  for (let left = random.poisson(TOUCHES_PER_MONTH * months); left > 0; left -= 1) {
    const kind = random.weighted({ marketing: 0.6, community: 0.25, call: 0.15 });
    add(random.between(from, until), kind, random.chance(0.5) ? random.pick(people).userId : null);
  }
  for (let at = from + 20 * DAY; at < until; at += QUARTER) {
    const sponsor = presentAt(scene, at).find((person) => person.isSponsor);
    if (sponsor !== undefined && random.chance(MEETINGS_PER_QUARTER)) add(at + 14 * HOUR, 'meeting', sponsor.userId);
  }
}

function addProspectTouches({ frame, plan, random, facts }: Scene): void {
  for (let number = 1; number <= random.whole(1, 5); number += 1) {
    const time = Math.floor(random.between(plan.leadCreated, frame.end));
    if (time < frame.start) continue;
    const row = { touch_id: `tou-${plan.index + 1}-${number}`, account_id: plan.id, time: new Date(time) };
    facts.add('touches', { ...row, kind: 'marketing', user_id: null });
  }
}

/** Statements about the job: the first interviewed accounts in depth, others at onboarding or in the sale. */
function addNeeds({ frame, plan, random, facts }: Scene): void {
  const { coded, interviewed, shares } = PLANTED.job;
  const isCoded = random.chance(coded);
  const second = random.chance(0.3) ? random.weighted(shares) : null;
  const every = Math.max(1, Math.floor(frame.accounts / interviewed));
  const isInterviewed = plan.index % every === 0 && plan.index / every < interviewed && !plan.isProspect;
  const time = plan.created + Math.floor(random.between(1, 12) * DAY);
  const statement = {
    account_id: plan.id,
    job: plan.job,
    maturity: random.weighted({ new: 0.4, replacing: 0.6 }),
    decision_process: { top_down: 'executive mandate', bottom_up: 'champion', mixed: 'committee' }[plan.pathway],
    success_criteria: random.pick(['hours saved', 'one trusted number', 'fewer surprises']),
    integration_need: random.weighted({ standalone: 0.6, 'deeply integrated': 0.4 }),
    second_job: second === plan.job ? null : second,
    quote: null,
    coded_by: 'kim',
  };
  const source = plan.isProspect ? 'sales' : random.weighted({ onboarding: 0.7, sales: 0.3 });
  if (isCoded && time < frame.end) facts.add('needs', { ...statement, time: new Date(time), source });
  const asked = Math.floor(Math.max(plan.created, frame.start) + random.between(40, 90) * DAY);
  if (!isInterviewed || asked >= frame.end) return;
  facts.add('needs', { ...statement, time: new Date(asked), source: 'interview', quote: QUOTES[plan.job] ?? null });
}

/** The first sale of every account, stage by stage; prospects are open, or lost. */
function addOpportunities({ frame, plan, random, facts }: Scene): void {
  const isWon = Number.isFinite(plan.paidOn);
  const begun = Math.min(plan.leadCreated + DAY, plan.created);
  const closed = isWon ? plan.paidOn + 9 * HOUR : begun + random.whole(30, 120) * DAY;
  const amount = dealOf(frame, plan).arr;
  const stages = ['qualified', 'evaluation', 'proposal', isWon ? 'won' : 'lost'];
  const isOpen = !isWon && random.chance(0.4);
  const row = { opportunity_id: `opp-${plan.index + 1}-1`, account_id: plan.id, amount, kind: 'new', job: plan.job };
  stages.forEach((stage, step) => {
    const time = Math.floor(begun + ((closed - begun) * step) / (stages.length - 1));
    if (time >= frame.end || (isOpen && step >= 2)) return;
    const won = stage === 'won' ? new Date(time) : null;
    facts.add('opportunities', { ...row, time: new Date(time), stage, created: new Date(begun), won });
  });
}
