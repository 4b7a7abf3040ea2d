import { DAY, HOUR } from './calendar.ts';
import type { EventFact, FactCollector } from './facts.ts';
import type { Frame } from './planted.ts';
import { randomOf } from './random.ts';

const PURPOSE = 8;

/** What the example model keeps out of every signal: our own people, and accounts that are only tests. */
export const EXCLUDED = { accounts: ['test-1', 'test-2'], users: ['staff-1', 'staff-2', 'staff-3'] } as const;

const RELEASES = [
  { feature: 'automations', jobs: ['workflow_automation'] },
  { feature: 'dashboards', jobs: ['monitoring', 'platform'] },
  { feature: 'api', jobs: ['customer_facing'] },
  { feature: 'reporting', jobs: ['reporting'] },
  { feature: 'alerts', jobs: ['monitoring'] },
] as const;

/** Adds what belongs to no customer: test accounts, our own staff in them, and the releases of the product. */
export function addOutsiders(frame: Frame, facts: FactCollector): void {
  const created = new Date(frame.start);
  EXCLUDED.accounts.forEach((accountId, index) => {
    facts.add('accounts', { account_id: accountId, name: `Test ${index + 1}`, created, traits: {} });
  });
  EXCLUDED.users.forEach((userId, index) => {
    const account = EXCLUDED.accounts[index % EXCLUDED.accounts.length];
    facts.add('users', { user_id: userId, account_id: account, email: `${userId}@acme.example`, from: created });
  });
  const span = frame.end - frame.start;
  RELEASES.forEach(({ feature, jobs }, index) => {
    // The last of them is recent, so that a second job has just been served.
    const time = new Date(frame.end - 40 * DAY - Math.floor((span * index) / (RELEASES.length + 1)));
    facts.add('releases', { feature, time, jobs });
  });
}

/** What our own staff do in the test accounts. */
export function outsideEvents(frame: Frame): readonly EventFact[] {
  const random = randomOf(frame.seed, PURPOSE);
  const events: EventFact[] = [];
  for (let day = frame.start; day < frame.end; day += DAY) {
    if (day >= frame.outage.from && day < frame.outage.to) continue;
    EXCLUDED.users.forEach((userId, index) => {
      if (!random.chance(0.3)) return;
      events.push({
        message_id: `staff-${events.length}`,
        event: random.pick(['report_opened', 'dashboard_viewed', 'login']),
        time: new Date(day + Math.floor(random.between(8, 18) * HOUR)),
        user_id: userId,
        account_id: EXCLUDED.accounts[index % EXCLUDED.accounts.length] ?? null,
        properties: {},
      });
    });
  }
  return events;
}
