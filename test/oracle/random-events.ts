import { DAY, MINUTE, millis } from './instants.ts';
import type { Random } from './random.ts';
import { EVENTS } from './random-model.ts';
import type { Plan } from './random-options.ts';
import type { Cast } from './random-people.ts';
import type { EventRow } from './rows.ts';

/** An event with every optional column empty but those given. */
export function eventRow(event: string, time: Date, more: Partial<EventRow> = {}): EventRow {
  return {
    event,
    time,
    user_id: null,
    account_id: null,
    message_id: null,
    session_id: null,
    properties: {},
    ...more,
  };
}

/** Name of the second source of events, none of which carries a user. */
export const ANONYMOUS_SOURCE = 'server_events';

const NAMES = [...EVENTS.areas, ...EVENTS.areas, ...EVENTS.proxies, ...EVENTS.ignored, ...EVENTS.nameless];

const CHAINS = [
  ['report_created', 'report_shared', 'report_exported'],
  ['report_created', 'report_shared'],
  ['rule_made', 'rule_run'],
  ['report_created', 'rule_made', 'report_created', 'report_shared', 'rule_run', 'report_exported'],
];

/** Minutes from one event of a session to the next: 30 exactly starts another. */
const STEPS = [0, 1, 4, 4, 12, 12, 20, 29.999, 30, 31];

function properties(random: Random): Record<string, string> {
  return {
    ...(random.chance(0.6) ? { status: random.pick(['success', 'failed', '']) } : {}),
    ...(random.chance(0.5) ? { integration: random.pick(['slack', 'jira', 'sap', '']) } : {}),
    ...(random.chance(0.5) ? { bytes: random.pick(['10', '2.5', '-4', '1000', 'many', '0']) } : {}),
    ...(random.chance(0.3) ? { beta: random.pick(['true', 'false']) } : {}),
  };
}

/** How the use of an account goes, so that its people decline or grow together. */
interface Mood {
  readonly level: number;
  readonly factor: number;
  readonly turn: number;
}

function moodOf(random: Random): Mood {
  return {
    level: random.pick([0.05, 0.15, 0.4, 0.8]),
    factor: random.pick([1, 1, 0, 0.2, 3]),
    turn: random.pick([7, 14, 14, 30, 30, 60]),
  };
}

/** Share of days on which a person is active, by days before the end of the history. */
function habitOf(random: Random, mood: Mood): (daysBeforeEnd: number) => number {
  const { level, factor, turn } = random.chance(0.7) ? mood : moodOf(random);
  const later = level * factor;
  const since = random.pick([12, 25, 40, 70, 90, 110, 150, 400]);
  return (days) => (days > since ? 0 : days > turn ? level : Math.min(1, later));
}

function nameFor(random: Random, favourites: readonly string[]): string {
  return random.chance(0.6) ? random.pick(favourites) : random.pick(NAMES);
}

/** What one person does on one day. */
function dayOfWork(random: Random, favourites: readonly string[], midnight: number): { name: string; time: number }[] {
  const done: { name: string; time: number }[] = [];
  let time = midnight + (random.chance(0.1) ? 0 : random.int(0, 1439) * MINUTE + random.pick([0, 0, 1, 500]));
  if (random.chance(0.08)) time = midnight + DAY - random.int(1, 40) * MINUTE;
  const names = random.chance(0.35)
    ? random.pick(CHAINS)
    : Array.from({ length: random.int(1, 6) }, () => nameFor(random, favourites));
  for (const name of names) {
    done.push({ name, time });
    time += random.chance(0.05) ? DAY * random.int(1, 3) : Math.round(random.pick(STEPS) * MINUTE);
  }
  return done;
}

/** Instants at which windows begin and end. */
function edges(plan: Plan): number[] {
  const days = [0, 1, 7, 14, 28, 30, 44, 60, 90];
  return days.flatMap((day) => [plan.end - day * DAY, plan.end - day * DAY - 1]);
}

function memberEvents(random: Random, plan: Plan, cast: Cast): EventRow[] {
  const events: EventRow[] = [];
  const perMember = Math.ceil(plan.events / Math.max(1, cast.members.length));
  const moods = new Map(cast.accountIds.map((account) => [account, moodOf(random)]));
  for (const { account, user } of cast.members) {
    if (random.chance(0.1)) continue;
    const habit = habitOf(random, moods.get(account) ?? moodOf(random));
    const favourites = Array.from({ length: random.int(1, 5) }, () => random.pick(EVENTS.areas));
    let left = perMember * random.pick([0.5, 1, 1.5]);
    for (let day = 0; day < 420 && left > 0; day++) {
      if (!random.chance(habit(day))) continue;
      for (const { name, time } of dayOfWork(random, favourites, plan.end - (day + 1) * DAY)) {
        left--;
        const ids = [user, user, ...(cast.otherIds.get(user) ?? [])];
        events.push(
          eventRow(name, new Date(time), {
            user_id: random.pick(ids),
            account_id: plan.has('unattributed') && random.chance(0.12) ? random.blank() : account,
            properties: properties(random),
          }),
        );
      }
    }
    if (plan.has('edges') && random.chance(0.5)) {
      const time = new Date(random.pick(edges(plan)));
      events.push(eventRow(nameFor(random, favourites), time, { user_id: user, account_id: account }));
    }
  }
  return events;
}

function userlessEvents(random: Random, plan: Plan, cast: Cast): EventRow[] {
  if (!plan.has('userless')) return [];
  const isApart = plan.has('anonymousSource') && random.chance(0.5);
  return Array.from({ length: Math.ceil(plan.events / 15) }, () =>
    eventRow(random.pick(NAMES), new Date(plan.end - random.int(-2 * DAY, 200 * DAY)), {
      user_id: random.blank(),
      account_id: random.pick(cast.accountIds),
      properties: properties(random),
      ...(isApart ? { source: ANONYMOUS_SOURCE } : {}),
    }),
  );
}

/** Events that name neither account nor user: no one's. */
function nobodysEvents(random: Random, plan: Plan): EventRow[] {
  if (!plan.has('unattributed')) return [];
  return Array.from({ length: 3 }, () =>
    eventRow(random.pick(NAMES), new Date(plan.end - random.int(5 * DAY, 60 * DAY)), {
      user_id: random.blank(),
      account_id: random.blank(),
    }),
  );
}

/** Some rows again, some with the same message id and other content. */
function withDuplicates(random: Random, events: readonly EventRow[]): EventRow[] {
  return events.flatMap((event) => {
    if (random.chance(0.02)) return [event, event];
    return random.chance(0.01) ? [event, { ...event, event: 'report_created' }] : [event];
  });
}

/** The events of a random world, in no particular order of time. */
export function randomEvents(random: Random, plan: Plan, cast: Cast): EventRow[] {
  const made = [
    ...userlessEvents(random, plan, cast),
    ...memberEvents(random, plan, cast),
    ...nobodysEvents(random, plan),
  ];
  const late = new Date(plan.end + random.int(-1, 3) * DAY + random.int(0, DAY - 1));
  const member = cast.members[0];
  if (member !== undefined) {
    made.push(eventRow('login', late, { user_id: member.user, account_id: member.account }));
  }
  const named = made.map((event, i) => ({
    ...event,
    message_id: random.chance(0.05) ? random.blank() : `m${i}`,
    session_id: random.chance(0.2) ? 's1' : random.blank(),
  }));
  const events = plan.has('duplicates') ? withDuplicates(random, named) : named;
  return events.filter((event) => millis(event.time) > 0);
}
