import { DAY, HOUR, startOfDay } from './calendar.ts';
import type { FactCollector } from './facts.ts';
import type { AccountPlan } from './plan.ts';
import { type Frame, PLANTED } from './planted.ts';
import { type Random, randomOf } from './random.ts';

/** One person in one account. Instants in epoch milliseconds. */
export interface Person {
  readonly userId: string;
  readonly email: string;
  readonly role: string;
  readonly seniority: string;
  readonly department: string;
  readonly isSponsor: boolean;
  readonly isChampion: boolean;
  readonly from: number;
  /** When they leave the account; `Infinity`: never. */
  readonly to: number;
  /** Active days a week. */
  readonly frequency: number;
  /** Works in two accounts. */
  readonly isShared: boolean;
}

const PURPOSE = 3;
const NEVER = Number.POSITIVE_INFINITY;
const DEPARTMENTS = ['finance', 'operations', 'marketing', 'sales', 'product'] as const;
const ROLES = ['analyst', 'manager', 'engineer', 'specialist'] as const;
const SENIORITIES = { individual: 0.7, manager: 0.25, director: 0.05 } as const;
const REPLACEMENT_DAYS = [20, 60] as const;
/** Bottom-up accounts have three users of their own before they pay; mixed ones two. */
const EARLY_USERS = { top_down: 0, bottom_up: 3, mixed: 2 } as const;

/** The name under which a shared person of the account is known in the account after it. */
function userIdOf(index: number, number: number): string {
  return `u-${String(index + 1).padStart(5, '0')}-${number}`;
}

/**
 * The people of an account in their order: the administrator first, who stays; then the sponsor or early users; then
 * the others as they join; last who takes over from the sponsor.
 */
export function peopleOf(frame: Frame, plan: AccountPlan): readonly Person[] {
  const random = randomOf(frame.seed, plan.index, PURPOSE);
  const departments = Math.min(DEPARTMENTS.length, 1 + Math.floor(plan.users / 6));
  const isShared = plan.index > 0 && random.chance(PLANTED.sharedPeople);
  const sponsorAt = !plan.hasSponsor ? -1 : plan.pathway === 'top_down' ? 1 : Math.min(plan.users - 1, 3);
  const people = Array.from({ length: plan.users }, (_, number) => {
    const from = joinOf(plan, number, number === sponsorAt, random);
    const person = drawPerson(plan, number, departments, random);
    const leaves = from + 60 * DAY + (random.exponential() / PLANTED.userTurnoverPerYear) * 365 * DAY;
    if (number === sponsorAt) return { ...person, ...SPONSOR, from, to: plan.sponsorLostAt };
    const staysOn = number < 3;
    const shared = isShared && number === plan.users - 1 && number > 2;
    const userId = shared ? userIdOf(plan.index - 1, 0) : person.userId;
    return { ...person, userId, isShared: shared, from, to: staysOn ? NEVER : atWork(leaves, random) };
  });
  const successor = drawSuccessor(plan, departments, random);
  return successor === null ? people : [...people, successor];
}

const SPONSOR = { role: 'vice president', seniority: 'vp', isSponsor: true, isChampion: false } as const;

function atWork(at: number, random: Random): number {
  return startOfDay(at) + Math.floor(random.between(8 * HOUR, 15 * HOUR));
}

/** When the person of that number joins: never before the account was set up by the first of them. */
function joinOf(plan: AccountPlan, number: number, isSponsor: boolean, random: Random): number {
  const soon = plan.created + (number + 1) * 0.4 * HOUR;
  return number === 0 ? plan.created : Math.max(soon, drawJoin(plan, number, isSponsor, soon, random));
}

/** Top-down accounts are rolled out within days; in the others early users come alone, and executives after the first payment. */
function drawJoin(plan: AccountPlan, number: number, isSponsor: boolean, soon: number, random: Random): number {
  const { created, paidOn, pathway } = plan;
  if (pathway === 'top_down') {
    if (isSponsor) return soon;
    const start = Number.isFinite(paidOn) ? Math.max(created, paidOn) : created;
    const isInRollout = random.chance(0.7);
    const days = isInRollout ? random.between(0.2, 5.5) : random.between(6, 120);
    return atWork((number < 3 ? created : start) + days * DAY, random);
  }
  if (number < EARLY_USERS[pathway]) return soon + random.whole(0, 2) * DAY;
  const days = isSponsor ? random.between(1, 20) : random.between(1, pathway === 'bottom_up' ? 200 : 90);
  return atWork((Number.isFinite(paidOn) ? paidOn : created) + days * DAY, random);
}

function drawPerson(
  plan: AccountPlan,
  number: number,
  departments: number,
  random: Random,
): Omit<Person, 'from' | 'to'> {
  const userId = userIdOf(plan.index, number);
  const { intense, plain } = PLANTED.frequencies;
  const department = random.chance(0.5) ? DEPARTMENTS[0] : DEPARTMENTS[random.whole(0, departments - 1)];
  return {
    userId,
    email: `${userId}@${domainOf(plan)}`,
    role: random.pick(ROLES),
    seniority: number < 3 ? 'individual' : random.weighted(SENIORITIES),
    department: department ?? DEPARTMENTS[0],
    isSponsor: false,
    isChampion: number === 0,
    frequency: Number(random.weighted(plan.isIntense ? intense : plain)),
    isShared: false,
  };
}

function drawSuccessor(plan: AccountPlan, departments: number, random: Random): Person | null {
  const isReplaced = random.chance(PLANTED.sponsor.replaced);
  if (!Number.isFinite(plan.sponsorLostAt) || !isReplaced) return null;
  const from = atWork(plan.sponsorLostAt + random.whole(...REPLACEMENT_DAYS) * DAY, random);
  return { ...drawPerson(plan, plan.users, departments, random), ...SPONSOR, from, to: NEVER };
}

/** Web domain of the account. */
export function domainOf(plan: AccountPlan): string {
  return `${plan.id}.example`;
}

/** Adds the users rows of the account that were known when the data end. */
export function addUsers(frame: Frame, plan: AccountPlan, people: readonly Person[], facts: FactCollector): void {
  for (const person of people) {
    if (person.from >= frame.end) continue;
    facts.add('users', {
      user_id: person.userId,
      account_id: plan.id,
      email: person.email,
      role: person.role,
      seniority: person.seniority,
      department: person.department,
      is_sponsor: person.isSponsor,
      is_champion: person.isChampion,
      from: new Date(person.from),
      to: person.to < frame.end ? new Date(person.to) : null,
    });
  }
}
