import { DAY, HOUR, midnightOf, type Span, shareOfWeek } from './calendar.ts';
import type { Batch, EventFact, Fact } from './facts.ts';
import { randomOf } from './random.ts';
import { type Usage, usageAt } from './usage.ts';

/** Size and time of a steady or declining world. */
export interface SteadyOptions {
  readonly seed: number;
  readonly accounts: number;
  /** Last day of the data, `YYYY-MM-DD`. */
  readonly end: string;
  /** 26 by default. */
  readonly weeks?: number | undefined;
  /** Fewest and most users of an account; 3 to 30 by default. */
  readonly users?: readonly [number, number] | undefined;
}

/** One account of such a world. */
export interface SteadyAccount {
  readonly accountId: string;
  readonly users: number;
  /** When the fall begins; null where nothing changes. Epoch milliseconds. */
  readonly declineFrom: number | null;
}

const FREQUENCIES = [4.5, 2, 1, 0.5] as const;
const PURPOSE = 9;
const DEFAULT_WEEKS = 26;
const DEFAULT_USERS = [3, 30] as const;
/** Days before the end at which the fall begins: long enough to reach the floor and stay there for a month. */
const FALLS_DAYS_BEFORE_END = 90;
const WORK = ['report_opened', 'report_created', 'dashboard_viewed', 'login', 'data_refreshed'] as const;

/** The time that such a world covers, its end exclusive. */
export function steadySpan({ end, weeks = DEFAULT_WEEKS }: Pick<SteadyOptions, 'end' | 'weeks'>): Span {
  const to = midnightOf(end) + DAY;
  return { from: to - weeks * 7 * DAY, to };
}

/**
 * A world in which nothing changes: users of 4.5, 2, 1 and 0.5 active days a week, each day by chance, from the first
 * day to the last. No rule may call any of it a decline.
 */
export function steadyWorld(options: SteadyOptions): Generator<Batch, readonly SteadyAccount[]> {
  return worldOf(options, null);
}

/**
 * The same accounts and people, falling to 30% of their use within 60 days. Their active days are a part of those of
 * `steadyWorld` with the same options: what differs is the fall and nothing else.
 */
export function decliningWorld(
  options: SteadyOptions & { readonly fallsDaysBeforeEnd?: number | undefined },
): Generator<Batch, readonly SteadyAccount[]> {
  const { to } = steadySpan(options);
  return worldOf(options, to - (options.fallsDaysBeforeEnd ?? FALLS_DAYS_BEFORE_END) * DAY);
}

function* worldOf(options: SteadyOptions, declineFrom: number | null): Generator<Batch, readonly SteadyAccount[]> {
  const span = steadySpan(options);
  const accounts: SteadyAccount[] = [];
  for (let index = 0; index < options.accounts; index += 1) {
    const accountId = `steady-${String(index + 1).padStart(4, '0')}`;
    const users = randomOf(options.seed, index, PURPOSE).whole(...(options.users ?? DEFAULT_USERS));
    accounts.push({ accountId, users, declineFrom });
    yield* registers(accountId, users, span);
    const usage: Usage = declineFrom === null ? { kind: 'steady' } : { kind: 'decline', from: declineFrom };
    const events = Array.from({ length: users }, (_, user) => personsEvents(options, index, accountId, user, usage));
    yield { table: 'events', rows: [...firstSteps(accountId, span), ...events.flat()], isLate: false };
  }
  return accounts;
}

function* registers(accountId: string, users: number, { from }: Span): Generator<Batch> {
  const start = new Date(from);
  const account = {
    account_id: accountId,
    name: `Steady ${accountId}`,
    created: start,
    employees: 200,
    industry: 'saas',
  };
  const contract = { contract_id: `con-${accountId}`, account_id: accountId, starts: start, arr: users * 500 };
  const rows = (table: Batch['table'], ...facts: Fact[]): Batch => ({ table, rows: facts, isLate: false });
  yield rows('accounts', { ...account, traits: {} });
  yield rows('contracts', { ...contract, kind: 'paid', seats: users, currency: 'USD' });
  const person = (user: number): Fact => ({ user_id: `${accountId}-u${user + 1}`, account_id: accountId, from: start });
  yield rows('users', ...Array.from({ length: users }, (_, user) => person(user)));
}

/** Steps that make the account an activated one on its first day. */
function firstSteps(accountId: string, { from }: Span): EventFact[] {
  return ['workspace_created', 'data_connected', 'report_opened', 'report_created', 'report_exported'].map(
    (event, step) => ({
      message_id: `${accountId}-0-${step}`,
      event,
      time: new Date(from + 9 * HOUR + step * 300_000),
      user_id: `${accountId}-u1`,
      account_id: accountId,
      properties: event === 'report_exported' ? { status: 'success' } : {},
    }),
  );
}

function personsEvents(
  options: SteadyOptions,
  index: number,
  accountId: string,
  user: number,
  usage: Usage,
): EventFact[] {
  const { from, to } = steadySpan(options);
  const presence = randomOf(options.seed, index, user, PURPOSE);
  const work = randomOf(options.seed, index, user, PURPOSE, 1);
  const frequency = presence.pick(FREQUENCIES);
  const events: EventFact[] = [];
  for (let day = from; day < to; day += DAY) {
    if (presence.next() >= frequency * shareOfWeek(day) * usageAt(usage, day)) continue;
    const opened = day + Math.floor(work.between(7, 16) * HOUR);
    for (let step = work.whole(1, 3); step > 0; step -= 1) {
      events.push({
        message_id: `${accountId}-${user + 1}-${events.length}`,
        event: work.pick(WORK),
        time: new Date(opened + step * 240_000),
        user_id: `${accountId}-u${user + 1}`,
        account_id: accountId,
        properties: {},
      });
    }
  }
  return events;
}
